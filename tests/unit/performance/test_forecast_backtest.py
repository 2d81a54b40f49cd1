"""What was said in the past, against what came."""

from datetime import date
from fractions import Fraction

import pytest

from services.performance.forecast.backtest import BackTest, Errors, Method, backtest
from services.performance.forecast.series import Series

JANUARY = date(2021, 1, 1)
SEASON = (60, 40, 90, 80, 100, 120, 70, 60, 110, 130, 150, 190)


def tried(amounts: list[int], **how: int) -> BackTest:
    return backtest(Series(JANUARY, tuple(amounts)), **how)


def errors(found: BackTest, method: Method, ahead: int | None = None) -> Errors:
    [only] = [each for each in found.errors if (each.method, each.ahead) == (method, ahead)]
    return only


def test_the_errors_of_the_last_value_worked_out_by_hand() -> None:
    """Three origins; said 14, 13 and 15 for the months to come, and 13, 15, 14 came."""
    found = tried([10, 12, 11, 13, 12, 14, 13, 15, 14])
    assert found.origins == 3
    first, second, third = Fraction(8, 5), Fraction(9, 6), Fraction(11, 7)
    """The mean change from month to month, as known at each origin."""
    assert errors(found, "seasonal-naive") == Errors(
        method="seasonal-naive",
        ahead=None,
        n=6,
        mae=Fraction(1 + 1 + 0 + 2 + 1 + 1, 6),
        mase=(1 / first + 1 / first + 0 + 2 / second + 1 / second + 1 / third) / 6,
        smape=(2 * Fraction(2, 27) + 2 * Fraction(2, 29) + Fraction(4, 28)) / 6,
        covered=Fraction(6, 6),
    )
    assert errors(found, "seasonal-naive", 1).mae == Fraction(1 + 2 + 1, 3)
    assert errors(found, "seasonal-naive", 2).mae == Fraction(1 + 1, 2)
    assert errors(found, "seasonal-naive", 3).mae == 0
    assert [each.n for each in found.errors] == [6, 3, 2, 1] * 2


def test_what_nobody_foresaw_lies_outside_of_the_interval() -> None:
    """Steps of 10 up and down give ± 12.8 a month ahead; the last month is a hundred off."""
    found = tried([500, 510, 500, 510, 500, 510, 500, 510, 400])
    assert errors(found, "seasonal-naive", 1).covered == Fraction(2, 3)
    assert errors(found, "seasonal-naive").covered == Fraction(3, 6)


def test_what_never_changes_is_foreseen_and_the_simple_way_is_good_enough() -> None:
    found = tried([700] * 30)
    for method in ("statistical", "seasonal-naive"):
        every = errors(found, method)
        assert every.mae == every.smape == 0
        assert every.mase is None
        assert every.covered == 1
    assert (found.better_than_naive, found.recommended) == (False, "seasonal-naive")


def test_zeros_that_were_foreseen_are_no_error() -> None:
    assert errors(tried([0] * 11), "seasonal-naive").smape == 0


def test_growth_is_foreseen_better_than_by_last_year() -> None:
    found = tried([100_000 + 5000 * month for month in range(48)])
    assert (found.better_than_naive, found.recommended) == (True, "statistical")
    naive, better = errors(found, "seasonal-naive"), errors(found, "statistical")
    assert naive.mae == 60_000  # a year of growth, each time
    assert naive.mase == 1
    assert better.mase is not None
    assert better.mase < Fraction(1, 10)


def test_a_year_that_repeats_itself_is_best_told_by_itself() -> None:
    found = tried([thousands * 1000 for thousands in SEASON] * 4)
    assert errors(found, "seasonal-naive").mae == 0
    assert (found.better_than_naive, found.recommended) == (False, "seasonal-naive")


def test_a_statistical_forecast_that_does_worse_is_not_recommended() -> None:
    """Less than two years: it cannot know the season yet, and last year does."""
    grown = [thousands * (1000 + month) for month, thousands in enumerate(SEASON * 2)][:22]
    found = tried(grown)
    assert errors(found, "statistical").mae > errors(found, "seasonal-naive").mae
    assert (found.better_than_naive, found.recommended) == (False, "seasonal-naive")


@pytest.mark.parametrize(
    ("months", "origins"),
    [(0, 0), (6, 0), (7, 1), (11, 5), (12, 0), (16, 3), (25, 12), (26, 12), (27, 3), (36, 12), (60, 12)],
)
def test_origins_are_like_today_and_not_too_many(months: int, origins: int) -> None:
    found = tried([100 + month % 7 for month in range(months)])
    assert found.origins == origins
    assert errors(found, "statistical", 1).n == origins if origins else not found.errors


@pytest.mark.parametrize("months", [3, 7, 8, 12, 15])
def test_without_three_origins_there_is_no_verdict_and_the_simple_way_is_taken(months: int) -> None:
    found = tried([100 * month for month in range(months)])
    assert (found.better_than_naive, found.recommended) == (None, "seasonal-naive")


def test_fewer_origins_may_be_asked_for() -> None:
    assert tried([100 + month % 7 for month in range(36)], most_origins=4).origins == 4


def test_no_origin_knows_what_came_after_it() -> None:
    """Whatever the last month brings, one month ahead of it the same was said."""
    history = [1000 + 13 * (month % 5) for month in range(29)]
    low, high = tried([*history, 900]), tried([*history, 10**9])
    for method in ("statistical", "seasonal-naive"):
        one, other = errors(low, method, 1), errors(high, method, 1)
        assert abs((other.mae - one.mae) * one.n - (10**9 - 900)) <= 2 * 200


def test_the_same_history_has_the_same_errors() -> None:
    amounts = [thousands * (900 + 7 * month % 11) for month, thousands in enumerate(SEASON * 3)]
    assert tried(amounts) == tried(amounts)
