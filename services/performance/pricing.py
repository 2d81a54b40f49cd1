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


def _priced(row: Row, day: str, conversion: Conversion) -> Row:
    worth = conversion.rate(row.currency, day) if row.currency and row.value else None
    if worth is None:
        return row
    if MEASURES[row.measure].money:
        return row._replace(currency=conversion.to, value=row.value * worth)
    return row._replace(currency=conversion.to)  # a count that is kept by currency stays what it is
