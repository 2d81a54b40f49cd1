"""Works out a KPI from sums of cells, exactly."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import singledispatch
from typing import Final, NamedTuple, overload

from services.performance.currencies import major
from services.performance.days import minute_of
from services.performance.forecast.weighted import stage_probabilities, weighted
from services.performance.kpis.formula import (
    Amount,
    AmountShare,
    Average,
    Count,
    Coverage,
    Customers,
    CustomerShare,
    Days,
    Formula,
    MarketShare,
    PerCustomer,
    Promoters,
    Quantile,
    Satisfied,
    Share,
    Survival,
    Terms,
    Velocity,
    Weighted,
)
from services.performance.kpis.kpi import Kpi
from services.performance.quantiles import quantile, survival_quantile
from services.performance.sums import Sums
from shared.events.deal import STAGES

PROMOTER: Final = 9
DETRACTOR: Final = 6
SATISFIED: Final = 4
MONEY: Final = ("money", "money-a-day")


@dataclass(frozen=True)
class Frame:
    """What a formula needs to know beside sums: the moment, the period's days, a unit where there is none."""

    now: datetime
    days: int
    currency: str


class Answer(NamedTuple):
    """What a formula comes to; ``None`` where it is undefined, ``note`` says what is special about it."""

    value: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    currency: str | None = None
    note: str | None = None


class Value(NamedTuple):
    """The same of a KPI, in its unit; the unit of money is its currency."""

    unit: str
    value: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    currency: str | None = None
    note: str | None = None


def evaluate(kpi: Kpi, sums: Sums, frame: Frame) -> list[Value]:
    """The KPI's value, one for each currency there is."""
    return [
        Value(it.currency if it.currency and kpi.unit in MONEY else kpi.unit, *it)
        for it in _worked_out(kpi.formula, sums, frame)
    ]


@singledispatch
def _worked_out(formula: Formula, _sums: Sums, _frame: Frame) -> list[Answer]:
    raise TypeError(f"no rule for {formula}")


@_worked_out.register
def _(formula: Count, sums: Sums, _frame: Frame) -> list[Answer]:
    n = sums.total(formula.terms)
    return [Answer(n, n)]


@_worked_out.register
def _(formula: Amount, sums: Sums, frame: Frame) -> list[Answer]:
    amounts = _by_currency(sums, frame, formula.terms)
    return [Answer(amount, amount, None, c) for c, (amount,) in amounts.items()]


@_worked_out.register
def _(formula: Share, sums: Sums, _frame: Frame) -> list[Answer]:
    return [_ratio(sums.total(formula.part), sums.total(formula.whole), times=formula.times)]


@_worked_out.register
def _(formula: AmountShare, sums: Sums, frame: Frame) -> list[Answer]:
    amounts = _by_currency(sums, frame, formula.part, formula.whole)
    return [_ratio(part, whole, currency=c) for c, (part, whole) in amounts.items()]


@_worked_out.register
def _(formula: MarketShare, sums: Sums, frame: Frame) -> list[Answer]:
    amounts = _by_currency(sums, frame, formula.ours, formula.market)
    return [
        _ratio(ours, market, currency=c)._replace(note=None if market else "no-estimate")
        for c, (ours, market) in amounts.items()
    ]


@_worked_out.register
def _(formula: Average, sums: Sums, frame: Frame) -> list[Answer]:
    return [
        _ratio(major(sums.total(formula.amount, c), c), sums.total(formula.count, c), currency=c)
        for c in sums.in_currencies(formula.count) or [frame.currency]
    ]


@_worked_out.register
def _(formula: Quantile, sums: Sums, _frame: Frame) -> list[Answer]:
    found = sums.spread(formula.observations)
    return [Answer(quantile(found, formula.q), None, Fraction(sum(found.values())))]


@_worked_out.register
def _(formula: Survival, sums: Sums, frame: Frame) -> list[Answer]:
    happened = Counter(sums.spread(formula.observations))
    waiting: Counter[int] = Counter()
    for since, n in sums.spread(formula.waiting).items():
        waiting[max(0, minute_of(frame.now) - since)] += n
    censored = waiting + Counter(sums.spread(formula.dropped))
    value = survival_quantile(happened, censored, formula.q)
    note = f"waiting:{waiting.total()}" if waiting else None
    return [Answer(value, Fraction(happened.total()), Fraction((happened + censored).total()), note=note)]


@_worked_out.register
def _(formula: Coverage, sums: Sums, frame: Frame) -> list[Answer]:
    found = []
    amounts = _by_currency(sums, frame, formula.amount, formula.target, formula.done)
    for c, (amount, target, done) in amounts.items():
        left = max(Fraction(0), target - done)
        met = "met" if target and not left else None
        found.append(_ratio(amount, left, currency=c)._replace(note=met))
    return found


