"""Spreads an amount over the days of its period."""

from collections.abc import Iterator
from datetime import date, timedelta


def spread(minor: int, start: date, end: date) -> Iterator[tuple[str, int]]:
    """Each day from ``start`` up to, not including, ``end``, and its part in whole minor units.

    Day i of n gets what is due by its end less what was due by its start: the days sum to the amount.
    """
    days = (end - start).days
    for i in range(days):
        day = (start + timedelta(days=i)).isoformat()
        yield day, minor * (i + 1) // days - minor * i // days
