"""A service level objective as data: how much of what happens must go well, and for whom."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

JOB: Final = 'job="baton"'
"""Every target is scraped under this job, with the label ``service``."""
PER_SECOND_OVER: Final = "5m"


@dataclass(frozen=True)
class Counted:
    """A counter, and which of its series count what went wrong."""

    events: str
    errors: str


@dataclass(frozen=True)
class Timed:
    """A histogram; what took longer than ``within`` seconds, which must be one of its bounds, went wrong."""

    histogram: str
    matching: str
    within: float


@dataclass(frozen=True)
class Slo:
    """``objective`` is a percentage of what happens in 30 days, each ``service`` for itself."""

    name: str
    title: str
    objective: Decimal
    indicator: Counted | Timed
    alert: str
    """What its alerts are called."""
    felt: str
    """Who notices, and how."""
    reading: str
    """What to know when one reads its numbers."""
    dashboard: str

    @property
    def budget(self) -> Decimal:
        """The share that may go wrong."""
        return (100 - self.objective) / 100


def events_a_second(indicator: Counted | Timed) -> str:
    """PromQL: how much happens, by service."""
    match indicator:
        case Counted(events=events):
            return _rate(events)
        case Timed(histogram=name, matching=matching):
            return _rate(f"{name}_count{{{matching}}}")


def errors_a_second(indicator: Counted | Timed) -> str:
    """PromQL: how much of that goes wrong, by service; 0 where nothing ever did."""
    everything = events_a_second(indicator)
    match indicator:
        case Counted(errors=errors):
            return f"{_rate(errors)}\nor\n0 * {everything}"
        case Timed(histogram=name, matching=matching, within=within):
            in_time = f'{name}_bucket{{{matching}, le="{within}"}}'
            return f"{everything}\n-\n{_rate(in_time)}"


def _rate(selector: str) -> str:
    return f"sum by (service) (rate({selector}[{PER_SECOND_OVER}]))"
