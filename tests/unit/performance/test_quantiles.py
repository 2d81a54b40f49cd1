"""Quantiles by hand, with and without those who still wait."""

import statistics
from fractions import Fraction
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from services.performance.quantiles import quantile, survival_quantile

VALUES: Final = st.lists(st.integers(0, 1000), min_size=2, max_size=60)
SHARES: Final = st.sampled_from((0.1, 0.25, 0.5, 0.9))

# Freireich and others, 1963, as in every textbook since: weeks in remission of 21 patients under 6-MP;
# the estimate comes to one half at the 23rd week.
RELAPSED: Final = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
STILL_WELL: Final = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}


def _distribution(values: list[int]) -> dict[int, int]:
    return {value: values.count(value) for value in values}


@given(VALUES)
def test_the_median_is_the_one_of_the_textbook(values: list[int]) -> None:
    assert quantile(_distribution(values), 0.5) == Fraction(statistics.median(values))


@given(VALUES)
def test_deciles_are_those_of_type_seven(values: list[int]) -> None:
    known = statistics.quantiles([Fraction(v) for v in values], n=10, method="inclusive")
    ours = [quantile(_distribution(values), tenth / 10) for tenth in range(1, 10)]
    assert ours == known


def test_a_quantile_of_nothing_is_undefined_and_ends_are_least_and_most() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({3: 2, 9: 1}, 0.0) == 3
    assert quantile({3: 2, 9: 1}, 1.0) == 9


def test_many_equals_are_not_written_out() -> None:
    assert quantile({5: 10**12, 7: 10**12}, 0.5) == 6
    assert quantile({5: 10**12, 7: 10**12}, 0.9) == 7


def test_the_published_example() -> None:
    assert survival_quantile(RELAPSED, STILL_WELL, 0.5) == 23
    # 1 - 18/21 x 16/17 = 0.193 by week 7; x 14/15 = 0.247 by 10; x 11/12 = 0.310 by 13
    assert survival_quantile(RELAPSED, STILL_WELL, 0.19) == 7
    assert survival_quantile(RELAPSED, STILL_WELL, 0.2) == 10
    assert survival_quantile(RELAPSED, STILL_WELL, 0.25) == 13
    # it ends at 1 - 0.448 in week 23, whatever comes later is not known
    assert survival_quantile(RELAPSED, STILL_WELL, 0.55) == 23
    assert survival_quantile(RELAPSED, STILL_WELL, 0.56) is None


def test_who_is_last_seen_at_the_minute_it_happens_to_another_was_at_risk_then() -> None:
    assert survival_quantile({10: 1}, {10: 1}, 0.5) == 10
    assert survival_quantile({10: 1}, {9: 1}, 0.9) == 10
    assert survival_quantile({10: 1}, {10: 1}, 0.9) is None


def test_where_it_happened_to_nobody_yet_nothing_is_known() -> None:
    assert survival_quantile({}, {5: 3, 90: 1}, 0.1) is None
    assert survival_quantile({}, {}, 0.5) is None


@given(VALUES, SHARES)
def test_where_nobody_waits_it_is_the_plain_quantile(values: list[int], q: float) -> None:
    assert survival_quantile(_distribution(values), {}, q) == quantile(_distribution(values), q)


@given(VALUES, VALUES, SHARES)
def test_who_waits_longer_never_makes_it_look_faster(values: list[int], waits: list[int], q: float) -> None:
    happened = _distribution(values)
    shorter = survival_quantile(happened, _distribution(waits), q)
    longer = survival_quantile(happened, _distribution([wait + 7 for wait in waits]), q)
    assert longer is None or (shorter is not None and shorter <= longer)
