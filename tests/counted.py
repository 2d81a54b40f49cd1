"""What the metrics of the test's own process say."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import REGISTRY


def said(metric: str, **labels: str) -> float:
    """Its value now; 0 for a series that does not exist yet."""
    return REGISTRY.get_sample_value(metric, labels) or 0.0


@contextmanager
def counting(metric: str, more: int, **labels: str) -> Iterator[None]:
    """In the block it grows by so much, no more and no less."""
    before = said(metric, **labels)
    yield
    assert said(metric, **labels) - before == more, (metric, labels)
