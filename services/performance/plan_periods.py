"""The calendar of plans: a year has quarters, a quarter months, a month weeks, and each has a name."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from shared.events.plan import PeriodKind
from shared.eventstore.decider import Refused

FINER: Final[Mapping[PeriodKind, PeriodKind]] = {
    "year": "quarter",
    "quarter": "month",
    "other": "month",
    "month": "week",
}
_MONTHS: Final[Mapping[int, PeriodKind]] = {12: "year", 3: "quarter", 1: "month"}
_WEEK: Final = 7
_QUARTER: Final = 3


class Span(NamedTuple):
    """Days from ``start`` up to but not including ``end``."""

    start: date
    end: date
    kind: PeriodKind

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def kind_of(start: date, end: date) -> PeriodKind:
    """What a period is: whole months from the first of one, days of one week (Monday to Sunday), or other."""
    for months, kind in _MONTHS.items():
        if start.day == 1 and end == _months_on(start, months):
            return kind
    return "week" if start.weekday() + (end - start).days <= _WEEK else "other"


def cut(start: date, end: date, kind: PeriodKind) -> list[Span]:
    """The next finer periods, which together are this one.

    A year's quarters are counted from its own first day. Months and weeks are the calendar's, cut at the
    edges of what they are parts of: a month's first and last week may be short.
    """
    if kind not in FINER:
        raise Refused(f"A {kind} is not split into shorter periods.", code="wrong-split")
    spans = []
    while start < end:
        until = min(_end_of(start, FINER[kind]), end)
        spans.append(Span(start, until, FINER[kind]))
        start = until
    return spans


def name_of(span: Span) -> str:
    """``2026-Q1``, ``2026-01``, ``2026-W05`` (ISO); a quarter from February on is ``2026-02-P3M``."""
    start = span.start
    if span.kind == "week":
        iso = start.isocalendar()
        return f"{iso.year}-W{iso.week:02}"
    if span.kind != "quarter":
        return f"{start:%Y-%m}"
    if start.month % _QUARTER == 1:
        return f"{start:%Y}-Q{start.month // _QUARTER + 1}"
    return f"{start:%Y-%m}-P3M"


def year_before(day: date) -> date:
    """The same date of the year before; of the 29th of February, the 28th."""
    if (day.month, day.day) == (2, 29):
        return day.replace(year=day.year - 1, day=28)
    return day.replace(year=day.year - 1)


def _end_of(start: date, kind: PeriodKind) -> date:
    match kind:
        case "quarter":
            return _months_on(start, _QUARTER)
        case "month":
            return _months_on(start.replace(day=1), 1)
        case _:
            return start + timedelta(days=_WEEK - start.weekday())


def _months_on(first: date, months: int) -> date:
    """The first of the month that comes so many months after the one that begins on ``first``."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
