"""The same month last year, and how far off that has been."""

from datetime import date

import pytest

from services.performance.forecast.naive import seasonal_naive
from services.performance.forecast.series import Expected, Forecast, NoForecast, Series

JANUARY = date(2024, 1, 1)
YEAR = (10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120)


def told(amounts: tuple[int, ...], ahead: int = 3, coverage: float = 0.8) -> Forecast:
    forecast = seasonal_naive(Series(JANUARY, amounts), ahead, coverage=coverage)
    assert isinstance(forecast, Forecast)
    return forecast


def test_each_month_is_as_the_same_month_of_the_last_year() -> None:
    forecast = told((*(1000 for _ in YEAR), *YEAR, 15))
    assert (forecast.model, forecast.fitted_on) == ("seasonal-naive", 25)
    assert [month.point for month in forecast.months] == [20, 30, 40]
    assert forecast.months[0].month == date(2026, 2, 1)


def test_a_month_more_than_a_year_ahead_is_as_the_one_a_year_before_it() -> None:
    assert [month.point for month in told(YEAR, ahead=14).months] == [*YEAR, 10, 20]


def test_less_than_a_year_repeats_the_last_month_and_says_so() -> None:
    forecast = told(YEAR[:11])
    assert (forecast.model, forecast.fitted_on) == ("last-value", 11)
    assert [month.point for month in forecast.months] == [110, 110, 110]
    assert told(YEAR).model == "seasonal-naive"


def test_the_interval_is_as_wide_as_its_errors_so_far() -> None:
    """Errors of 3 and -4 months on end: their root mean square is the root of 12.5, 3.5355."""
    amounts = (*YEAR, *(now + (3 if n % 2 else -4) for n, now in enumerate(YEAR)))
    first = told(amounts, ahead=13)
    assert first.months[0] == Expected(date(2026, 1, 1), 6, 1, 11)  # 6 ± 1.2816 x 3.5355
    assert first.months[12] == Expected(date(2027, 1, 1), 6, 0, 13)  # and by the root of two a year on
    wider = told(amounts, coverage=0.95).months[0]
    assert (wider.lower, wider.upper) == (0, 13)  # 1.9600 x 3.5355; no amount was ever negative


def test_the_interval_of_the_last_value_grows_with_each_month() -> None:
    widths = [
        month.upper - month.lower
        for month in told((500, 510, 500, 510)).months
        if month.upper and month.lower
    ]
    assert widths == [26, 38, 46]  # 2 x 1.2816 x 10 x the root of 1, 2 and 3, rounded outwards


@pytest.mark.parametrize("amounts", [YEAR, (7,)], ids=["a year", "a month"])
def test_without_any_error_so_far_there_is_no_interval(amounts: tuple[int, ...]) -> None:
    assert {(month.lower, month.upper) for month in told(amounts).months} == {(None, None)}


def test_nothing_is_said_of_nothing() -> None:
    assert seasonal_naive(Series(JANUARY), 3) == NoForecast(0)
