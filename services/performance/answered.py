"""KPIs as answers show them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from services.performance.boards import sums
from services.performance.conversion import POLICY
from services.performance.currencies import major
from services.performance.formulas import Value, as_number, evaluate
from services.performance.kpis.catalogue import terms
from services.performance.kpis.formula import MarketShare
from services.performance.kpis.kpi import Kpi
from services.performance.look import Look
from services.performance.question import Asked
from services.performance.selection import unanswerable, under_version
from services.performance.sums import Sums
from services.performance.views import Converted, KpiView, Priced, Unpriced


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
        used=list(_used(look)),
        missing=[
            Unpriced(currency=currency, amount=as_number(major(minor, currency)))
            for currency, minor in sorted(done.missing.items())
        ],
    )


def _used(look: Look) -> Iterator[Priced]:
    rates = look.conversion.used if look.conversion else set()
    for base in sorted({rate.base for rate in rates}):
        first, *_, last = sorted((rate for rate in rates if rate.base == base), key=lambda rate: rate.on) * 2
        yield Priced(
            base=base,
            first=as_number(first.value),
            first_on=first.on,
            last=as_number(last.value),
            last_on=last.on,
            sources=sorted({rate.source for rate in rates if rate.base == base}),
        )
