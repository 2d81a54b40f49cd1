"""What the contest comes to: medians and spread, as a table and as JSON."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from baton.apache_kafka.artefacts import classpath
from bench.stream.contestants import BATON
from bench.stream.job import Answer

Told = Mapping[str, Any]
"""The line of JSON that a contestant ends with."""

Spread = Mapping[str, float]
"""``median``, ``least`` and ``most`` of a figure over the rounds."""


@dataclass
class Outcome:
    """How a contestant fared: what it told in each round it finished, and what went wrong in the others."""

    events: int
    expected: Answer
    versions: Mapping[str, str] = field(default_factory=dict)
    rounds: list[Told] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def figures(self) -> Mapping[str, Spread]:
        told = self.rounds
        return {
            "events_per_second": _spread([one["events"] / one["seconds"] for one in told]),
            "events_per_cpu_second": _spread([one["events"] / one["cpu_seconds"] for one in told]),
            "peak_mb": _spread([one["peak_mb"] for one in told]),
        }


def report(outcomes: Mapping[str, Outcome]) -> Mapping[str, Any]:
    return {
        "kafka": _kafka(),
        "contestants": {
            name: {
                "events": one.events,
                "versions": one.versions,
                "expected": one.expected,
                "figures": one.figures() if one.rounds else None,
                "troubles": one.troubles,
                "rounds": one.rounds,
            }
            for name, one in outcomes.items()
        },
    }


def table(outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    """Medians over the rounds, the spread beside; the ratio is to Baton's whole runner, if it took part."""
    yield "| | events read | events/s | from – to | events per CPU second | from – to | peak MB | Baton is |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    ours = outcomes[BATON].figures() if BATON in outcomes and outcomes[BATON].rounds else None
    for name, one in outcomes.items():
        if not one.rounds:
            yield f"| {name} | {one.events:,} | {_cell('; '.join(one.troubles))} | | | | | |"
            continue
        speed, by_cpu, peak = one.figures().values()
        ratio = f"{ours['events_per_second']['median'] / speed['median']:.2f} ×" if ours else ""
        figures = (
            *(f"{one.events:,}", f"{speed['median']:,.0f}", _range(speed)),
            *(f"{by_cpu['median']:,.0f}", _range(by_cpu), f"{peak['median']:,.0f}", ratio),
        )
        yield f"| {name}{_noted(one.troubles)} | {' | '.join(figures)} |"


def _spread(values: Sequence[float]) -> Spread:
    return {"median": median(values), "least": min(values), "most": max(values)}


def _range(spread: Spread) -> str:
    return f"{spread['least']:,.0f} – {spread['most']:,.0f}"


def _noted(troubles: Sequence[str]) -> str:
    return f" ({_cell('; '.join(troubles))})" if troubles else ""


def _cell(text: str) -> str:
    """On one line, and without what ends a cell."""
    return " ".join(text.replace("|", "/").split())[:200]


def _kafka() -> str:
    jars = " ".join(jar.name for jar in Path(classpath()).parent.glob("kafka-server-[0-9]*.jar"))
    found = re.search(r"kafka-server-([0-9.]+)\.jar", jars)
    return found[1] if found else "unknown"
