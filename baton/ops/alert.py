"""An alert as data: when somebody is called, and what they are told."""

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["page", "ticket"]
"""``page`` wakes somebody now; ``ticket`` waits for the morning."""


@dataclass(frozen=True)
class Alert:
    name: str
    severity: Severity
    expr: str
    summary: str
    description: str
    """What people feel."""
    dashboard: str
    lasting: str = "0m"
    """How long it must be so before anybody is called."""
    slo: str | None = None


@dataclass(frozen=True)
class Addresses:
    """Where runbooks and Grafana are; relative addresses are those of the repository, and of Grafana."""

    runbooks: str = "docs/operations/runbooks"
    grafana: str = ""


def document(alert: Alert, addresses: Addresses) -> dict[str, Any]:
    """As Prometheus reads it."""
    labels = {"severity": alert.severity} | ({"slo": alert.slo} if alert.slo else {})
    dashboard = f"{addresses.grafana.rstrip('/')}/d/{alert.dashboard}"
    return {
        "alert": alert.name,
        "expr": alert.expr,
        "for": alert.lasting,
        "labels": labels,
        "annotations": {
            "summary": alert.summary,
            "description": alert.description,
            "runbook_url": f"{addresses.runbooks.rstrip('/')}/{alert.name}.md",
            "dashboard_url": f"{dashboard}?var-service={{{{ $labels.service }}}}",
        },
    }
