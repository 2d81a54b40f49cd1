"""What the forecast answers; money is in the major unit of the currency it is listed under."""

from datetime import date
from typing import Literal

from pydantic import BaseModel

from services.performance.currencies import major
from services.performance.forecast.backtest import BackTest, Errors, Method
from services.performance.forecast.series import Expected, Forecast, NoForecast
from services.performance.forecast.weighted import Part, Weighted
from services.performance.formulas import as_number
from services.performance.views import Board, Known, Number
from shared.events.deal import STAGES


class PartView(BaseModel):
    """What is open at a stage; without any history it has no ``probability``, and is not ``weighted``."""

    stage: str
    open: Known
    probability: Number
    weighted: Number


class WeightedView(BaseModel):
    """``total`` is won once and in full, and open by its chance; ``unweighted`` stages are not in it."""

    total: Known
    won: Known
    parts: list[PartView]
    unweighted: list[str]


class ExpectedView(BaseModel):
    """``model`` is what it was really made with; without past errors there is no interval."""

    model: str
    point: Known
    lower: Number
    upper: Number


class MonthView(BaseModel):
    """A month by its first day: as people promise it, as the pipeline weighs it, as the past suggests it."""

    month: date
    commit: Number
    """The sum of what people stand by for just this month; ``null`` when nobody has committed."""
    best_case: Number
    committed: int
    """How many people have committed."""
    weighted: WeightedView
    statistical: ExpectedView | None
    naive: ExpectedView | None


class ErrorsView(BaseModel):
    """How far off a method was so many months ahead, or (``null``) over all; ratios of 1 are 100 %."""

    method: Method
    ahead: int | None
    n: int
    mae: Known
    mase: Number
    smape: Number
    coverage: Number


class BackTestView(BaseModel):
    """``better_than_naive`` is ``null`` where there were too few origins for a verdict."""

    origins: int
    better_than_naive: bool | None
    recommended: Method
    errors: list[ErrorsView]


class Amounts(BaseModel):
    weighted: Known
    won: Known
    commit: Known
    best_case: Known


class DriftView(BaseModel):
    """What was expected of the period at the end of a day, for each currency."""

    day: date
    amounts: dict[str, Amounts]


class DriftBoard(Board):
    days: list[DriftView]


class CurrencyForecast(BaseModel):
    currency: str
    history: int
    """How many whole months it is made from; the month that is not over is no history."""
    reason: Literal["too-little-history"] | None
    """Why there is no statistical forecast."""
    coverage: float
    """How often the truth should fall into an interval; the back-test says how often it did."""
    months: list[MonthView]
    back_test: BackTestView


class ForecastBoard(Board):
    forecasts: list[CurrencyForecast]


def weighted_view(found: Weighted, currency: str) -> WeightedView:
    return WeightedView(
        total=as_number(major(found.total, currency)),
        won=as_number(major(found.won, currency)),
        parts=[_part(part, currency) for part in found.parts],
        unweighted=[STAGES[part.stage] for part in found.unweighted],
    )


def expected_views(found: Forecast | NoForecast, currency: str) -> dict[date, ExpectedView]:
    """Each month's view by its first day; none where nothing could be said."""
    if isinstance(found, NoForecast):
        return {}
    return {each.month: _expected(found.model, each, currency) for each in found.months}


def back_test_view(found: BackTest, currency: str) -> BackTestView:
    return BackTestView(
        origins=found.origins,
        better_than_naive=found.better_than_naive,
        recommended=found.recommended,
        errors=[_errors(each, currency) for each in found.errors],
    )


def _part(part: Part, currency: str) -> PartView:
    return PartView(
        stage=STAGES[part.stage],
        open=as_number(major(part.open, currency)),
        probability=as_number(part.probability),
        weighted=None if part.weighted is None else as_number(major(part.weighted, currency)),
    )


def _expected(model: str, each: Expected, currency: str) -> ExpectedView:
    return ExpectedView(
        model=model,
        point=as_number(major(each.point, currency)),
        lower=None if each.lower is None else as_number(major(each.lower, currency)),
        upper=None if each.upper is None else as_number(major(each.upper, currency)),
    )


def _errors(each: Errors, currency: str) -> ErrorsView:
    return ErrorsView(
        method=each.method,
        ahead=each.ahead,
        n=each.n,
        mae=as_number(major(each.mae, currency)),
        mase=as_number(each.mase),
        smape=as_number(each.smape),
        coverage=as_number(each.covered),
    )
