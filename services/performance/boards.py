"""Sums cells for boards: for a scope, or for everybody and everything in it that has results of its own."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from sqlalchemy import ColumnElement, func, literal, literal_column, select

from services.performance.buyers import PURCHASES, SOLD, buyers, sold_to
from services.performance.kpis.formula import Term
from services.performance.look import Look
from services.performance.measures.catalogue import MEASURES
from services.performance.pricing import Dated, priced
from services.performance.selection import Selection, selections
from services.performance.sums import Buyers, Sums
from shared.projections.database import micros
from shared.projections.past import value_at
from shared.projections.tables import cells

KNOWN: Final[ColumnElement[bool]] = literal_column("cells.customer <> ''")
"""Whether a cell is of a customer we know; the same text wherever it stands, as grouping asks for."""

By = Literal["person", "team", "department", "region", "line", "product"]
BYS: Final[tuple[By, ...]] = get_args(By)


@dataclass(frozen=True)
class Group:
    """Somebody or something that has results of its own."""

    id: str
    name: str
    sums: Sums


def terms_of(measures: Iterable[str]) -> list[Term]:
    """Each measure in the period, or as it stands now."""
    return [Term(name, "now" if MEASURES[name].standing else "in") for name in measures]


def sums(look: Look, terms: Collection[Term]) -> Sums:
    """The terms' sums for the whole scope."""
    measures = {term.measure for term in terms}
    return _sums(
        look,
        list(_rows(look, terms)),
        buyers(look).get("") if measures.intersection(PURCHASES) else None,
        sold_to(look).get("") if SOLD in measures else None,
    )


def groups(look: Look, by: By, terms: Collection[Term]) -> Iterator[Group]:
    """Everybody or everything there is; a person's result counts for the team where it was earned."""
    if by == "person":
        yield from _people(look, terms)
        return
    for key, name in _keys(look, by):
        theirs = replace(look.scope.filters, **{by: key})
        yield Group(key, name, sums(look.of(replace(look.scope, filters=theirs)), terms))


def known(look: Look, column: Literal["line", "product"]) -> list[str]:
    """The lines or products that any cell is about, at the moment looked at."""
    what, as_of = cells.c[column], look.scope.as_of
    query = select(what).where(what != "").distinct().order_by(what)
    if as_of is not None:
        query = query.where(cells.c.first_at <= micros(as_of))
    return list(look.tx.scalars(query))


def _people(look: Look, terms: Collection[Term]) -> Iterator[Group]:
    measures = {term.measure for term in terms}
    rows: dict[str, list[Dated]] = defaultdict(list)
    for row in _rows(look, terms, each_person=True):
        if row.value:  # what was taken back leaves a cell of nothing
            rows[row.person].append(row)
    bought = buyers(look, each_person=True) if measures.intersection(PURCHASES) else {}
    sold = sold_to(look, each_person=True) if SOLD in measures else {}
    people, _ = look.organisation
    for person in dict.fromkeys((*rows, *bought)):
        if person:
            name = people[person].name if person in people else ""
            yield Group(person, name, _sums(look, rows[person], bought.get(person), sold.get(person)))


def _keys(look: Look, by: By) -> Iterator[tuple[str, str]]:
    """Id and name of every one that the filters leave."""
    asked: str | None = getattr(look.scope.filters, by)
    return ((key, name) for key, name in _named(look, by) if asked in (None, key))


def _named(look: Look, by: By) -> Iterator[tuple[str, str]]:
    _, teams = look.organisation
    filters = look.scope.filters
    match by:
        case "team":
            for key, team in teams.items():
                if filters.region in (None, team.region) and filters.department in (None, team.department):
                    yield key, team.name
        case "department" | "region":
            for key in sorted({getattr(team, by) for team in teams.values()} - {""}):
                yield key, key
        case "line" | "product":
            for key in known(look, by):
                yield key, key
        case "person":
            raise ValueError("people are grouped by their rows")


def _sums(
    look: Look,
    rows: Sequence[Dated],
    bought: Buyers | None,
    sold: Mapping[str, frozenset[str]] | None,
) -> Sums:
    return Sums(priced(rows, look.conversion), buyers=bought, sold_to=sold)


def _rows(look: Look, terms: Collection[Term], *, each_person: bool = False) -> Iterator[Dated]:
    for part in selections(terms, look.scope, look.organisation, each_person=each_person):
        yield from _of(look, part, each_person=each_person)


def _of(look: Look, part: Selection, *, each_person: bool) -> Iterator[Dated]:
    c = cells.c
    no: ColumnElement[str] = literal("")
    person = c.person if each_person else no
    day = c.day if look.conversion else no
    what = (c.measure, c.currency, c.bucket, KNOWN)
    kept = [column for column in (person, day) if column is not no]
    query = (
        select(person, day, *what, func.sum(value_at(look.scope.as_of)))
        .where(*part.where)
        .group_by(*kept, *what)
    )
    for whose, on, measure, currency, bucket, of_known, value in look.tx.execute(query):
        yield Dated(whose, measure, part.span, on, currency, bucket, int(value), bool(of_known))
