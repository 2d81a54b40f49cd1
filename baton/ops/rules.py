"""Recording rules: each objective's share of errors over several windows, and what is left of its budget.

A rate over 5 minutes is recorded every 30 seconds; longer windows are sums of those records. So a month is
cheap to ask for, restarts of processes do no harm, and busy minutes weigh what they weigh.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from baton.ops.slo import PER_SECOND_OVER, Slo, errors_a_second, events_a_second

EVERY_SECONDS: Final = 30
WINDOWS: Final = ("30m", "1h", "2h", "6h", "1d", "3d", "30d")
MONTH: Final = "30d"

EVENTS: Final = f"slo:events:rate{PER_SECOND_OVER}"
ERRORS: Final = f"slo:errors:rate{PER_SECOND_OVER}"
BUDGET_LEFT: Final = f"slo:budget_left:ratio{MONTH}"


@dataclass(frozen=True)
class Recording:
    record: str
    expr: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As Prometheus reads it."""
        return {"record": self.record, "expr": self.expr, "labels": dict(self.labels)}


def ratio_over(window: str) -> str:
    """What the share of errors over so long is recorded as."""
    return f"slo:errors:ratio_rate{window}"


def errors_over(window: str) -> str:
    """What the number of errors in so long is recorded as."""
    return f"slo:errors:increase{window}"


def of(slo: Slo, metric: str) -> str:
    """PromQL: a record of this objective."""
    return f'{metric}{{slo="{slo.name}"}}'


def recordings(slo: Slo) -> Sequence[Recording]:
    """In the order in which they build on each other; no ratio is recorded of nothing."""
    events, errors = of(slo, EVENTS), of(slo, ERRORS)
    labels = {"slo": slo.name}
    return [
        Recording(EVENTS, events_a_second(slo.indicator), labels),
        Recording(ERRORS, errors_a_second(slo.indicator), labels),
        Recording(ratio_over(PER_SECOND_OVER), f"{errors} / ({events} > 0)", labels),
        *(Recording(ratio_over(window), _ratio(errors, events, window), labels) for window in WINDOWS),
        *(Recording(errors_over(window), _number(errors, window), labels) for window in WINDOWS),
        Recording(BUDGET_LEFT, f"1 - {of(slo, ratio_over(MONTH))} / {slo.budget}", labels),
    ]


def _ratio(errors: str, events: str, window: str) -> str:
    return f"sum_over_time({errors}[{window}]) / (sum_over_time({events}[{window}]) > 0)"


def _number(errors: str, window: str) -> str:
    return f"sum_over_time({errors}[{window}]) * {EVERY_SECONDS}"
