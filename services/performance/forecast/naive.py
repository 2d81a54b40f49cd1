"""The forecast that any other has to beat: the same month last year."""

from math import sqrt
from statistics import NormalDist

from services.performance.forecast.series import (
    COVERAGE,
    YEAR,
    Forecast,
    NoForecast,
    Series,
    expected,
)


def seasonal_naive(series: Series, ahead: int, *, coverage: float = COVERAGE) -> Forecast | NoForecast:
    """Each month as a year before; as the last month, with less than a year (``last-value``).

    The interval is normal, as wide as the errors that this would have made so far, and grows with the
    root of the steps taken (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.5).
    """
    amounts = series.amounts
    if not amounts:
        return NoForecast(0)
    step = _step(series)
    errors = past_errors(series)
    spread = sqrt(sum(error * error for error in errors) / len(errors)) if errors else None
    z = NormalDist().inv_cdf((1 + coverage) / 2)
    months = []
    for h in range(1, ahead + 1):
        steps = (h - 1) // step + 1
        point = amounts[len(amounts) - step + (h - 1) % step]
        half = None if spread is None else z * spread * sqrt(steps)
        months.append(expected(series, h, point, half))
    model = "seasonal-naive" if step == YEAR else "last-value"
    return Forecast(model, len(amounts), coverage, tuple(months))


def past_errors(series: Series) -> list[int]:
    """How far off it would have been in each month so far; none before it had a month to look back to."""
    step, amounts = _step(series), series.amounts
    return [now - then for then, now in zip(amounts, amounts[step:], strict=False)]


def _step(series: Series) -> int:
    """How many months back it looks."""
    return YEAR if len(series.amounts) >= YEAR else 1
