"""Cells as formulas get them: each amount in its own currency, or told in one."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from services.performance.conversion import Conversion
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
    known: bool = False


def priced(rows: Iterable[Dated], conversion: Conversion | None) -> Iterator[Row]:
    """Amounts that have a rate in the currency asked for, all others as they are."""
    for row in rows:
        worth = None
        if conversion is not None and row.currency and row.value:
            worth = conversion.rate(row.currency, row.day)
        if conversion is None or worth is None:
            yield Row(row.measure, row.span, row.currency, row.bucket, row.value, row.known)
        else:  # a count that is kept by currency stays what it is
            value = row.value * worth if MEASURES[row.measure].money else row.value
            yield Row(row.measure, row.span, conversion.to, row.bucket, value, row.known)
