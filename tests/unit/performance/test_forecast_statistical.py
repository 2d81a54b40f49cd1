"""The statistical forecast: what it makes of a history, and what it refuses to make of one."""

import subprocess
import sys
from datetime import date
from functools import partialmethod
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from services.performance.forecast.series import Forecast, NoForecast, Series
from services.performance.forecast.statistical import statistical

JANUARY = date(2022, 1, 1)
SEASON = (60, 40, 90, 80, 100, 120, 70, 60, 110, 130, 150, 190)
"""In thousands; the new year's holidays are quiet, the year's end is not."""
NOISE = (3, -7, 11, -2, 5, -9, 8, -4, -6, 10, 1, -10, 6, -3, 9, -8, 2, 7, -11, 4, -1, -5, 12, -12)
BOTH_WAYS = tuple(SEASON[n % 12] * 1000 + NOISE[n % 24] * 300 for n in range(48))

histories = st.lists(st.integers(0, 10**9), min_size=6, max_size=40)


def told(amounts: tuple[int, ...] | list[int], ahead: int = 3, coverage: float = 0.8) -> Forecast:
    forecast = statistical(Series(JANUARY, tuple(amounts)), ahead, coverage=coverage)
    assert isinstance(forecast, Forecast)
    return forecast


def points(forecast: Forecast) -> list[int]:
    return [month.point for month in forecast.months]


def widths(forecast: Forecast) -> list[int]:
    assert all(month.upper is not None and month.lower is not None for month in forecast.months)
    return [(month.upper or 0) - (month.lower or 0) for month in forecast.months]


@pytest.mark.parametrize("amounts", [(), (5,), (10, 20, 30, 40, 50)], ids=len)
def test_of_less_than_half_a_year_nothing_is_said(amounts: tuple[int, ...]) -> None:
    assert statistical(Series(JANUARY, amounts), 3) == NoForecast(len(amounts), "too-little-history")


@pytest.mark.parametrize("amount", [0, 5, 10**15, -3])
def test_what_was_always_the_same_stays_the_same(amount: int) -> None:
    forecast = told([amount] * 6)
    assert (forecast.model, forecast.fitted_on) == ("constant", 6)
    assert [month[1:] for month in forecast.months] == [(amount, amount, amount)] * 3
    assert forecast.months[0].month == date(2022, 7, 1)


@pytest.mark.parametrize("years", [2, 3, 5])
def test_a_year_that_repeats_itself_goes_on_repeating_itself(years: int) -> None:
    forecast = told([thousands * 1000 for thousands in SEASON] * years, ahead=12)
    assert forecast.model == "ETS(A,N,A)"
    assert points(forecast) == pytest.approx([thousands * 1000 for thousands in SEASON], abs=1)
    assert max(widths(forecast)) <= 2


def test_a_season_is_learnt_from_two_years_and_not_from_less() -> None:
    assert told(BOTH_WAYS[:24]).model == "ETS(A,N,A)"
    assert told(BOTH_WAYS[:23]).model in {"ETS(A,N,N)", "ETS(A,Ad,N)"}
    assert points(told(BOTH_WAYS)) == pytest.approx([60_000, 40_000, 90_000], abs=4000)


def test_growth_goes_on_and_slowly_levels_off() -> None:
    forecast = told([100_000 + 5000 * month for month in range(36)])
    assert forecast.model == "ETS(A,Ad,N)"
    straight_on = [280_000, 285_000, 290_000]
    assert points(forecast) == sorted(points(forecast))
    for point, straight in zip(points(forecast), straight_on, strict=True):
        assert straight - 2500 < point <= straight


def test_the_interval_is_students_t_on_what_the_level_leaves_unexplained() -> None:
    """90, 110, 90, …: the level is 100, the errors are 10; two of ten degrees of freedom are spent."""
    [month] = told([90_000, 110_000] * 5, ahead=1).months
    half = 1.39682 * sqrt(10 * 10_000**2 / 8)
    assert told([90_000, 110_000] * 5).model == "ETS(A,N,N)"
    assert month.point == pytest.approx(100_000, rel=0.001)
    assert (month.lower, month.upper) == pytest.approx((100_000 - half, 100_000 + half), rel=0.001)


def test_who_wants_to_be_surer_gets_a_wider_interval() -> None:
    half, most, nearly_all = (told(BOTH_WAYS, coverage=coverage) for coverage in (0.5, 0.8, 0.95))
    assert points(half) == points(most) == points(nearly_all)
    assert widths(half) < widths(most) < widths(nearly_all)


def test_one_outlier_is_a_month_among_others_and_makes_everything_less_sure() -> None:
    """35 months of about 100,000 and one of 2,000,000 are 152,778 a month."""
    quiet = [100_000 + 1000 * NOISE[n % 24] for n in range(36)]
    loud = [*quiet[:20], 2_000_000, *quiet[21:]]
    assert points(told(loud)) == pytest.approx([152_778] * 3, rel=0.01)
    assert min(widths(told(loud))) > max(widths(told(quiet)))


def test_a_few_sales_among_nothing_are_no_reason_for_less_than_nothing() -> None:
    forecast = told([0, 0, 500_000, 0, 0, 0, 0, 80_000, 0, 0, 0, 0, 0, 0])
    assert all(month.point >= 0 and month.lower == 0 for month in forecast.months)


def test_huge_amounts_are_forecast_as_well_as_small_ones() -> None:
    small = told(BOTH_WAYS)
    huge = told([amount * 2**33 for amount in BOTH_WAYS])
    assert max(BOTH_WAYS) * 2**33 > 10**15
    assert huge.model == small.model
    assert points(huge) == pytest.approx([point * 2**33 for point in points(small)], rel=1e-4)


def test_the_same_history_has_the_same_forecast() -> None:
    assert told(BOTH_WAYS, ahead=12) == told(BOTH_WAYS, ahead=12)


@pytest.mark.parametrize(("months", "model"), [(8, "last-value"), (30, "seasonal-naive")])
def test_where_nothing_can_be_fitted_it_is_the_naive_forecast_and_says_so(
    monkeypatch: pytest.MonkeyPatch, months: int, model: str
) -> None:
    hurried = partialmethod(ETSModel.fit, maxiter=1)
    monkeypatch.setattr(ETSModel, "fit", hurried)
    assert told(BOTH_WAYS[:months]).model == model


@settings(max_examples=30, deadline=None, derandomize=True)
@given(histories)
def test_every_interval_holds_its_point_and_nothing_is_negative(amounts: list[int]) -> None:
    forecast = told(amounts)
    assert min(widths(forecast)) >= 0
    for _, point, lower, upper in forecast.months:
        assert 0 <= (lower or 0) <= point <= (upper or 0)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(histories, st.sampled_from([3, 10, 1000]))
def test_ten_times_the_amounts_are_ten_times_the_forecast(amounts: list[int], times: int) -> None:
    one, many = told(amounts), told([amount * times for amount in amounts])
    assert many.model == one.model
    about = (max(amounts) * 1e-3 + 1) * times
    assert points(many) == pytest.approx([point * times for point in points(one)], abs=about)
    assert widths(many) == pytest.approx([width * times for width in widths(one)], abs=2 * about)


def test_a_service_that_is_asked_for_no_forecast_loads_no_library_for_it() -> None:
    program = """
import sys
import services.performance.forecast.backtest, services.performance.main
assert not {"statsmodels", "scipy", "pandas", "numpy"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
