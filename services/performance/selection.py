"""Which cells a term is about, as conditions on their table: sums and explanations ask for the same ones."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from services.performance.kpis.formula import Formula, Span, Term, parts
from services.performance.measures.catalogue import MEASURES, Measure, Whose
from services.performance.scope import Filters, Organisation, Period, Scope, Slice, slices, standing
from shared.projections.tables import cells


class Selection(NamedTuple):
    """Cells of some measures over some days."""

    span: Span
    where: Sequence[ColumnElement[bool]]


class _Kind(NamedTuple):
    """What the conditions on a term's cells depend on."""

    span: Span
    whose: Whose
    employed: bool


def selections(
    terms: Iterable[Term], scope: Scope, organisation: Organisation, *, each_person: bool = False
) -> Iterator[Selection]:
    """No cell is in two selections of the same span; ``each_person`` is for sums of every person apart."""
    kinds: dict[_Kind, set[str]] = defaultdict(set)
    for term in terms:
        measure = MEASURES[term.measure]
        if not_kept_by(measure, scope.filters) is None:
            kinds[_Kind(term.span, measure.whose, measure.employed)].add(measure.name)
    for kind, names in kinds.items():
        what = [cells.c.measure.in_(sorted(names)), *_goods(kind, scope.filters)]
        for where in _places(kind, scope, organisation, each_person=each_person):
            yield Selection(kind.span, [*what, *where])


def not_kept_by(measure: Measure, filters: Filters) -> str | None:
    """The filter that says nothing about this measure, because it is not kept by that; ``None`` if all do."""
    if filters.line and not measure.line:
        return "line"
    if filters.product and not measure.product:
        return "product"
    people = {"person": filters.person, "team": filters.team, "department": filters.department}
    if measure.whose == "nobody":
        people["region"] = filters.region
    if measure.whose in ("nobody", "exact"):
        return next((name for name, asked in people.items() if asked), None)
    return None


def unanswerable(formula: Formula, filters: Filters) -> str | None:
    """The filter that some part of a formula is not kept by."""
    measures = (MEASURES[term.measure] for terms in parts(formula).values() for term in terms)
    return next((why for measure in measures if (why := not_kept_by(measure, filters))), None)


def under_version(formula: Formula, version: int | None) -> Formula:
    """The same formula with the plan as it was split in that version."""
    if version is None:
        return formula
    changed: dict[str, Any] = {
        name: tuple(_under(term, version) for term in terms) for name, terms in parts(formula).items()
    }
    return replace(formula, **changed)


def _under(term: Term, version: int) -> Term:
    if term.measure != "planned_amount":
        return term
    return term._replace(measure="planned_version_amount", bucket=version)


def of_days(period: Period) -> list[ColumnElement[bool]]:
    return [cells.c.day >= period.start.isoformat(), cells.c.day < period.end.isoformat(), cells.c.day != ""]


def _goods(kind: _Kind, filters: Filters) -> list[ColumnElement[bool]]:
    if kind.whose == "exact":
        return [cells.c.line == (filters.line or ""), cells.c.region == (filters.region or "")]
    asked = {"line": filters.line, "product": filters.product}
    return [cells.c[name] == value for name, value in asked.items() if value is not None]


def _places(
    kind: _Kind, scope: Scope, organisation: Organisation, *, each_person: bool
) -> Iterator[list[ColumnElement[bool]]]:
    filters = scope.filters
    if kind.span == "now":
        yield [cells.c.day == "", *_of_people(standing(filters, organisation, scope.today))]
        return
    days = scope.period.days_of(kind.span, scope.today)
    alone = each_person or filters.person is not None
    for part in _slices(kind, days, filters, organisation, alone=alone):
        people = _of_people(part.people, others=part.others)
        yield [*of_days(part.period), *people, *_on_path(kind, filters)]


def _slices(
    kind: _Kind, days: Period, filters: Filters, organisation: Organisation, *, alone: bool
) -> list[Slice]:
    employed = kind.employed and alone
    if kind.whose == "people":
        return slices(days, filters, organisation, employed=employed)
    if employed:
        return slices(days, Filters(person=filters.person), organisation, employed=True)
    return [Slice(days)]


def _of_people(people: Sequence[str] | None, *, others: bool = False) -> list[ColumnElement[bool]]:
    if people is None:
        return []
    return [cells.c.person.not_in(people) if others else cells.c.person.in_(people)]


def _on_path(kind: _Kind, filters: Filters) -> list[ColumnElement[bool]]:
    if kind.whose != "path":
        return []
    asked: dict[str, Any] = {
        "person": filters.person,
        "team": filters.team,
        "department": filters.department,
        "region": filters.region,
    }
    return [cells.c[name] == value for name, value in asked.items() if value is not None]
