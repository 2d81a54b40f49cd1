"""Cells as formulas get them: each amount in its own currency, or told in one."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from services.performance.conversion import Conversion
from services.performance.measures.catalogue import MEASURES
from services.performance.sums import Row


class Dated(NamedTuple):
    """Sums of one day; ``key`` is whose, as far as that was asked for.

    ``day`` is the first of its month where a whole month was summed, and empty where no day is needed.
    """

    key: tuple[str, ...]
    day: str
    rows: Sequence[Row]


def priced(found: Iterable[Dated], conversion: Conversion | None) -> Iterator[Row]:
    """Amounts that have a rate in the currency asked for, all others as they are."""
    for of_day in found:
        if conversion is None:
            yield from of_day.rows
        else:
            yield from (_priced(row, of_day.day, conversion) for row in of_day.rows)


def told_in(conversion: Conversion | None, currency: str, day: str) -> str:
    """The currency in which an amount of that day is told: the one asked for, if there is a rate."""
    return conversion.to if conversion and conversion.rate(currency, day) is not None else currency


def _priced(row: Row, day: str, conversion: Conversion) -> Row:
    worth = conversion.rate(row.currency, day) if row.currency else None
    if worth is None:
        return row
    if MEASURES[row.measure].money:
        buckets = {bucket: value * worth for bucket, value in row.buckets.items()}
        return row._replace(currency=conversion.to, buckets=buckets)
    return row._replace(currency=conversion.to)  # a count that is kept by currency stays what it is
