"""Quantiles of distributions, exact, with and without those who still wait."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate


def quantile(distribution: Mapping[int, int], q: float) -> Fraction | None:
    """The q-quantile, linear between neighbours (Hyndman and Fan's type 7); ``None`` of nothing."""
    n = sum(distribution.values())
    if n == 0:
        return None
    position = (n - 1) * Fraction(str(q))
    lower, upper = _at(distribution, [int(position), min(int(position) + 1, n - 1)])
    return lower + (upper - lower) * (position - int(position))


def survival_quantile(happened: Mapping[int, int], censored: Mapping[int, int], q: float) -> Fraction | None:
    """The time by which it happened to a share ``q`` of all, by Kaplan and Meier's estimate.

    ``censored`` are those of whom is only known that it had not happened by then. Without any it is the
    quantile above; with some, the first time the estimate comes to ``q``; ``None`` while it does not.
    """
    if not censored:
        return quantile(happened, q)
    for time, share in _happened_by(happened, censored):
        if share >= Fraction(str(q)):
            return Fraction(time)
    return None


def _happened_by(happened: Mapping[int, int], censored: Mapping[int, int]) -> Iterator[tuple[int, Fraction]]:
    """Each time it happened, and the share of all to whom it is estimated to have happened by then."""
    at_risk = sum(happened.values()) + sum(censored.values())
    waiting = Fraction(1)
    for time in sorted({*happened, *censored}):
        if n := happened.get(time, 0):
            waiting *= 1 - Fraction(n, at_risk)
            yield time, 1 - waiting
        at_risk -= n + censored.get(time, 0)


def _at(distribution: Mapping[int, int], ranks: Sequence[int]) -> list[int]:
    """The values at these ranks (from 0)."""
    values = sorted(distribution)
    passed = list(accumulate(distribution[value] for value in values))
    return [values[bisect_right(passed, rank)] for rank in ranks]
