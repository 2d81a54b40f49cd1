"""Monthly amounts, and what is expected of the months to come."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import Final, Literal, NamedTuple

YEAR: Final = 12
"""Months in a season."""
COVERAGE: Final = 0.8
"""How often the truth should fall into an interval, unless asked otherwise."""


@dataclass(frozen=True)
class Series:
    """Amounts of whole months, one after another, in the minor unit of one currency."""

    start: date
    """The first day of the first month."""
    amounts: tuple[int, ...] = ()

    def month(self, place: int) -> date:
        """The first day of the month at this place; that of ``len(amounts)`` is the next to come."""
        months = self.start.year * YEAR + self.start.month - 1 + place
        return date(months // YEAR, months % YEAR + 1, 1)

    def before(self, place: int) -> "Series":
        """What was known when the month at this place began."""
        return Series(self.start, self.amounts[:place])


def monthly(amounts: Mapping[date, int], *, until: date) -> Series:
    """Amounts of days as a series from the first month with any to the one before ``until``'s.

    The month of ``until`` is not over and left out; a month without any amount in between is zero.
    """
    months: Counter[date] = Counter()
    for day, minor in amounts.items():
        if (day.year, day.month) < (until.year, until.month):
            months[day.replace(day=1)] += minor
    if not months:
        return Series(until.replace(day=1))
    start = min(months)
    length = (until.year - start.year) * YEAR + until.month - start.month
    empty = Series(start)
    return Series(start, tuple(months[empty.month(place)] for place in range(length)))


class Expected(NamedTuple):
    """A month to come: the amount expected and, where past errors tell it, from where to where."""

    month: date
    point: int
    lower: int | None
    upper: int | None


@dataclass(frozen=True)
class Forecast:
    model: str
    """What it was really made with: ``ETS(A,Ad,A)`` say, ``constant``, ``seasonal-naive``, ``last-value``."""
    fitted_on: int
    """Months."""
    coverage: float
    months: tuple[Expected, ...]


@dataclass(frozen=True)
class NoForecast:
    """Too few months to say anything honest."""

    months: int
    reason: Literal["too-little-history"] = "too-little-history"


def expected(series: Series, ahead: int, point: float, half: float | None) -> Expected:
    """The month ``ahead`` (1 is the next) in whole minor units; never negative where the past never was."""
    least = 0.0 if min(series.amounts) >= 0 else -float("inf")
    middle = round(max(least, point))
    month = series.month(len(series.amounts) + ahead - 1)
    if half is None:
        return Expected(month, middle, None, None)
    lower, upper = floor(max(least, point - half)), ceil(max(least, point + half))
    return Expected(month, middle, min(lower, middle), max(upper, middle))
