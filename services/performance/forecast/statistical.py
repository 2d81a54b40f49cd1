"""The statistical forecast: exponential smoothing in the form that the history supports."""

from typing import Final

from services.performance.forecast.naive import seasonal_naive
from services.performance.forecast.series import COVERAGE, Forecast, NoForecast, Series, expected

LEAST: Final = 6
"""Months; with fewer there is no forecast."""


def statistical(series: Series, ahead: int, *, coverage: float = COVERAGE) -> Forecast | NoForecast:
    """The months ahead by the best form of ETS for this history (ADR 0009), with an interval.

    Seasons need two years of months, a trend one. A history of one amount stays ``constant``; where no
    form can be fitted, it is the seasonal-naive forecast, and ``model`` says so.
    """
    months = len(series.amounts)
    if months < LEAST:
        return NoForecast(months)
    if len(set(series.amounts)) == 1:
        same = (expected(series, h, series.amounts[0], 0.0) for h in range(1, ahead + 1))
        return Forecast("constant", months, coverage, tuple(same))
    from services.performance.forecast import ets  # noqa: PLC0415 - only who asks for a forecast waits for it

    best = next(iter(ets.fits(series.amounts)), None)
    if best is None:
        return seasonal_naive(series, ahead, coverage=coverage)
    found = ets.predicted(best, ahead, coverage=coverage)
    each = (expected(series, h, point, half) for h, (point, half) in enumerate(found, start=1))
    return Forecast(best.form.name, months, coverage, tuple(each))
