"""Sums cells for boards: for a scope, or for everybody and everything in it that has results of its own."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from sqlalchemy import select

from services.performance.buyers import PURCHASES, SOLD, buyers, sold_to
from services.performance.kpis.formula import Term
from services.performance.look import Look
from services.performance.measures.catalogue import MEASURES
from services.performance.pricing import Dated, priced
from services.performance.summed import summed
from services.performance.sums import Buyers, Sums
from shared.projections.database import micros
from shared.projections.tables import names

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
        summed(look, terms),
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


def known(
    look: Look, column: Literal["line", "product", "department"], *, projection: str | None = None
) -> list[str]:
    """The lines, products or departments that cells (of a projection) are about, at the moment looked at."""
    as_of = look.scope.as_of
    query = select(names.c.name).where(names.c.dimension == column).distinct().order_by(names.c.name)
    if projection is not None:
        query = query.where(names.c.projection == projection)
    if as_of is not None:
        query = query.where(names.c.first_at <= micros(as_of))
    return list(look.tx.scalars(query))


def _people(look: Look, terms: Collection[Term]) -> Iterator[Group]:
    measures = {term.measure for term in terms}
    rows: dict[str, list[Dated]] = defaultdict(list)
    for row in summed(look, terms, "person"):
        rows[row.key[0]].append(row)
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
    rows: Iterable[Dated],
    bought: Buyers | None,
    sold: Mapping[str, frozenset[str]] | None,
) -> Sums:
    return Sums(priced(rows, look.conversion), buyers=bought, sold_to=sold)
