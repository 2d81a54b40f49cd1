"""KPIs as answers show them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from services.performance.boards import sums
from services.performance.conversion import POLICY
from services.performance.formulas import Value, as_number, evaluate
from services.performance.kpis.catalogue import terms
from services.performance.kpis.formula import MarketShare
from services.performance.kpis.kpi import Kpi
from services.performance.look import Look
from services.performance.question import Asked
from services.performance.selection import unanswerable, under_version
from services.performance.sums import Sums
from services.performance.views import Converted, KpiView, RateView, Unpriced


def under_plan(kpis: Iterable[Kpi], asked: Asked) -> list[Kpi]:
    """The KPIs with their targets under the version of the plan that is asked for."""
    version = asked.scope.plan_version
    return [replace(kpi, formula=under_version(kpi.formula, version)) for kpi in kpis]


def values(kpi: Kpi, found: Sums, asked: Asked) -> list[Value]:
    """The KPI's values; undefined, with a note, where a filter asks for what no part of it is kept by."""
    by = unanswerable(kpi.formula, asked.scope.filters)
    if by is not None:
        return [Value(kpi.unit, None, note=f"not-kept-by:{by}")]
    return evaluate(kpi, found, asked.frame)


def answered(look: Look, kpis: Iterable[Kpi], asked: Asked) -> list[KpiView]:
    """The KPIs of the look's scope."""
    chosen = under_plan(kpis, asked)
    found = sums(look, terms(chosen))
    return [_view(kpi, value, look, asked) for kpi in chosen for value in values(kpi, found, asked)]


def board(asked: Asked, look: Look | None = None) -> dict[str, Any]:
    """What every board says about itself."""
    return {
        "from_": asked.scope.period.start,
        "to": asked.scope.period.end,
        "as_of": asked.moment,
        "freshness": asked.freshness,
        "conversion": _conversion(look, asked) if look else None,
    }


def _view(kpi: Kpi, value: Value, look: Look, asked: Asked) -> KpiView:
    return KpiView(
        name=kpi.name,
        version=kpi.version,
        label=asked.said(kpi.zh, kpi.en),
        unit=value.unit,
        currency=value.currency,
        value=as_number(value.value),
        numerator=as_number(value.numerator),
        denominator=as_number(value.denominator),
        better=kpi.better,
        stands=kpi.stands,
        note=value.note,
        sources=list(look.estimates()) if isinstance(kpi.formula, MarketShare) else [],
    )


def _conversion(look: Look, asked: Asked) -> Converted | None:
    done = look.conversion
    if done is None:
        return None
    return Converted(
        to=done.to,
        policy=asked.said(*POLICY),
        used=[
            RateView(
                base=it.first.base,
                first=as_number(it.first.value),
                first_on=it.first.on,
                last=as_number(it.last.value),
                last_on=it.last.on,
                source=it.first.source,
                inverse=it.first.inverse,
            )
            for it in done.used
        ],
        missing=[Unpriced(currency=it.currency, first_day=it.first, last_day=it.last) for it in done.missing],
    )
