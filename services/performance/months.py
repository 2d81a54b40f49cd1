"""Days told as whole months and what is left over at the ends."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_

from services.performance.scope import Period

LISTED: Final = 36
"""So many months are named one by one, which an index likes; more are a range."""


class Months(NamedTuple):
    """Months from ``first`` to ``last`` (``2025-03``), apart from some."""

    first: str
    last: str
    but: frozenset[str] = frozenset()

    def __contains__(self, month: object) -> bool:
        return isinstance(month, str) and self.first <= month <= self.last and month not in self.but

    def among(self, column: Any) -> ColumnElement[bool]:
        """That a column's month is one of them."""
        listed = self._listed()
        if listed is not None:
            return column.in_(listed)  # type: ignore[no-any-return]  # a column's method has no type
        within = column.between(self.first, self.last)
        return and_(within, column.not_in(self.but)) if self.but else within

    def _listed(self) -> Sequence[str] | None:
        if self.first == self.last:
            return [] if self.first in self.but else [self.first]
        start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (self.first, self.last))
        if end - start >= LISTED:
            return None
        months = (f"{at // 12:04}-{at % 12 + 1:02}" for at in range(start, end + 1))
        return [month for month in months if month not in self.but]


def touched(days: Period) -> Months:
    """The months of these days, whole or not."""
    return Months(_month(days.start), _month(days.end - timedelta(days=1)))


def cut_by(ends: Iterable[date]) -> frozenset[str]:
    """The months that one of these first days lies within."""
    return frozenset(_month(day) for day in ends if day.day != 1)


def split(days: Period, cut: Collection[str]) -> tuple[Months | None, Sequence[Period]]:
    """The months that are whole in these days and not cut, and all other days."""
    if days.start >= days.end:
        return None, []
    first = days.start if days.start.day == 1 else _next(days.start)
    after = days.end.replace(day=1)
    if first >= after:
        return None, [days]
    inside = [date.fromisoformat(f"{month}-01") for month in cut]
    inside = sorted(month for month in inside if first <= month < after)
    left = [
        Period(days.start, first),
        *(Period(month, _next(month)) for month in inside),
        Period(after, days.end),
    ]
    but = frozenset(map(_month, inside))
    months = Months(_month(first), _month(after - timedelta(days=1)), but)
    return months, _joined(part for part in left if part.start < part.end)


def _joined(parts: Iterable[Period]) -> list[Period]:
    found: list[Period] = []
    for part in parts:
        if found and found[-1].end == part.start:
            found[-1] = Period(found[-1].start, part.end)
        else:
            found.append(part)
    return found


def _month(day: date) -> str:
    return day.isoformat()[:7]


def _next(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
