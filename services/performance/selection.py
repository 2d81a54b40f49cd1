"""Which cells a term is about: sums and explanations ask for the same ones."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Text, false, literal_column

from services.performance.kpis.formula import Formula, Span, Term, parts
from services.performance.measures.catalogue import MEASURES, Measure, Whose
from services.performance.months import touched
from services.performance.scope import Filters, Organisation, Period, Scope, Slice, slices, standing
from shared.projections.tables import cells

KNOWN: Final[ColumnElement[bool]] = literal_column("cells.customer <> ''")
"""Whether a cell is of a customer we know; the same text wherever it stands, as grouping asks for."""
UNTOLD: Final[ColumnElement[str]] = literal_column("''", Text)
"""In the place of a column that nobody asks for."""

Equal = tuple[tuple[str, str], ...]
"""Columns and the only value that counts there."""


class Selection(NamedTuple):
    """Cells of some measures over some days, of some people or of whomever."""

    span: Span
    days: Period | None
    """``None`` for standings."""
    equal: Equal
    people: tuple[str, ...] | None
    others: bool
    """All people but these."""
    measures: tuple[str, ...] = ()

    @property
    def where(self) -> Sequence[ColumnElement[bool]]:
        """As conditions on cells."""
        days = [cells.c.month == ""] if self.days is None else of_days(self.days)
        return [cells.c.measure.in_(self.measures), *days, *self.whose(cells.c)]

    def whose(self, c: Any) -> list[ColumnElement[bool]]:
        """What is asked of a table's columns, days and measures apart."""
        asked: list[ColumnElement[bool]] = [c[name] == value for name, value in self.equal]
        if self.people is not None:
            asked.append(c.person.not_in(self.people) if self.others else c.person.in_(self.people))
        return asked


def told(what: Iterable[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """What to group by; the last first, where the numbers are, which are quicker to tell apart."""
    return [column for column in reversed([*what]) if column is not UNTOLD]


class _Kind(NamedTuple):
    """What the conditions on a term's cells depend on."""

    span: Span
    whose: Whose
    employed: bool


def selections(
    terms: Iterable[Term],
    scope: Scope,
    organisation: Organisation,
    *,
    each_person: bool = False,
    periods: Sequence[Period] = (),
) -> Iterator[Selection]:
    """No cell is in two selections of the same span; ``each_person`` is for sums of every person apart.

    They are of the scope's period, or of all days from the first to the last that these periods need.
    """
    kinds: dict[_Kind, set[str]] = defaultdict(set)
    for term in terms:
        measure = MEASURES[term.measure]
        if not_kept_by(measure, scope.filters) is None:
            kinds[_Kind(term.span, measure.whose, measure.employed)].add(measure.name)
    found: dict[Selection, set[str]] = defaultdict(set)
    for kind, names in kinds.items():
        days = _hull(kind.span, periods or [scope.period], scope.today)
        for place in _places(kind, days, scope, organisation, each_person=each_person):
            found[place] |= names
    for place, names in found.items():
        yield place._replace(measures=tuple(sorted(names)))


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


def of_days(days: Period) -> list[ColumnElement[bool]]:
    """The cells of these days; their months are named too, which is how the index finds them."""
    if days.start >= days.end:
        return [false()]
    c = cells.c
    return [touched(days).among(c.month), c.day >= days.start.isoformat(), c.day < days.end.isoformat()]


def _hull(span: Span, periods: Sequence[Period], today: date) -> Period | None:
    if span == "now":
        return None
    needed = [period.days_of(span, today) for period in periods]
    return Period(min(days.start for days in needed), max(days.end for days in needed))


def _places(
    kind: _Kind, days: Period | None, scope: Scope, organisation: Organisation, *, each_person: bool
) -> Iterator[Selection]:
    filters = scope.filters
    equal = (*_goods(kind, filters), *_on_path(kind, filters))
    if days is None:
        people = standing(filters, organisation, scope.today)
        yield Selection(kind.span, None, equal, None if people is None else tuple(people), others=False)
        return
    alone = each_person or filters.person is not None
    for part in _slices(kind, days, filters, organisation, alone=alone):
        people = None if part.people is None else tuple(part.people)
        yield Selection(kind.span, part.period, equal, people, part.others)


def _goods(kind: _Kind, filters: Filters) -> Equal:
    if kind.whose == "exact":
        return (("line", filters.line or ""), ("region", filters.region or ""))
    return _asked(line=filters.line, product=filters.product)


def _slices(
    kind: _Kind, days: Period, filters: Filters, organisation: Organisation, *, alone: bool
) -> list[Slice]:
    employed = kind.employed and alone
    if kind.whose == "people":
        return slices(days, filters, organisation, employed=employed)
    if employed:
        return slices(days, Filters(person=filters.person), organisation, employed=True)
    return [Slice(days)]


def _on_path(kind: _Kind, filters: Filters) -> Equal:
    if kind.whose != "path":
        return ()
    return _asked(
        person=filters.person, team=filters.team, department=filters.department, region=filters.region
    )


def _asked(**filters: str | None) -> Equal:
    return tuple((name, value) for name, value in filters.items() if value is not None)
