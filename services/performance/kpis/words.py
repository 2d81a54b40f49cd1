"""A KPI's formula in the words of a language, from its declaration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from services.performance.kpis.formula import (
    Customers,
    CustomerShare,
    Formula,
    Quantile,
    Share,
    Span,
    Survival,
    Term,
    Terms,
    parts,
)

MEDIAN: Final = 0.5


@dataclass(frozen=True)
class Wording:
    """The words that one language writes formulas with; ``{}`` is where a sum, a term or a share goes.

    A measure without a name here goes by its own, and a bucket by its number.
    """

    shapes: Mapping[type, str]
    customers: Mapping[str, str]
    """The shapes of formulas about customers, by which of them."""
    spans: Mapping[Span, str]
    known: str
    brackets: str
    median: str
    quantile: str
    none: str
    measures: Mapping[str, str]
    buckets: Mapping[str, Sequence[str]]


def in_words(formula: Formula, wording: Wording) -> str:
    """Such as ``won_count ÷ (won_count + lost_count)``."""
    told: dict[str, Any] = {field.name: getattr(formula, field.name) for field in fields(formula)}
    alone = len(parts(formula)) == 1
    told |= {name: _sum(terms, wording, alone=alone) for name, terms in parts(formula).items()}
    match formula:
        case Quantile(q=q):
            told["q"] = _quantile(q, wording)
        case Survival(q=q, waiting=waiting, dropped=dropped):
            unended = _sum((*waiting, *dropped), wording, alone=True)
            told |= {"q": _quantile(q, wording), "unended": unended}
        case Customers(which=which) | CustomerShare(which=which):
            return wording.customers[which].format(**told)
        case Share(times=times) if times != 1:
            return f"{wording.shapes[Share].format(**told)} × {times}"
    return wording.shapes[type(formula)].format(**told)


def _quantile(q: float, wording: Wording) -> str:
    return wording.median if q == MEDIAN else wording.quantile.format(q)


def _sum(terms: Terms, wording: Wording, *, alone: bool) -> str:
    if not terms:
        return wording.none
    first, *rest = terms
    words = _term(first, wording)
    words += "".join((" − " if term.sign < 0 else " + ") + _term(term, wording) for term in rest)
    return wording.brackets.format(words) if rest and not alone else words


def _term(term: Term, wording: Wording) -> str:
    words = wording.measures.get(term.measure, term.measure) + _bucket(term, wording)
    return wording.spans[term.span].format(wording.known.format(words) if term.known else words)


def _bucket(term: Term, wording: Wording) -> str:
    if term.bucket is None:
        return ""
    names = wording.buckets.get(term.measure)
    return f"[{names[term.bucket] if names else term.bucket}]"
