"""What came of all runs, as a table and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

from tests.chaos.run import Run

HEAD: Final = (
    "| fault | runs | operations | without an answer | violations | recovery p50, s | p99, s |\n"
    "|---|---:|---:|---:|---:|---:|---:|"
)


@dataclass
class Row:
    """All runs of one fault."""

    fault: str
    runs: list[Run] = field(default_factory=list)
    left_behind: Sequence[str] = ()
    """Processes that were there when all was stopped."""

    @property
    def violations(self) -> int:
        return sum(len(wrong) for run in self.runs for wrong in run.violations.values()) + len(
            self.left_behind
        )

    def recovery(self, share: float) -> float | None:
        """The time within which this share of the runs had recovered (nearest rank)."""
        times = sorted(run.recovery for run in self.runs if run.recovery is not None)
        return times[ceil(share * len(times)) - 1] if times else None

    def told(self) -> Mapping[str, Any]:
        return {
            "fault": self.fault,
            "runs": len(self.runs),
            "operations": sum(run.operations for run in self.runs),
            "unanswered": sum(run.unanswered for run in self.runs),
            "violations": self.violations,
            "recovery_p50": self.recovery(0.5),
            "recovery_p99": self.recovery(0.99),
        }


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """In Markdown, from what rows told."""
    return "\n".join([HEAD, *map(_line, rows)])


def _line(row: Mapping[str, Any]) -> str:
    cells = [row["fault"], *(f"{row[name]:,}" for name in ("runs", "operations", "unanswered", "violations"))]
    times = [row["recovery_p50"], row["recovery_p99"]]
    return "| " + " | ".join([*cells, *("–" if it is None else f"{it:.1f}" for it in times)]) + " |"
