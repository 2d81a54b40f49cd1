"""Cells told in one currency: each amount at the rate of its day, what has no rate stays as it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.performance.conversion import Rate, Rates
from services.performance.currencies import major
from services.performance.kpis.formula import Span
from services.performance.measures.catalogue import MEASURES
from services.performance.sums import Row


class Dated(NamedTuple):
    """So much of a measure on a day, of a person if asked for."""

    person: str
    measure: str
    span: Span
    day: str
    currency: str
    bucket: int
    value: int


@dataclass
class Conversion:
    """What a conversion used and what it could not price, gathered while it goes on."""

    to: str
    rates: Rates
    today: date
    used: set[Rate] = field(default_factory=set)
    missing: dict[str, int] = field(default_factory=dict)
    """Currency → minor units that have no rate, and are shown in that currency."""

    def rows(self, rows: Iterable[Dated]) -> Iterator[Row]:
        for row in rows:
            rate = self._rate(row)
            if rate is None:
                yield Row(row.measure, row.span, row.currency, row.bucket, row.value)
            elif MEASURES[row.measure].money:
                worth = major(row.value, row.currency) * rate.value / major(1, self.to)
                yield Row(row.measure, row.span, self.to, row.bucket, worth)
            else:  # a count that is kept by currency
                yield Row(row.measure, row.span, self.to, row.bucket, row.value)

    def currency(self, currency: str) -> str:
        """What amounts in this currency are told in by today's rate."""
        return self.to if self.rates.lookup(currency, self.to, self.today) else currency

    def _rate(self, row: Dated) -> Rate | None:
        if row.currency in ("", self.to) or row.value == 0:
            return None
        day = date.fromisoformat(row.day) if row.day else self.today
        rate = self.rates.lookup(row.currency, self.to, day)
        if rate is not None:
            self.used.add(rate)
        elif MEASURES[row.measure].money:
            self.missing[row.currency] = self.missing.get(row.currency, 0) + abs(row.value)
        return rate


def as_they_are(rows: Iterable[Dated]) -> Iterator[Row]:
    """Every amount in its own currency."""
    return (Row(row.measure, row.span, row.currency, row.bucket, row.value) for row in rows)
