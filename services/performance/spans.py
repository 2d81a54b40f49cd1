"""A period cut into the spans that people compare: days, weeks, months, quarters, years."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from services.performance.scope import Period

Every = Literal["day", "week", "month", "quarter", "year"]


def spans(period: Period, every: Every) -> Iterator[Period]:
    """The calendar's spans that the period touches, cut at its ends."""
    start = period.start
    while start < period.end:
        end = min(next_start(start, every), period.end)
        yield Period(start, end)
        start = end


def next_start(day: date, every: Every) -> date:
    """The first day of the next span; weeks begin on Monday."""
    match every:
        case "day":
            return day + timedelta(days=1)
        case "week":
            return day + timedelta(days=7 - day.weekday())
        case "month":
            return _month(day, 1)
        case "quarter":
            return _month(day, 3 - (day.month - 1) % 3)
        case "year":
            return date(day.year + 1, 1, 1)


def _month(day: date, later: int) -> date:
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)
