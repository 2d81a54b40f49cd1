"""Works out a KPI from sums of cells, exactly."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple, assert_never

from services.performance.kpis import Amount, AmountShare, Average, Count, Kpi, Quantile, Share

_WHOLE: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_MILS: Final = "BHD IQD JOD KWD LYD OMR TND"
MINOR_DIGITS: Final[Mapping[str, int]] = dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_MILS.split(), 3)
"""How many digits of a currency's amount are minor, where it is not two (ISO 4217)."""


class Sums:
    """Sums of cells by measure, currency and bucket."""

    def __init__(self, rows: Iterable[tuple[str, str, int, int]]) -> None:
        self._rows: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        for measure, currency, bucket, value in rows:
            self._rows[measure].append((currency, bucket, value))

    def count(self, measure: str) -> int:
        return sum(value for _, _, value in self._rows.get(measure, ()))

    def amount(self, measure: str, currency: str, *, bucket: int | None = None) -> int:
        """In minor units; of one bucket, or of all."""
        return sum(
            value for c, b, value in self._rows.get(measure, ()) if c == currency and bucket in (None, b)
        )

    def distribution(self, measure: str) -> Mapping[int, int]:
        """Bucket → how many; buckets that became empty are left out."""
        buckets: dict[int, int] = defaultdict(int)
        for _, bucket, value in self._rows.get(measure, ()):
            buckets[bucket] += value
        return {bucket: n for bucket, n in buckets.items() if n}

    def currencies(self, measures: Iterable[str]) -> list[str]:
        """The currencies in which any of these measures has something."""
        return sorted({c for m in measures for c, _, value in self._rows.get(m, ()) if c and value})


class Value(NamedTuple):
    """A KPI's value in its unit; ``None`` where it is undefined."""

    unit: str
    value: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    currency: str | None = None


def evaluate(kpi: Kpi, sums: Sums, *, currency: str) -> list[Value]:
    """The KPI's value, one for each currency there is; ``currency`` names the unit when there is none."""
    match kpi.formula:
        case Count(measure):
            n = Fraction(sums.count(measure))
            return [Value(kpi.unit, n, n)]
        case Quantile(measure, q):
            found = sums.distribution(measure)
            return [Value(kpi.unit, quantile(found, q), None, Fraction(sum(found.values())))]
        case Share(part, whole):
            total = Fraction(sum(sums.count(measure) for measure in whole))
            return [_ratio(kpi.unit, Fraction(sums.count(part)), total)]
        case Amount(measure):
            return [
                Value(c, major(sums.amount(measure, c), c), major(sums.amount(measure, c), c), None, c)
                for c in sums.currencies([measure]) or [currency]
            ]
        case AmountShare(part, whole):
            return [
                _ratio(
                    kpi.unit,
                    major(sums.amount(part, c), c),
                    major(sum(sums.amount(measure, c) for measure in whole), c),
                    currency=c,
                )
                for c in sums.currencies([part, *whole]) or [currency]
            ]
        case Average(amount, count):
            return [
                _ratio(c, major(sums.amount(amount, c), c), Fraction(sums.amount(count, c)), currency=c)
                for c in sums.currencies([count]) or [currency]
            ]
        case _:
            assert_never(kpi.formula)


def quantile(distribution: Mapping[int, int], q: float) -> Fraction | None:
    """The q-quantile, linear between neighbours; ``None`` of nothing."""
    n = sum(distribution.values())
    if n == 0:
        return None
    position = (n - 1) * Fraction(str(q))
    lower, upper = _at(distribution, [int(position), min(int(position) + 1, n - 1)])
    return lower + (upper - lower) * (position - int(position))


def _at(distribution: Mapping[int, int], ranks: Sequence[int]) -> list[int]:
    """The values at these ranks (from 0, ascending)."""
    found: list[int] = []
    passed = 0
    for value in sorted(distribution):
        passed += distribution[value]
        while len(found) < len(ranks) and ranks[len(found)] < passed:
            found.append(value)
    return found


def major(minor: int, currency: str) -> Fraction:
    """An amount in its currency's major unit (元, dollars)."""
    return Fraction(minor, 10 ** MINOR_DIGITS.get(currency, 2))


def as_number(value: Fraction | None) -> int | float | None:
    """For JSON: whole numbers stay whole; the rest is rounded half even to six places."""
    if value is None:
        return None
    if value.denominator == 1:
        return value.numerator
    return float(round(value, 6))


def _ratio(unit: str, numerator: Fraction, denominator: Fraction, *, currency: str | None = None) -> Value:
    value = numerator / denominator if denominator else None
    return Value(unit, value, numerator, denominator, currency)
