"""Works out a KPI from sums of cells, exactly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import singledispatch
from typing import Final, NamedTuple

from services.performance.currencies import major
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


@dataclass(frozen=True)
class Frame:
    """What a formula needs to know beside sums: the moment, the period's days, a unit where there is none."""

    now: datetime
    days: int
    currency: str


class Value(NamedTuple):
    """A KPI's value in its unit; ``None`` where it is undefined, ``note`` says what is special about it."""

    unit: str
    value: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    currency: str | None = None
    note: str | None = None


def evaluate(kpi: Kpi, sums: Sums, frame: Frame) -> list[Value]:
    """The KPI's value, one for each currency there is."""
    return [
        value._replace(unit=kpi.unit) if value.unit == "" else value
        for value in _worked_out(kpi.formula, sums, frame)
    ]


@singledispatch
def _worked_out(formula: Formula, _sums: Sums, _frame: Frame) -> list[Value]:
    raise TypeError(f"no rule for {formula}")


@_worked_out.register
def _(formula: Count, sums: Sums, _frame: Frame) -> list[Value]:
    n = sums.total(formula.terms)
    return [Value("", n, n)]


@_worked_out.register
def _(formula: Amount, sums: Sums, frame: Frame) -> list[Value]:
    amounts = _by_currency(sums, frame, formula.terms)
    return [Value(c, amount, amount, None, c) for c, (amount,) in amounts.items()]


@_worked_out.register
def _(formula: Share, sums: Sums, _frame: Frame) -> list[Value]:
    return [_ratio("", sums.total(formula.part), sums.total(formula.whole), times=formula.times)]


@_worked_out.register(AmountShare)
def _(formula: AmountShare, sums: Sums, frame: Frame) -> list[Value]:
    amounts = _by_currency(sums, frame, formula.part, formula.whole)
    return [_ratio("", part, whole, currency=c) for c, (part, whole) in amounts.items()]


@_worked_out.register
def _(formula: MarketShare, sums: Sums, frame: Frame) -> list[Value]:
    amounts = _by_currency(sums, frame, formula.ours, formula.market)
    return [
        _ratio("", ours, market, currency=c)._replace(note=None if market else "no-estimate")
        for c, (ours, market) in amounts.items()
    ]


@_worked_out.register
def _(formula: Average, sums: Sums, frame: Frame) -> list[Value]:
    return [
        _ratio(c, major(sums.total(formula.amount, c), c), sums.total(formula.count, c), currency=c)
        for c in sums.in_currencies(formula.count) or [frame.currency]
    ]


@_worked_out.register
def _(formula: Quantile, sums: Sums, _frame: Frame) -> list[Value]:
    found = sums.spread(formula.observations)
    return [Value("", quantile(found, formula.q), None, Fraction(sum(found.values())))]


