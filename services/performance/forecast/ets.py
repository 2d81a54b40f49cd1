"""Exponential smoothing in state space form (ETS), fitted by statsmodels; importing it takes a second."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from pandas import Series as Values
from scipy.stats import t as student
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from services.performance.forecast.series import YEAR

EXACT: Final = 1e-12
"""A mean square error below this part of the mean square amount is rounding: nothing is left to learn."""


class Form(NamedTuple):
    """One shape of the model: additive errors, a damped trend or none, an additive season or none."""

    name: str
    months: int
    """How much history it needs."""
    parameters: int
    """How many numbers are learnt: smoothing, damping, and the states it begins with."""
    trend: bool
    season: bool


FORMS: Final = (
    Form("ETS(A,N,N)", months=6, parameters=2, trend=False, season=False),
    Form("ETS(A,Ad,N)", months=YEAR, parameters=5, trend=True, season=False),
    Form("ETS(A,N,A)", months=2 * YEAR, parameters=14, trend=False, season=True),
    Form("ETS(A,Ad,A)", months=2 * YEAR, parameters=17, trend=True, season=True),
)


class Fit(NamedTuple):
    form: Form
    aic: float
    """Akaike's information criterion, up to a constant; the least is the best."""
    size: float
    """What amounts were divided by."""
    results: Any


def fits(amounts: Sequence[int]) -> list[Fit]:
    """The forms that this much history allows and that could be fitted, the best first."""
    allowed = (form for form in FORMS if form.months <= len(amounts))
    found = [fit for form in allowed if (fit := _fit(form, amounts)) is not None]
    return sorted(found, key=lambda fit: (fit.aic, fit.form.parameters))


def predicted(fit: Fit, ahead: int, *, coverage: float) -> Iterator[tuple[float, float]]:
    """Point and half the interval's width of each month ahead.

    The variance is the model's own (Hyndman et al., Forecasting with Exponential Smoothing, 2008, ch. 6),
    but estimated with the degrees of freedom that are left, and Student's t in place of the normal:
    with two or three years of months, the library's maximum likelihood makes intervals far too narrow.
    """
    n = int(fit.results.nobs)
    left = n - fit.form.parameters
    with np.errstate(all="ignore"):
        ahead_of = fit.results.get_prediction(start=n, end=n + ahead - 1)
    wide = float(student.ppf((1 + coverage) / 2, left))
    for point, variance in zip(ahead_of.predicted_mean, ahead_of.var_pred_mean, strict=True):
        yield float(point) * fit.size, wide * math.sqrt(float(variance) * n / left) * fit.size


def _fit(form: Form, amounts: Sequence[int]) -> Fit | None:
    """``None`` when the fit did not converge; nothing is warned of, because that is the answer."""
    size = math.sqrt(sum(amount * amount for amount in amounts) / len(amounts))
    model = ETSModel(
        Values([amount / size for amount in amounts]),
        trend="add" if form.trend else None,
        damped_trend=form.trend,
        seasonal="add" if form.season else None,
        seasonal_periods=YEAR if form.season else None,
        # a season's twelve states, estimated, cost ten times the time and forecast no better (ADR 0009)
        initialization_method="heuristic" if form.season else "estimated",
    )
    with np.errstate(all="ignore"):
        results = model.fit(disp=False, warn_convergence=False)
    n = len(amounts)
    off = results.sse / n
    if not math.isfinite(off) or not (results.mle_retvals["converged"] or off < EXACT):
        return None
    aic = n * math.log(max(off, EXACT)) + 2 * form.parameters
    return Fit(form, aic, size, results)
