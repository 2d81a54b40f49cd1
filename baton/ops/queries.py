"""PromQL that panels ask: of the services that were chosen, over an interval that fits the picture."""

from typing import Final

from baton.ops.panel import Query
from baton.ops.slo import JOB

CHOSEN: Final = 'service=~"$service"'


def of(metric: str, *labels: str) -> str:
    """The series of a metric that belong to the chosen services."""
    return f"{metric}{{{', '.join((JOB, CHOSEN, *labels))}}}"


def rate(metric: str, by: str, *labels: str) -> str:
    """How much a counter grows in a second."""
    return f"sum by ({by}) (rate({of(metric, *labels)}[$__rate_interval]))"


def most(gauge: str, by: str, *labels: str) -> str:
    """What is told by several processes of a service, the worst of them."""
    return f"max by ({by}) ({of(gauge, *labels)})"


def quantile(share: float, histogram: str, by: str, *labels: str) -> str:
    """The value that so large a share of a histogram's observations is not above."""
    return f"histogram_quantile({share}, {rate(f'{histogram}_bucket', f'{by}, le', *labels)})"


def quantiles(histogram: str, by: str, *labels: str) -> list[Query]:
    """Half of them, and 99 of 100."""
    legend = " ".join(f"{{{{{label}}}}}" for label in by.split(", "))
    return [
        Query(quantile(share, histogram, by, *labels), f"{legend} {name}")
        for share, name in ((0.5, "half"), (0.99, "99 of 100"))
    ]
