"""Amounts of days become whole months, one after another."""

from datetime import date

from services.performance.forecast.series import Expected, Series, expected, monthly

DAYS = {
    date(2024, 11, 30): 5,
    date(2024, 11, 1): 7,
    date(2025, 1, 31): 30,
    date(2025, 2, 14): 99,
}


def test_days_are_summed_into_months_and_a_month_without_any_in_between_is_zero() -> None:
    assert monthly(DAYS, until=date(2025, 2, 1)) == Series(date(2024, 11, 1), (12, 0, 30))


def test_the_month_that_is_not_over_is_left_out() -> None:
    assert monthly(DAYS, until=date(2025, 2, 28)).amounts == (12, 0, 30)
    assert monthly(DAYS, until=date(2025, 3, 1)).amounts == (12, 0, 30, 99)


def test_months_without_anything_since_the_last_sale_are_zeros_too() -> None:
    assert monthly(DAYS, until=date(2025, 5, 20)).amounts == (12, 0, 30, 99, 0, 0)


def test_nothing_is_known_before_the_first_sale() -> None:
    assert monthly({}, until=date(2025, 2, 14)) == Series(date(2025, 2, 1))
    assert monthly(DAYS, until=date(2024, 11, 30)) == Series(date(2024, 11, 1))


def test_months_are_counted_over_the_turn_of_the_year() -> None:
    series = Series(date(2024, 11, 1), (12, 0, 30))
    assert [series.month(n) for n in (0, 1, 2, 14)] == [
        date(2024, 11, 1),
        date(2024, 12, 1),
        date(2025, 1, 1),
        date(2026, 1, 1),
    ]
    assert series.before(2) == Series(date(2024, 11, 1), (12, 0))


def test_an_interval_is_rounded_outwards_and_holds_its_point() -> None:
    series = Series(date(2025, 1, 1), (-5, 10))
    assert expected(series, 1, 7.4, 2.3) == Expected(date(2025, 3, 1), 7, 5, 10)
    assert expected(series, 2, -7.5, 0.0) == Expected(date(2025, 4, 1), -8, -8, -7)
    assert expected(series, 1, 7.4, None) == Expected(date(2025, 3, 1), 7, None, None)


def test_what_was_never_negative_is_not_expected_to_be() -> None:
    series = Series(date(2025, 1, 1), (0, 10))
    assert expected(series, 1, 7.0, 20.0) == Expected(date(2025, 3, 1), 7, 0, 27)
    assert expected(series, 1, -3.0, 2.0) == Expected(date(2025, 3, 1), 0, 0, 0)
