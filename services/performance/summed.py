"""Sums of cells by month, or by day where a month is cut: read once for all the periods of a look."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, Text, func, literal_column, select, tuple_

from services.performance.kpis.formula import Span, Term
from services.performance.look import Look
from services.performance.months import Months, cut_by, split
from services.performance.pricing import Dated
from services.performance.selection import Selection, of_days, selections
from services.performance.sums import Row
from shared.projections.database import micros
from shared.projections.past import that_day, there_at, total_at, total_there_at, value_at
from shared.projections.tables import cell_log, cells, totals
from shared.projections.totals import KeptBy

Each = Literal["person", "line", "department", "customer"]
Key = tuple[str, ...]

KNOWN: Final[ColumnElement[bool]] = literal_column("cells.customer <> ''")
"""Whether a cell is of a customer we know; the same text wherever it stands, as grouping asks for."""
PLACE: Final = ("line", "department", "team", "region", "currency")
NO_DAY: Final[ColumnElement[str]] = literal_column("''", Text)
STANDING: Final = Months("", "")


class _Line(NamedTuple):
    """A line of the log as a sum of its own, with what its cell is about."""

    row: Sequence[Any]
    month: str
    place: Mapping[str, str]


_Found = Iterable[Sequence[Any]]
"""Day or month, whose, measure, currency, bucket, known, value."""
_Kept = Mapping[Span, Mapping[str, Sequence[Dated]]]


def summed(look: Look, terms: Collection[Term], *each: Each) -> Iterator[Dated]:
    """What the terms' cells of the look's scope come to; standings have no day."""
    place = (frozenset(terms), look.scope.filters, look.periods, each)
    kept: _Kept | None = look.kept.get(place)
    if kept is None:
        kept = look.kept[place] = _Reading(look, terms, each).read()
    for span, by_day in kept.items():
        if len(look.periods) == 1 or span == "now":
            days: Iterable[str] = by_day
        else:
            start, end = (day.isoformat() for day in look.scope.period.days_of(span, look.scope.today))
            days = (day for day in by_day if start <= day < end)
        for day in days:
            yield from by_day[day]


class _Reading:
    """Reads the cells that some terms are about."""

    def __init__(self, look: Look, terms: Collection[Term], each: Sequence[Each]) -> None:
        self._look = look
        self._terms = terms
        self._each = each
        self._as_of = look.scope.as_of
        self._ours = ("", look.conversion.to) if look.conversion else None
        """Currencies that need no rate of a day."""
        self._by_month = len(look.periods) > 1
        self._that_day: Mapping[str, Sequence[_Line]] | None = None

    def read(self) -> _Kept:
        look = self._look
        sums: dict[Span, dict[Any, int]] = defaultdict(dict)
        for part in selections(
            self._terms,
            look.scope,
            look.organisation,
            each_person="person" in self._each,
            periods=look.periods,
        ):
            of_span = sums[part.span]
            for found in self._of(part):
                for row in found:
                    place = row[:-1]
                    of_span[place] = of_span.get(place, 0) + int(row[-1])
        return {span: self._by_day(span, found) for span, found in sums.items()}

    def _by_day(self, span: Span, sums: Mapping[Any, int]) -> Mapping[str, Sequence[Dated]]:
        rows: dict[tuple[str, Key], list[Row]] = defaultdict(list)
        for (day, *key, measure, currency, bucket, known), value in sums.items():
            if value:
                rows[day, tuple(key)].append(Row(measure, span, currency, bucket, value, bool(known)))
        found: dict[str, list[Dated]] = defaultdict(list)
        for (month_or_day, key), its in rows.items():
            day = f"{month_or_day}-01" if len(month_or_day) == len("2025-03") else month_or_day
            found[day].append(Dated(key, day, its))
        return found

    def _of(self, part: Selection) -> Iterator[_Found]:
        if part.days is None:
            yield from self._of_months(part, STANDING)
            return
        periods = (period.days_of(part.span, self._look.scope.today) for period in self._look.periods)
        months, left = split(part.days, cut_by(day for period in periods for day in period))
        if months is not None:
            yield from self._of_months(part, months)
            if self._ours is not None:
                foreign = cells.c.currency.not_in(self._ours)
                yield self._of_cells(part, months.among(cells.c.month), foreign, unit=cells.c.day)
        needed = self._by_month or self._ours is not None
        for days in left:
            yield self._of_cells(part, *of_days(days), unit=cells.c.day if needed else NO_DAY)

    def _of_months(self, part: Selection, months: Months) -> Iterator[_Found]:
        match _kept_by(part, self._each):
            case "line":
                yield self._of_lines(part, months)
                if self._as_of is not None:
                    yield self._of_that_day(part, months, self._as_of)
            case "person":
                yield from self._of_people(part, months)
            case None:
                yield self._of_cells(part, *self._native(cells, months), unit=self._month(cells))

    def _of_lines(self, part: Selection, months: Months) -> _Found:
        what = self._what(totals, self._month(totals))
        query = select(*what, func.sum(total_at(self._as_of)))
        where = [*self._totals(part, months, "line"), total_there_at(self._as_of)]
        return self._look.tx.execute(query.where(*where).group_by(*_told(what))).all()

    def _of_people(self, part: Selection, months: Months) -> Iterator[_Found]:
        """Totals that changed before and after the moment are summed anew from their cells."""
        what, t = self._what(totals, self._month(totals)), totals.c
        there = [*self._totals(part, months, "person"), there_at(self._as_of, of=totals)]
        if self._as_of is None:
            query = select(*what, func.sum(t.value)).where(*there).group_by(*_told(what))
            yield self._look.tx.execute(query).all()
            return
        query = select(t.measure, t.month, *what, t.value, t.last_at).where(*there)
        rows = self._look.tx.execute(query).all()
        at = micros(self._as_of)
        changed = {row[:2] for row in rows if row[-1] > at}
        yield [row[2:-1] for row in rows if row[:2] not in changed]
        if changed:
            anew = tuple_(cells.c.measure, cells.c.month).in_(sorted(changed))
            yield self._of_cells(part, anew, *self._native(cells, months), unit=self._month(cells))

    def _of_cells(self, part: Selection, *where: ColumnElement[bool], unit: ColumnElement[str]) -> _Found:
        what = self._what(cells, unit)
        query = (
            select(*what, func.sum(value_at(self._as_of)))
            .where(cells.c.measure.in_(part.measures), *part.whose(cells.c), *where, there_at(self._as_of))
            .group_by(*_told(what))
        )
        return self._look.tx.execute(query).all()

    def _of_that_day(self, part: Selection, months: Months, as_of: datetime) -> _Found:
        """What totals that are kept by line do not have yet: the lines of the moment's own day."""
        if self._that_day is None:
            self._that_day = self._read_that_day(as_of)
        for measure in part.measures:
            for line in self._that_day.get(measure, ()):
                fits = all(line.place[name] == value for name, value in part.equal)
                native = self._ours is None or not line.month or line.place["currency"] in self._ours
                if fits and native and line.month in months:
                    yield line.row

    def _read_that_day(self, as_of: datetime) -> Mapping[str, Sequence[_Line]]:
        c, what = cells.c, self._what(cells, self._month(cells))
        columns = (*what, cell_log.c.change, c.measure, c.month, *(c[name] for name in PLACE))
        found: dict[str, list[_Line]] = defaultdict(list)
        wanted = {term.measure for term in self._terms}
        for line in self._look.tx.execute(that_day(as_of).add_columns(*columns)):
            row, (measure, month, *place) = line[: len(what) + 1], line[len(what) + 1 :]
            if measure in wanted:  # not asked of the database, which would begin with all their cells
                found[measure].append(_Line(row, month, dict(zip(PLACE, place, strict=True))))
        return found

    def _totals(self, part: Selection, months: Months, kept_by: KeptBy) -> list[ColumnElement[bool]]:
        t = totals.c
        measures = t.measure.in_(part.measures)
        return [t.kept_by == kept_by, measures, *self._native(totals, months), *part.whose(t)]

    def _native(self, table: Any, months: Months) -> list[ColumnElement[bool]]:
        """These months, in currencies that need no rate of a day."""
        month = months.among(table.c.month)
        if self._ours is None or months == STANDING:
            return [month]
        return [month, table.c.currency.in_(self._ours)]

    def _month(self, table: Any) -> ColumnElement[str]:
        month: ColumnElement[str] = table.c.month if self._by_month else NO_DAY
        return month

    def _what(self, table: Any, unit: ColumnElement[str]) -> list[ColumnElement[Any]]:
        c = table.c
        known = KNOWN if table is cells else c.known
        return [unit, *(c[name] for name in self._each), c.measure, c.currency, c.bucket, known]


def _told(what: Iterable[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """Without what is the same for all."""
    return [column for column in what if column is not NO_DAY]


def _kept_by(part: Selection, each: Collection[Each]) -> KeptBy | None:
    """The totals that tell apart all that is asked for, if any do."""
    asked = {*each, *(name for name, _ in part.equal)}
    if part.people is not None:
        asked.add("person")
    if not asked & {"person", "product", "customer"}:
        return "line"
    if "person" in asked and not asked & {"line", "product", "customer"}:
        return "person"
    return None