@_worked_out.register
def _(formula: Velocity, sums: Sums, frame: Frame) -> list[Answer]:
    won, lost = sums.total(formula.won), sums.total(formula.lost)
    cycle = quantile(sums.spread(formula.cycle), 0.5)
    found = []
    for c in sums.in_currencies(formula.priced) or [frame.currency]:
        priced = sums.total(formula.priced, c)
        if not (priced and cycle):
            found.append(Answer(None, currency=c))
            continue
        size = major(sums.total(formula.amount, c), c) / priced
        worth = sums.total(formula.open) * (won / (won + lost)) * size
        found.append(Answer(worth / cycle, worth, cycle, c))
    return found


@_worked_out.register
def _(formula: Weighted, sums: Sums, frame: Frame) -> list[Answer]:
    chances = stage_probabilities(sums.spread(formula.stage_closed), sums.spread(formula.stage_won))
    found = []
    for c in sums.in_currencies(formula.won, formula.open) or [frame.currency]:
        it = weighted(sums.amounts(formula.open, c), sums.total(formula.won, c), chances)
        without = ",".join(STAGES[part.stage] for part in it.unweighted)
        note = f"no-history:{without}" if without else None
        found.append(Answer(major(it.total, c), major(it.won, c), None, c, note))
    return found


@_worked_out.register
def _(formula: Days, sums: Sums, frame: Frame) -> list[Answer]:
    amounts = _by_currency(sums, frame, formula.balance, formula.sales)
    return [_ratio(owed, sold, times=frame.days, currency=c) for c, (owed, sold) in amounts.items()]


@_worked_out.register
def _(formula: Promoters, sums: Sums, _frame: Frame) -> list[Answer]:
    answers = sums.spread(formula.observations)
    n = sum(answers.values())
    promoters = sum(k for score, k in answers.items() if score >= PROMOTER)
    detractors = sum(k for score, k in answers.items() if score <= DETRACTOR)
    return [_ratio(Fraction(promoters - detractors), Fraction(n), times=100)]


@_worked_out.register
def _(formula: Satisfied, sums: Sums, _frame: Frame) -> list[Answer]:
    answers = sums.spread(formula.observations)
    satisfied = sum(k for score, k in answers.items() if score >= SATISFIED)
    return [_ratio(Fraction(satisfied), Fraction(sum(answers.values())))]


@_worked_out.register
def _(formula: Customers, sums: Sums, _frame: Frame) -> list[Answer]:
    buyers = sums.buyers
    n = len(buyers.bought) - (len(buyers.before) if formula.which == "new" else 0)
    return [Answer(Fraction(n), Fraction(n))]


@_worked_out.register
def _(formula: CustomerShare, sums: Sums, _frame: Frame) -> list[Answer]:
    buyers = sums.buyers
    if formula.which == "retained":
        again = len(buyers.prior.intersection(buyers.bought))
        return [_ratio(Fraction(again), Fraction(len(buyers.prior)))]
    repeated = sum(1 for purchases in buyers.bought.values() if purchases > 1)
    return [_ratio(Fraction(repeated), Fraction(len(buyers.bought)))]


@_worked_out.register
def _(formula: PerCustomer, sums: Sums, frame: Frame) -> list[Answer]:
    amounts = _by_currency(sums, frame, formula.amount)
    return [_ratio(amount, Fraction(sums.sold_to(c)), currency=c) for c, (amount,) in amounts.items()]


@overload
def as_number(value: Fraction) -> int | float: ...
@overload
def as_number(value: Fraction | None) -> int | float | None: ...
def as_number(value: Fraction | None) -> int | float | None:
    """For JSON: whole numbers stay whole; the rest is rounded half even to six places."""
    if value is None:
        return None
    if value.denominator == 1:
        return value.numerator
    return float(round(value, 6))


def _by_currency(sums: Sums, frame: Frame, *parts: Terms) -> Mapping[str, tuple[Fraction, ...]]:
    """Each part in major units, for every currency in which any of them has something."""
    return {
        c: tuple(major(sums.total(terms, c), c) for terms in parts)
        for c in sums.in_currencies(*parts) or [frame.currency]
    }


def _ratio(
    numerator: Fraction, denominator: Fraction, *, times: int = 1, currency: str | None = None
) -> Answer:
    """Undefined where the denominator is nothing, or less than nothing."""
    value = numerator / denominator * times if denominator > 0 else None
    return Answer(value, numerator, denominator, currency)
