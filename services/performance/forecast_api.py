"""The forecast over HTTP: what people promise, what the pipeline weighs, what the past suggests 预测."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Final

from fastapi import APIRouter, HTTPException, Request

from services.performance.answered import board
from services.performance.boards import groups, sums
from services.performance.currencies import major
from services.performance.days_won import won_by_day
from services.performance.forecast.backtest import BackTest, backtest
from services.performance.forecast.naive import seasonal_naive
from services.performance.forecast.series import COVERAGE, Forecast, NoForecast, Series, monthly
from services.performance.forecast.statistical import statistical
from services.performance.forecast.views import (
    Amounts,
    CurrencyForecast,
    DriftBoard,
    DriftView,
    ForecastBoard,
    MonthView,
    back_test_view,
    expected_views,
    weighted_view,
)
from services.performance.forecast.weighted import Weighted, stage_probabilities, weighted
from services.performance.formulas import as_number
from services.performance.kpis import sales
from services.performance.kpis.formula import Terms, parts, total
from services.performance.kpis_api import LookAt
from services.performance.look import Look
from services.performance.question import Question
from services.performance.scope import Period
from services.performance.spans import spans
from services.performance.sums import Sums
from shared.service.actor import Asking

router = APIRouter(prefix="/forecast", tags=["forecast 预测"])

MOST_MONTHS: Final = 24
MOST_DAYS: Final = 100

_COMMIT, _BEST_CASE = total("commit_amount"), total("best_case_amount")
_PIPELINE: Final = parts(next(kpi for kpi in sales.KPIS if kpi.name == "weighted_forecast").formula)
_TERMS: Final = frozenset(term for some in (*_PIPELINE.values(), _COMMIT, _BEST_CASE) for term in some)


@dataclass(frozen=True)
class Month:
    """What is known of one month (or the part of it that was asked for)."""

    period: Period
    sums: Sums
    committed: Mapping[str, int]
    """Currency → how many people have committed."""


@router.get("", summary="What is to be expected of the months of a period 预测")
def forecast(asked: Question, looks: LookAt, _actor: Asking) -> ForecastBoard:
    cut = list(spans(asked.scope.period, "month"))
    if len(cut) > MOST_MONTHS:
        raise HTTPException(422, f"That is {len(cut)} months; at most {MOST_MONTHS} are told at once.")
    with looks.at(asked.scope) as look:
        months = [_month(look.of(asked.about(period).scope)) for period in cut]
        won = won_by_day(look, until=asked.scope.today)
        head = board(asked, look)
    found = sorted({*won, *(c for month in months for c in _currencies(month.sums))})
    return ForecastBoard(
        **head,
        forecasts=[
            _of_currency(currency, won.get(currency, {}), months, asked.scope.today)
            for currency in found or [asked.frame.currency]
        ],
    )


@router.get("/drift", summary="How the forecast of a period moved from day to day 预测漂移")
def drift(request: Request, asked: Question, looks: LookAt, _actor: Asking) -> DriftBoard:
    """The period's forecast as it was known at the end of each of its days, up to now."""
    period, zone = asked.scope.period, request.app.state.settings.timezone()
    days = list(spans(Period(period.start, min(period.end, asked.scope.today + timedelta(days=1))), "day"))
    if len(days) > MOST_DAYS:
        raise HTTPException(422, f"That is {len(days)} days; at most {MOST_DAYS} are told at once.")
    told = []
    for day in days:
        midnight = datetime.combine(day.end, time(), zone)
        then = asked.known_at(min(midnight, asked.moment), day.start)
        with looks.at(then.scope) as look:
            told.append(_drifted(day.start, period, sums(look, _TERMS)))
    with looks.at(asked.scope) as look:
        return DriftBoard(**board(asked, look), days=told)


def _month(look: Look) -> Month:
    people: Counter[str] = Counter()
    for person in groups(look, "person", _COMMIT):
        theirs = person.sums.in_currencies(_COMMIT)
        people.update(c for c in theirs if _whole(person.sums, _COMMIT, c, look.scope.period))
    return Month(look.scope.period, sums(look, _TERMS), people)


def _of_currency(
    currency: str, won: Mapping[date, int], months: Sequence[Month], today: date
) -> CurrencyForecast:
    series = monthly(won, until=today)
    ahead = len(list(spans(Period(today, max(months[-1].period.end, today + timedelta(days=1))), "month")))
    suggested, naive, tested = _from_the_past(series, ahead)
    by_model, by_naive = expected_views(suggested, currency), expected_views(naive, currency)
    return CurrencyForecast(
        currency=currency,
        history=len(series.amounts),
        reason=suggested.reason if isinstance(suggested, NoForecast) else None,
        coverage=COVERAGE,
        months=[
            MonthView(
                month=month.period.start,
                commit=_promised(month, _COMMIT, currency),
                best_case=_promised(month, _BEST_CASE, currency),
                committed=month.committed.get(currency, 0),
                weighted=weighted_view(_weighted(month.sums, currency), currency),
                statistical=by_model.get(month.period.start),
                naive=by_naive.get(month.period.start),
            )
            for month in months
        ],
        back_test=back_test_view(tested, currency),
    )


@lru_cache(maxsize=256)
def _from_the_past(
    series: Series, ahead: int
) -> tuple[Forecast | NoForecast, Forecast | NoForecast, BackTest]:
    """The same for as long as no month ends and none is corrected: kept, as fitting takes its time."""
    return statistical(series, ahead), seasonal_naive(series, ahead), backtest(series)


def _weighted(found: Sums, currency: str) -> Weighted:
    closed, won = found.spread(_PIPELINE["stage_closed"]), found.spread(_PIPELINE["stage_won"])
    is_open = found.amounts(_PIPELINE["open"], currency)
    return weighted(is_open, found.total(_PIPELINE["won"], currency), stage_probabilities(closed, won))


def _drifted(day: date, period: Period, found: Sums) -> DriftView:
    amounts: dict[str, Amounts] = {}
    for currency in _currencies(found):
        amounts[currency] = Amounts(
            weighted=as_number(major(_weighted(found, currency).total, currency)),
            won=as_number(major(found.total(_PIPELINE["won"], currency), currency)),
            commit=as_number(major(_whole(found, _COMMIT, currency, period), currency)),
            best_case=as_number(major(_whole(found, _BEST_CASE, currency, period), currency)),
        )
    return DriftView(day=day, amounts=amounts)


def _whole(found: Sums, terms: Terms, currency: str, period: Period) -> int | Fraction:
    """What was promised for just this period, and not for one that only begins in it."""
    return found.amounts(terms, currency).get(period.days, 0)


def _promised(month: Month, terms: Terms, currency: str) -> int | float | None:
    if not month.committed.get(currency):
        return None
    return as_number(major(_whole(month.sums, terms, currency, month.period), currency))


def _currencies(found: Sums) -> list[str]:
    return found.in_currencies(_COMMIT, _PIPELINE["won"], _PIPELINE["open"])
