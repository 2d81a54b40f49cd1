"""How old events are at the stations of their way, so that a slow path shows where it is slow."""

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from prometheus_client import Histogram

SECONDS: Final = (
    *(0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.25, 0.5),
    *(1, 2.5, 5, 10, 60),
)


def ages(name: str, documentation: str, labels: Iterable[str]) -> Histogram:
    """Seconds since events were recorded; those of a refill or a rebuild are all above the last bound."""
    return Histogram(name, documentation, tuple(labels), buckets=SECONDS)


def age(recorded_at: datetime) -> float:
    return time.time() - recorded_at.timestamp()
