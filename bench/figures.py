"""Numbers as a report has them: quantiles of what was measured, and of Prometheus histograms."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

_BUCKET: Final = re.compile(r'^(\w+)_bucket\{(.*)le="([^"]+)"(.*)\} (\S+)$', re.MULTILINE)

Buckets = Mapping[float, float]
"""Upper bound → how many at most so large, as Prometheus counts."""


def quantile(values: Sequence[float], q: float) -> float:
    """The value that a share ``q`` of all is not above; not a number where there is none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * q) - 1)] if ordered else math.nan


def ms(seconds: float) -> float | None:
    return None if math.isnan(seconds) else round(seconds * 1000, 1)


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """Seconds told in milliseconds."""
    return {
        "p50_ms": ms(quantile(values, 0.5)),
        "p99_ms": ms(quantile(values, 0.99)),
        "max_ms": ms(max(values, default=math.nan)),
    }


def histograms(metrics: str) -> Mapping[str, Buckets]:
    """Every histogram of a ``/metrics`` page, by name and labels (``baton_x{source="orders"}``)."""
    found: dict[str, dict[float, float]] = {}
    for name, before, bound, after, number in _BUCKET.findall(metrics):
        labels = (before + after).strip(",")
        found.setdefault(f"{name}{{{labels}}}", {})[float(bound)] = float(number)
    return found


def between(before: Buckets | None, after: Buckets) -> Buckets:
    """What was counted from one look to the next."""
    return {bound: number - (before or {}).get(bound, 0) for bound, number in after.items()}


def in_buckets(buckets: Buckets, q: float) -> float:
    """Prometheus's ``histogram_quantile``: straight through the bucket that the quantile falls into."""
    bounds = sorted(buckets)
    rank = q * buckets[bounds[-1]] if bounds else 0
    low = below = 0.0
    for bound in bounds:
        if rank and buckets[bound] >= rank:
            return (
                low if math.isinf(bound) else low + (bound - low) * (rank - below) / (buckets[bound] - below)
            )
        low, below = bound, buckets[bound]
    return math.nan
