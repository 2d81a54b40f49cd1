"""Sums of cells, as formulas ask for them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from services.performance.kpis.formula import Span, Term, Terms
from services.performance.measures.catalogue import MEASURES

Number = int | Fraction
Buckets = Mapping[int, Number]
"""How much there is in each bucket; none that holds nothing."""


class Row(NamedTuple):
    """So much of a measure, in a currency; exact, but whole only in its own currency.

    ``known`` is what is of customers we know.
    """

    measure: str
    span: Span
    currency: str
    buckets: Buckets
    known: bool = False

    @property
    def value(self) -> Number:
        """Of all buckets."""
        return sum(self.buckets.values())

    def only(self, bucket: int | None) -> "Row":
        """What is of one bucket alone, or of whichever."""
        if bucket is None:
            return self
        return self._replace(buckets={b: value for b, value in self.buckets.items() if b == bucket})


@dataclass(frozen=True)
class Buyers:
    """Customers by their purchases: in the period, and who of them bought before it, and in one as long."""

    bought: Mapping[str, int] = field(default_factory=dict)
    before: frozenset[str] = frozenset()
    """Of those who bought in the period, who had bought before."""
    prior: frozenset[str] = frozenset()
    """Who bought in as many days before the period."""


class Sums:
    """Sums by measure, span, currency and bucket; a standing has the span ``now``, others ``in``."""

    def __init__(
        self,
        rows: Iterable[Row],
        *,
        buyers: Buyers | None = None,
        sold_to: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.buyers = buyers or Buyers()
        self._sold_to = sold_to or {}
        self._rows: dict[tuple[str, Span], list[Row]] = defaultdict(list)
        for row in rows:
            self._rows[row.measure, row.span].append(row)

    def count(self, measure: str) -> int:
        return int(sum(row.value for row in self._of(measure)))

    def amount(self, measure: str, currency: str, *, bucket: int | None = None) -> Number:
        """In minor units; of one bucket, or of all."""
        return sum(row.only(bucket).value for row in self._of(measure) if row.currency == currency)

    def distribution(self, measure: str) -> Mapping[int, int]:
        """Bucket → how many; buckets that became empty are left out."""
        return {bucket: int(n) for bucket, n in self.by_bucket(measure).items()}

    def by_bucket(self, measure: str, currency: str | None = None) -> Buckets:
        """Bucket → how much, in one currency or whatever there is."""
        return _added(self._of(measure), currency)

    def currencies(self, measures: Iterable[str]) -> list[str]:
        """The currencies in which any of these measures has something."""
        return _currencies(row for measure in measures for row in self._of(measure))

    def total(self, terms: Terms, currency: str | None = None) -> Fraction:
        """The terms added up, in one currency (minor units) or in whatever there is."""
        found: Number = 0
        for term in terms:
            for row in self._rows_of(term):
                if currency is None or row.currency == currency:
                    found += term.sign * row.value
        return Fraction(found)

    def spread(self, terms: Terms) -> Mapping[int, int]:
        """How many there are of the terms by bucket."""
        return {bucket: int(n) for bucket, n in self.amounts(terms, None).items()}

    def amounts(self, terms: Terms, currency: str | None) -> Buckets:
        """How much there is of the terms by bucket, in one currency or whatever there is."""
        return _added([row for term in terms for row in self._rows_of(term)], currency)

    def in_currencies(self, *parts: Terms) -> list[str]:
        """The currencies in which any of these terms has something."""
        return _currencies(row for terms in parts for term in terms for row in self._rows_of(term))

    def sold_to(self, currency: str) -> int:
        """How many customers something was shipped to, in a currency."""
        return len(self._sold_to.get(currency, ()))

    def _rows_of(self, term: Term) -> Iterator[Row]:
        for row in self._rows.get((term.measure, term.span), ()):
            if row.known or not term.known:
                yield row.only(term.bucket)

    def _of(self, measure: str) -> Sequence[Row]:
        return self._rows.get((measure, "now" if MEASURES[measure].standing else "in"), [])


def _currencies(rows: Iterable[Row]) -> list[str]:
    return sorted({row.currency for row in rows if row.currency and row.buckets})


def _added(rows: Sequence[Row], currency: str | None) -> Buckets:
    several = [row.buckets for row in rows if currency in (None, row.currency)]
    if len(several) == 1:
        return several[0]
    found: dict[int, Number] = defaultdict(int)
    for buckets in several:
        for bucket, value in buckets.items():
            found[bucket] += value
    return {bucket: value for bucket, value in found.items() if value}
