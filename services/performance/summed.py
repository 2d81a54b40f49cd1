"""Sums of cells by month, or by day where a month is cut: read once for all the periods of a look."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, func, select, tuple_

from services.performance.conversion import Steady
from services.performance.kpis.formula import Span, Term
from services.performance.look import Look
from services.performance.measures.catalogue import MEASURES
from services.performance.months import Months, cut_by, split
from services.performance.pricing import Dated
from services.performance.scope import Period
from services.performance.selection import KNOWN, UNTOLD, Selection, of_days, selections, told
from services.performance.sums import Row
from shared.projections.database import micros
from shared.projections.past import from_turn, there_at, total_at, total_there_at, value_at
from shared.projections.tables import cells, totals
from shared.projections.totals import KeptBy

Each = Literal["person", "line", "department", "customer"]
Key = tuple[str, ...]

PLACE: Final = ("line", "department", "team", "region", "currency")
CURRENCY: Final = PLACE.index("currency")
STANDING: Final = Months("", "")


class _Money(NamedTuple):
    """Currencies that are told alike: by whole months where each has one rate, day by day elsewhere."""

    currencies: tuple[str, ...] | None
    """``None``: all there are."""
    steady: Steady
    dated: bool

    def among(self, column: Any) -> list[ColumnElement[bool]]:
        return [] if self.currencies is None else [column.in_(self.currencies)]


ALWAYS: Final = Steady(date.min, frozenset())


class _Line(NamedTuple):
    """A line of the log as a sum of its own, with what its cell is about."""

    month: str
    row: Sequence[Any]
    place: Sequence[str]
    """By the names in ``PLACE``."""


_Found = Iterable[Sequence[Any]]
"""Day or month, whose, measure, currency, known, bucket, value."""
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

    def __init__(self, look: Look, terms: Collection[Term], each: tuple[Each, ...]) -> None:
        self._look = look
        self._terms = terms
        self._each = each
        self._as_of = look.scope.as_of
        self._dated = len(look.periods) > 1
        """Whether it matters of which day something is, whatever its currency."""

    def read(self) -> _Kept:
        look = self._look
        sums: dict[Span, dict[Key, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
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
                    buckets, bucket = of_span[tuple(row[:-2])], row[-2]
                    buckets[bucket] = buckets.get(bucket, 0) + int(row[-1])
        return {span: _by_day(span, found) for span, found in sums.items()}

    def _of(self, part: Selection) -> Iterator[_Found]:
        if part.days is None:
            yield from self._of_months(part, STANDING, _Money(None, ALWAYS, dated=False))
            return
        for money in self._monies:
            yield from self._of_days(part, part.days, money)

    @cached_property
    def _monies(self) -> Sequence[_Money]:
        conversion = self._look.conversion
        if conversion is None:
            return [_Money(None, ALWAYS, self._dated)]
        alike: dict[Steady, list[str]] = defaultdict(list)
        for currency in _foreign(self._look, conversion.to):
            alike[conversion.steady(currency)].append(currency)
        ours = _Money(("", conversion.to), ALWAYS, self._dated)
        return [ours, *(_Money(tuple(those), steady, dated=True) for steady, those in alike.items())]

    def _of_days(self, part: Selection, days: Period, money: _Money) -> Iterator[_Found]:
        steady = money.steady
        since = min(days.end, max(days.start, steady.since))
        ends = (end for it in self._look.periods for end in it.days_of(part.span, self._look.scope.today))
        months, left = split(Period(since, days.end), cut_by(ends) | steady.but)
        if months is not None:
            yield from self._of_months(part, months, money)
        unit = cells.c.day if money.dated else UNTOLD
        for some in (Period(days.start, since), *left):
            if some.start < some.end:
                yield self._of_cells(part, *of_days(some), *money.among(cells.c.currency), unit=unit)

    def _of_months(self, part: Selection, months: Months, money: _Money) -> Iterator[_Found]:
        match _kept_by(part, self._each):
            case "line":
                yield self._of_lines(part, months, money)
                if self._as_of is not None:
                    yield self._from_turn(part, months, money, self._as_of)
            case "person":
                yield from self._of_people(part, months, money)
            case None:
                yield self._of_cells(part, *_within(cells, months, money), unit=_month(cells, money))

    def _of_lines(self, part: Selection, months: Months, money: _Money) -> _Found:
        what = self._what(totals, _month(totals, money))
        query = select(*what, func.sum(total_at(self._as_of)))
        where = [*_totals("line", part, months, money), total_there_at(self._as_of)]
        return self._look.tx.execute(query.where(*where).group_by(*told(what))).all()

    def _of_people(self, part: Selection, months: Months, money: _Money) -> Iterator[_Found]:
        """Totals that changed before and after the moment are summed anew from their cells."""
        what, t = self._what(totals, _month(totals, money)), totals.c
        there = [*_totals("person", part, months, money), there_at(self._as_of, of=totals)]
        if self._as_of is None:
            query = select(*what, func.sum(t.value)).where(*there).group_by(*told(what))
            yield self._look.tx.execute(query).all()
            return
        query = select(t.measure, t.month, *what, t.value, t.last_at).where(*there)
        rows = self._look.tx.execute(query).all()
        at = micros(self._as_of)
        changed = {row[:2] for row in rows if row[-1] > at}
        yield [row[2:-1] for row in rows if row[:2] not in changed]
        if changed:
            anew = tuple_(cells.c.measure, cells.c.month).in_(sorted(changed))
            yield self._of_cells(part, anew, *_within(cells, months, money), unit=_month(cells, money))

    def _of_cells(self, part: Selection, *where: ColumnElement[bool], unit: ColumnElement[str]) -> _Found:
        what = self._what(cells, unit)
        query = (
            select(*what, func.sum(value_at(self._as_of)))
            .where(cells.c.measure.in_(part.measures), *part.whose(cells.c), *where, there_at(self._as_of))
            .group_by(*told(what))
        )
        return self._look.tx.execute(query).all()

    def _from_turn(self, part: Selection, months: Months, money: _Money, as_of: datetime) -> _Found:
        """What totals that are kept by line do not have: what was recorded since shifts turned."""
        place = ("from turn", frozenset(self._terms), self._each)
        if place not in self._look.kept:
            self._look.kept[place] = self._read_from_turn(as_of)
        lines: Mapping[str, Sequence[_Line]] = self._look.kept[place]
        equal = [(PLACE.index(name), value) for name, value in part.equal]
        for measure in part.measures:
            for line in lines.get(measure, ()):
                ours = all(line.place[at] == value for at, value in equal)
                alike = money.currencies is None or line.place[CURRENCY] in money.currencies
                if ours and alike and line.month in months:
                    yield (line.month if money.dated else "", *line.row)

    def _read_from_turn(self, as_of: datetime) -> Mapping[str, Sequence[_Line]]:
        c = cells.c
        lines, change = from_turn(as_of)
        query = lines.add_columns(*self._what(cells, c.month), change, c.measure, *(c[it] for it in PLACE))
        # not the column itself: the database would begin with all cells of these measures
        wanted = func.coalesce(c.measure, "").in_(sorted({term.measure for term in self._terms}))
        found: dict[str, list[_Line]] = defaultdict(list)
        for month, *row in self._look.tx.execute(query.where(wanted)).all():
            *told_apart, measure, line, department, team, region, currency = row
            place = (line, department, team, region, currency)
            found[measure].append(_Line(month, told_apart, place))
        return found

    def _what(self, table: Any, unit: ColumnElement[str]) -> list[ColumnElement[Any]]:
        c = table.c
        known = KNOWN if table is cells else c.known
        return [unit, *(c[name] for name in self._each), c.measure, c.currency, known, c.bucket]


def _by_day(span: Span, sums: Mapping[Key, Mapping[int, int]]) -> Mapping[str, Sequence[Dated]]:
    rows: dict[Key, list[Row]] = defaultdict(list)
    for (*day_and_key, measure, currency, known), buckets in sums.items():
        if something := {bucket: value for bucket, value in buckets.items() if value}:
            rows[tuple(day_and_key)].append(Row(measure, span, currency, something, bool(known)))
    found: dict[str, list[Dated]] = defaultdict(list)
    for (month_or_day, *key), its in rows.items():
        day = f"{month_or_day}-01" if len(month_or_day) == len("2025-03") else month_or_day
        found[day].append(Dated(tuple(key), day, its))
    return found


def _totals(kept_by: KeptBy, part: Selection, months: Months, money: _Money) -> Sequence[ColumnElement[bool]]:
    t = totals.c
    measures = t.measure.in_(part.measures)
    return [t.kept_by == kept_by, measures, *_within(totals, months, money), *part.whose(t)]


def _foreign(look: Look, ours: str) -> Sequence[str]:
    """The other currencies that amounts are in, at any time."""
    if "foreign" not in look.kept:
        t, money = totals.c, [measure.name for measure in MEASURES.values() if measure.money]
        amounts = (t.kept_by == "line", t.measure.in_(money), t.currency.not_in(("", ours)))
        query = select(t.currency).distinct().where(*amounts).order_by(t.currency)
        look.kept["foreign"] = look.tx.scalars(query).all()
    currencies: Sequence[str] = look.kept["foreign"]
    return currencies


def _month(table: Any, money: _Money) -> ColumnElement[str]:
    month: ColumnElement[str] = table.c.month if money.dated else UNTOLD
    return month


def _within(table: Any, months: Months, money: _Money) -> Sequence[ColumnElement[bool]]:
    return [months.among(table.c.month), *money.among(table.c.currency)]


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
