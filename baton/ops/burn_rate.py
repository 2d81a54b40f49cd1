"""Alerts on how fast an objective's budget is used up, over a long window and a short one at once.

Rates and windows are those of the Google SRE workbook, chapter 5 (Alerting on SLOs), for 30 days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from baton.ops.alert import Alert, Severity
from baton.ops.rules import errors_over, of, ratio_over
from baton.ops.slo import Slo

FEWEST: Final = 10
"""Fewer errors in the long window call nobody: at night, one of three requests is 33 %, and it is one."""


@dataclass(frozen=True)
class Burn:
    """So many times faster than the budget allows, over both windows."""

    rate: Decimal
    long: str
    short: str


BURNS: Final[dict[Severity, Sequence[Burn]]] = {
    "page": (Burn(Decimal("14.4"), "1h", "5m"), Burn(Decimal(6), "6h", "30m")),
    "ticket": (Burn(Decimal(3), "1d", "2h"), Burn(Decimal(1), "3d", "6h")),
}
HOW_FAST: Final[dict[Severity, str]] = {
    "page": "At this rate a month's budget is gone within days.",
    "ticket": "At this rate the month's budget will not last.",
}


def burn_alerts(slo: Slo) -> Sequence[Alert]:
    """One that wakes, and one that waits, under one name."""
    return [
        Alert(
            name=slo.alert,
            severity=severity,
            expr="\nor\n".join(_burns(slo, burn) for burn in burns),
            summary=f"{slo.title}: not {{{{ $value | humanizePercentage }}}} of {{{{ $labels.service }}}}",
            description=f"{slo.felt} {HOW_FAST[severity]} The objective is {slo.objective} % in 30 days.",
            dashboard=slo.dashboard,
            slo=slo.name,
        )
        for severity, burns in BURNS.items()
    ]


def _burns(slo: Slo, burn: Burn) -> str:
    most = burn.rate * slo.budget
    return (
        "(\n"
        f"  {of(slo, ratio_over(burn.long))} > {most}\n"
        f"  and {of(slo, ratio_over(burn.short))} > {most}\n"
        f"  and {of(slo, errors_over(burn.long))} >= {FEWEST}\n"
        ")"
    )
