"""What the forecast's parts look like in an answer."""

from datetime import date
from fractions import Fraction

from services.performance.forecast.backtest import BackTest, Errors
from services.performance.forecast.series import Expected, Forecast, NoForecast
from services.performance.forecast.views import back_test_view, expected_views, weighted_view
from services.performance.forecast.weighted import weighted

MARCH = date(2025, 3, 1)


def test_a_weighted_forecast_shows_its_parts_and_what_it_leaves_out() -> None:
    found = weighted({0: 900_00, 3: 10_00}, 500_00, {0: Fraction(1, 3)})
    assert weighted_view(found, "CNY").model_dump() == {
        "total": 800,
        "won": 500,
        "parts": [
            {"stage": "prospecting", "open": 900, "probability": 0.333333, "weighted": 300},
            {"stage": "negotiating", "open": 10, "probability": None, "weighted": None},
        ],
        "unweighted": ["negotiating"],
    }


def test_amounts_are_told_in_the_major_unit_of_their_currency() -> None:
    assert weighted_view(weighted({}, 500, {}), "JPY").won == 500
    assert weighted_view(weighted({}, 500, {}), "CNY").won == 5


def test_a_forecast_shows_each_month_with_the_model_it_was_made_with() -> None:
    found = Forecast("ETS(A,N,N)", 9, 0.8, (Expected(MARCH, 700_00, 650_50, 749_50),))
    [(month, view)] = expected_views(found, "CNY").items()
    assert month == MARCH
    assert view.model_dump() == {"model": "ETS(A,N,N)", "point": 700, "lower": 650.5, "upper": 749.5}
    alone = Forecast("last-value", 1, 0.8, (Expected(MARCH, 700_00, None, None),))
    assert expected_views(alone, "CNY")[MARCH].lower is None
    assert expected_views(NoForecast(5), "CNY") == {}


def test_a_back_test_shows_its_errors_as_amounts_and_ratios() -> None:
    errors = Errors("statistical", 1, 3, Fraction(4000, 3), Fraction(2, 3), Fraction(1, 8), Fraction(3, 4))
    view = back_test_view(BackTest(3, (errors,), better_than_naive=True, recommended="statistical"), "CNY")
    assert view.model_dump() == {
        "origins": 3,
        "better_than_naive": True,
        "recommended": "statistical",
        "errors": [
            {
                "method": "statistical",
                "ahead": 1,
                "n": 3,
                "mae": 13.333333,
                "mase": 0.666667,
                "smape": 0.125,
                "coverage": 0.75,
            }
        ],
    }
