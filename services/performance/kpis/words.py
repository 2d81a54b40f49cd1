"""A KPI's formula in words, from its declaration."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

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
    Span,
    Survival,
    Term,
    Terms,
    Velocity,
    Weighted,
    parts,
)
from services.performance.kpis.kpi import Kpi
from services.performance.views import Definition

_SHAPES: Final[dict[type, str]] = {
    Count: "{terms}",
    Amount: "{terms}",
    Share: "{part} ÷ ({whole})",
    AmountShare: "({part}) ÷ ({whole})",
    Average: "{amount} ÷ {count}",
    Quantile: "{q}-quantile of {observations}",
    Survival: "{q}-quantile of {observations}, counting {waiting} (until now) and {dropped} (in vain)",
    Coverage: "{amount} ÷ (({target}) − ({done}))",
    Velocity: "{open} × {won} ÷ ({won} + {lost}) × {amount} ÷ {priced} ÷ median of {cycle}",
    Weighted: "{won} + Σ over stages of {open} × {stage_won} ÷ {stage_closed}",
    Days: "({balance}) ÷ ({sales}) × days",
    Promoters: "100 × (share of 9 and 10 − share of 0 to 6) of {observations}",
    Satisfied: "share of 4 and 5 of {observations}",
    Customers: "customers with {purchases} ({which})",
    CustomerShare: "share of customers with {purchases} ({which})",
    PerCustomer: "({amount}) ÷ customers with {sold}",
    MarketShare: "({ours}) ÷ {market}",
}
_SPANS: Final[dict[Span, str]] = {
    "in": "",
    "now": " now",
    "before": " before the period",
    "due": " due by today",
    "year": " in the year to its end",
}


def in_words(formula: Formula) -> str:
    """Such as ``won_count ÷ (won_count + lost_count)``."""
    told: dict[str, Any] = {field.name: getattr(formula, field.name) for field in fields(formula)}
    told |= {name: _sum(terms) for name, terms in parts(formula).items()}
    words = _SHAPES[type(formula)].format(**told)
    return f"{words} × {formula.times}" if isinstance(formula, Share) and formula.times != 1 else words


def definition(kpi: Kpi) -> Definition:
    return Definition(
        name=kpi.name,
        version=kpi.version,
        label_zh=kpi.zh,
        label_en=kpi.en,
        unit=kpi.unit,
        better=kpi.better,
        formula=in_words(kpi.formula),
        period=kpi.period,
        edges=kpi.edges,
        source=kpi.source,
    )


def page(kpis: Iterable[Kpi]) -> str:
    """The KPI catalogue as a page for people (Markdown)."""
    return "\n".join([_PAGE, *(_section(kpi) for kpi in kpis)])


def _section(kpi: Kpi) -> str:
    return (
        f"## {kpi.en} {kpi.zh}\n\n"
        f"`{kpi.key}`, {kpi.unit}, {kpi.better} is better\n\n"
        f"- Formula: {in_words(kpi.formula)}\n"
        f"- Period: {kpi.period}\n"
        f"- At the edges: {kpi.edges}\n"
        f"- Source: {kpi.source}\n"
    )


_PAGE: Final = """\
# KPIs 指标

Made from the declarations in `services/performance/kpis/` by `make docs`; a check fails when it is not.
Every number has `GET /explain?kpi=NAME`, which lists what it is made of.
"""


def _sum(terms: Terms) -> str:
    if not terms:
        return "none"
    first, *rest = terms
    return _term(first) + "".join((" − " if term.sign < 0 else " + ") + _term(term) for term in rest)


def _term(term: Term) -> str:
    bucket = "" if term.bucket is None else f"[{term.bucket}]"
    known = " of known customers" if term.known else ""
    return f"{term.measure}{bucket}{known}{_SPANS[term.span]}"