@_worked_out.register
def _(formula: Survival, sums: Sums, frame: Frame) -> list[Value]:
    happened = sums.spread(formula.observations)
    minute = int(frame.now.timestamp() // 60)
    waiting = _shifted(sums.spread(formula.waiting), lambda since: max(0, minute - since))
    censored = _added(waiting, sums.spread(formula.dropped))
    n = sum(happened.values()) + sum(censored.values())
    value = survival_quantile(happened, censored, formula.q)
    note = f"waiting:{sum(waiting.values())}" if waiting else None
    return [Value("", value, Fraction(sum(happened.values())), Fraction(n), note=note)]


@_worked_out.register
def _(formula: Coverage, sums: Sums, frame: Frame) -> list[Value]:
    found = []
    for c, (amount, target, done) in _by_currency(
        sums, frame, formula.amount, formula.target, formula.done
    ).items():
        left = target - done
        if target > 0 and left <= 0:
            found.append(Value("", None, amount, Fraction(0), c, "met"))
        else:
            found.append(_ratio("", amount, left if target else Fraction(0), currency=c))
    return found


@_worked_out.register
def _(formula: Velocity, sums: Sums, frame: Frame) -> list[Value]:
    won, lost = sums.total(formula.won), sums.total(formula.lost)
    cycle = quantile(sums.spread(formula.cycle), 0.5)
    found = []
    for c in sums.in_currencies(formula.priced) or [frame.currency]:
        priced = sums.total(formula.priced, c)
        if not (priced and cycle):
            found.append(Value(c, None, None, None, c))
            continue
        size = major(sums.total(formula.amount, c), c) / priced
        worth = sums.total(formula.open) * (won / (won + lost)) * size
        found.append(Value(c, worth / cycle, worth, cycle, c))
    return found


@_worked_out.register
def _(formula: Weighted, sums: Sums, frame: Frame) -> list[Value]:
    chances = stage_probabilities(sums.spread(formula.stage_closed), sums.spread(formula.stage_won))
    found = []
    for c in sums.in_currencies(formula.won, formula.open) or [frame.currency]:
        it = weighted(sums.amounts(formula.open, c), sums.total(formula.won, c), chances)
        without = ",".join(STAGES[part.stage] for part in it.unweighted)
        note = f"no-history:{without}" if without else None
        found.append(Value(c, major(it.total, c), major(it.won, c), None, c, note))
    return found


@_worked_out.register
def _(formula: Days, sums: Sums, frame: Frame) -> list[Value]:
    amounts = _by_currency(sums, frame, formula.balance, formula.sales)
    return [_ratio("", owed, sold, times=frame.days, currency=c) for c, (owed, sold) in amounts.items()]


@_worked_out.register
def _(formula: Promoters, sums: Sums, _frame: Frame) -> list[Value]:
    answers = sums.spread(formula.observations)
    n = sum(answers.values())
    promoters = sum(k for score, k in answers.items() if score >= PROMOTER)
    detractors = sum(k for score, k in answers.items() if score <= DETRACTOR)
    return [_ratio("", Fraction(promoters - detractors), Fraction(n), times=100)]


@_worked_out.register
def _(formula: Satisfied, sums: Sums, _frame: Frame) -> list[Value]:
    answers = sums.spread(formula.observations)
    satisfied = sum(k for score, k in answers.items() if score >= SATISFIED)
    return [_ratio("", Fraction(satisfied), Fraction(sum(answers.values())))]


@_worked_out.register
def _(formula: Customers, sums: Sums, _frame: Frame) -> list[Value]:
    buyers = sums.buyers
    n = len(buyers.bought) - (len(buyers.before) if formula.which == "new" else 0)
    return [Value("", Fraction(n), Fraction(n))]


@_worked_out.register
def _(formula: CustomerShare, sums: Sums, _frame: Frame) -> list[Value]:
    buyers = sums.buyers
    if formula.which == "retained":
        again = len(buyers.prior.intersection(buyers.bought))
        return [_ratio("", Fraction(again), Fraction(len(buyers.prior)))]
    repeated = sum(1 for purchases in buyers.bought.values() if purchases > 1)
    return [_ratio("", Fraction(repeated), Fraction(len(buyers.bought)))]


@_worked_out.register
def _(formula: PerCustomer, sums: Sums, frame: Frame) -> list[Value]:
    amounts = _by_currency(sums, frame, formula.amount)
    return [_ratio(c, amount, Fraction(sums.sold_to(c)), currency=c) for c, (amount,) in amounts.items()]


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


def _shifted(spread: Mapping[int, int], to: Callable[[int], int]) -> Mapping[int, int]:
    shifted: dict[int, int] = {}
    for bucket, n in spread.items():
        shifted[to(bucket)] = shifted.get(to(bucket), 0) + n
    return shifted


def _added(one: Mapping[int, int], other: Mapping[int, int]) -> Mapping[int, int]:
    return {bucket: one.get(bucket, 0) + other.get(bucket, 0) for bucket in {*one, *other}}


def _ratio(
    unit: str, numerator: Fraction, denominator: Fraction, *, times: int = 1, currency: str | None = None
) -> Value:
    """Undefined where the denominator is nothing, or less than nothing."""
    value = numerator / denominator * times if denominator > 0 else None
    return Value(unit, value, numerator, denominator, currency)
