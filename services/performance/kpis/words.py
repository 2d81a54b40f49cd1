"""A KPI's formula in words, from its declaration, and the page that lists them all."""

from collections.abc import Collection, Iterable
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
from services.performance.measures.catalogue import MEASURES
from shared.events.deal import STAGES

_SHAPES: Final[dict[type, str]] = {
    Count: "{terms}",
    Amount: "{terms}",
    Share: "{part} ÷ {whole}",
    AmountShare: "{part} ÷ {whole}",
    Average: "{amount} ÷ {count}",
    Quantile: "{q} of {observations}",
    Survival: "{q} of {observations}, counting who waits still or waited in vain: {unended}",
    Coverage: "{amount} ÷ ({target} − {done})",
    Velocity: "{open} × {won} ÷ ({won} + {lost}) × {amount} ÷ {priced} ÷ median of {cycle}",
    Weighted: "{won} + Σ over stages of {open} × {stage_won} ÷ {stage_closed}",
    Days: "{balance} ÷ {sales} × days",
    Promoters: "100 × (share of 9 and 10 − share of 0 to 6) of {observations}",
    Satisfied: "share of 4 and 5 of {observations}",
    PerCustomer: "{amount} ÷ customers with {sold}",
    MarketShare: "{ours} ÷ {market}",
}
_CUSTOMERS: Final[dict[str, str]] = {
    "bought": "customers with {purchases}",
    "new": "customers with {purchases}, and none before the period",
    "retained": "customers with {purchases} in as many days before the period and in it ÷ those before it",
    "repeated": "customers with two of {purchases} or more ÷ customers with any",
}
_SPANS: Final[dict[Span, str]] = {
    "in": "",
    "now": " now",
    "before": " before the period",
    "due": " due by today",
    "year": " in the year to the period's end",
}


def in_words(formula: Formula) -> str:
    """Such as ``won_count ÷ (won_count + lost_count)``."""
    told: dict[str, Any] = {field.name: getattr(formula, field.name) for field in fields(formula)}
    alone = len(parts(formula)) == 1
    told |= {name: _sum(terms, alone=alone) for name, terms in parts(formula).items()}
    match formula:
        case Quantile(q=q):
            told["q"] = _quantile(q)
        case Survival(q=q, waiting=waiting, dropped=dropped):
            told |= {"q": _quantile(q), "unended": _sum((*waiting, *dropped), alone=True)}
        case Customers(which=which) | CustomerShare(which=which):
            return _CUSTOMERS[which].format(**told)
        case Share(times=times) if times != 1:
            return f"{_SHAPES[Share].format(**told)} × {times}"
    return _SHAPES[type(formula)].format(**told)


def page(kpis: Collection[Kpi]) -> str:
    """The KPI catalogue as a page for people (Markdown)."""
    return "\n".join([_PAGE, *(_section(kpi) for kpi in kpis), _measures(kpis)])


def _section(kpi: Kpi) -> str:
    return (
        f"## {kpi.en} {kpi.zh}\n\n"
        f"`{kpi.key}`, {kpi.unit}, {kpi.better} is better\n\n"
        f"- Formula: {in_words(kpi.formula)}\n"
        f"- Period: {kpi.period}\n"
        f"- At the edges: {kpi.edges}\n"
        f"- Source: {kpi.source}\n"
    )


def _measures(kpis: Iterable[Kpi]) -> str:
    used = {term.measure for kpi in kpis for terms in parts(kpi.formula).values() for term in terms}
    lines = [f"- `{name}`: {measure.means}" for name, measure in MEASURES.items() if name in used]
    return "\n".join(["## Measures 计量", "", "What one unit of each is.", "", *lines, ""])


_PAGE: Final = f"""\
# KPIs 指标

Every number of the boards, as `services/performance/kpis/` declares it. `make docs` writes this page, and a
test fails when it says something else.

- A period is business days: `from` is the first, `to` the first no longer in it.
- An undefined number is `null`, never zero. Money is kept apart by currency, unless `currency` asks for one.
- `GET /kpis/definitions` answers what is below, and `GET /explain?kpi=NAME` what a number is made of, down to
  the events. With `as_of`, boards show what was known at that moment.
- The names in formulas are measures; the last section says what they count. `[1]` is one bucket of a measure:
  for stages their place, from {STAGES[0]} 0 to {STAGES[-1]} {len(STAGES) - 1} and won {len(STAGES)}.
"""


def _quantile(q: float) -> str:
    return "median" if q == 0.5 else f"{q:.0%} quantile"  # noqa: PLR2004 - the median is what it says


def _sum(terms: Terms, *, alone: bool) -> str:
    first, *rest = terms or (Term("none"),)
    words = _term(first) + "".join((" − " if term.sign < 0 else " + ") + _term(term) for term in rest)
    return f"({words})" if rest and not alone else words


def _term(term: Term) -> str:
    bucket = "" if term.bucket is None else f"[{term.bucket}]"
    known = " of known customers" if term.known else ""
    return f"{term.measure}{bucket}{known}{_SPANS[term.span]}"
