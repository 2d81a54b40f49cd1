"""What a KPI is worked out from: terms over measures, and the few shapes of formula there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal, NamedTuple

Span = Literal["in", "before", "due", "year", "now"]
"""Which days of a measure: ``in`` the period, all ``before`` it, those of it that are over (``due``), the
``year`` up to its end, or how things stand ``now``."""


class Term(NamedTuple):
    """One measure over some days, of one bucket or of all, added or taken away.

    ``known`` is what is of customers we know, alone.
    """

    measure: str
    span: Span = "in"
    bucket: int | None = None
    sign: int = 1
    known: bool = False


Terms = tuple[Term, ...]


def total(*measures: str | Term, less: Iterable[str | Term] = (), span: Span = "in") -> Terms:
    """The sum of these less those."""
    plus = [_term(it, span) for it in measures]
    return (*plus, *(term._replace(sign=-term.sign) for term in (_term(it, span) for it in less)))


def _term(it: str | Term, span: Span) -> Term:
    return Term(it, span) if isinstance(it, str) else it


PURCHASES: Final[Terms] = total("purchases", "direct_purchases")


@dataclass(frozen=True)
class Count:
    """How many."""

    terms: Terms


@dataclass(frozen=True)
class Amount:
    """An amount, for each currency on its own."""

    terms: Terms


@dataclass(frozen=True)
class Share:
    """One count out of another, ``times`` so many; undefined when there are none of those."""

    part: Terms
    whole: Terms
    times: int = 1


@dataclass(frozen=True)
class AmountShare:
    """One amount out of another, for each currency; undefined when that is zero (or less)."""

    part: Terms
    whole: Terms


@dataclass(frozen=True)
class Average:
    """An amount by a count that is kept by currency; undefined when there are none."""

    amount: Terms
    count: Terms


@dataclass(frozen=True)
class Quantile:
    """A quantile of a distribution, between neighbours by linear interpolation (Hyndman and Fan's type 7)."""

    observations: Terms
    q: float


@dataclass(frozen=True)
class Survival:
    """The time by which it happened to a share ``q``, counting those who still wait (Kaplan and Meier).

    ``waiting`` is kept by the minute the wait began, ``dropped`` by how many minutes it lasted in vain.
    """

    observations: Terms
    waiting: Terms
    dropped: Terms
    q: float


@dataclass(frozen=True)
class Coverage:
    """An amount by what is left of a target: ``met`` when nothing is left."""

    amount: Terms
    target: Terms
    done: Terms


@dataclass(frozen=True)
class Velocity:
    """Open deals × win rate × average size ÷ median cycle: what the pipeline yields in a day."""

    open: Terms
    won: Terms
    lost: Terms
    amount: Terms
    priced: Terms
    cycle: Terms


@dataclass(frozen=True)
class Weighted:
    """What is won, once and in full, and every open amount at the chance of its stage; lost adds nothing.

    A stage's chance is ``stage_won`` out of ``stage_closed``; without any closed deal it has none, and its
    amounts are left out and said to be.
    """

    won: Terms
    open: Terms
    stage_won: Terms
    stage_closed: Terms


@dataclass(frozen=True)
class Days:
    """How many days of the period's sales are owed at its end: balance ÷ sales × days."""

    balance: Terms
    sales: Terms


@dataclass(frozen=True)
class Promoters:
    """Share of answers 9 and 10 less share of answers 0 to 6, times 100 (Reichheld)."""

    observations: Terms


@dataclass(frozen=True)
class Satisfied:
    """Share of answers 4 and 5."""

    observations: Terms


@dataclass(frozen=True)
class Customers:
    """Customers of the period: all that bought, or those for the first time."""

    which: Literal["bought", "new"]
    purchases: Terms = PURCHASES


@dataclass(frozen=True)
class CustomerShare:
    """``retained``: of the customers of as many days before, those who bought again in the period;
    ``repeated``: of the customers of the period, those who bought more than once in it.
    """

    which: Literal["retained", "repeated"]
    purchases: Terms = PURCHASES


@dataclass(frozen=True)
class PerCustomer:
    """An amount by the customers to whom something was ``sold``."""

    amount: Terms
    sold: Terms


@dataclass(frozen=True)
class MarketShare:
    """Our sales out of the size of the market, as the estimates that stand say it."""

    ours: Terms
    market: Terms


Formula = (
    Count
    | Amount
    | Share
    | AmountShare
    | Average
    | Quantile
    | Survival
    | Coverage
    | Velocity
    | Weighted
    | Days
    | Promoters
    | Satisfied
    | Customers
    | CustomerShare
    | PerCustomer
    | MarketShare
)


def parts(formula: Formula) -> Mapping[str, Terms]:
    """The formula's parts by their names, each a sum of terms."""
    values = {field.name: getattr(formula, field.name) for field in fields(formula)}
    return {name: terms for name, terms in values.items() if isinstance(terms, tuple)}
