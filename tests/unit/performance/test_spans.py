"""A period cut into the spans of the calendar."""

from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.performance.scope import Period
from services.performance.spans import Every, next_start, spans

LEAP_DAY = date(2024, 2, 29)  # a Thursday


@pytest.mark.parametrize(
    ("every", "following"),
    [
        ("day", date(2024, 3, 1)),
        ("week", date(2024, 3, 4)),
        ("month", date(2024, 3, 1)),
        ("quarter", date(2024, 4, 1)),
        ("year", date(2025, 1, 1)),
    ],
)
def test_the_next_span_begins_where_the_calendar_says(every: Every, following: date) -> None:
    assert next_start(LEAP_DAY, every) == following


def test_december_is_followed_by_the_next_year() -> None:
    assert next_start(date(2024, 12, 31), "month") == next_start(date(2024, 10, 1), "quarter")
    assert next_start(date(2024, 12, 31), "month") == date(2025, 1, 1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 800), st.sampled_from(get_args(Every)))
def test_spans_are_the_period_without_a_gap(start: date, days: int, every: Every) -> None:
    period = Period(start, start + timedelta(days=days))
    found = list(spans(period, every))
    assert (found[0].start, found[-1].end) == period
    assert all(one.end == other.start for one, other in pairwise(found))
    assert all(next_start(it.start, every) == it.end for it in found[:-1])
