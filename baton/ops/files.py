"""The files that are generated: rules for Prometheus, the same for its operator, dashboards for Grafana."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from baton.ops import grafana
from baton.ops.alert import Addresses, document
from baton.ops.burn_rate import burn_alerts
from baton.ops.causes import CAUSES
from baton.ops.dashboards import DASHBOARDS
from baton.ops.gaps import GAPS
from baton.ops.rules import EVERY_SECONDS, recordings
from baton.ops.slos import SLOS
from baton.ops.written import as_json, as_yaml

RULES: Final = Path("deploy/prometheus/rules")
CLUSTER: Final = Path("deploy/k8s/components/monitoring/prometheus-rules.yaml")
BOARDS: Final = Path("deploy/grafana/dashboards")


def files(addresses: Addresses) -> Mapping[Path, str]:
    """What belongs into each."""
    slos, others = _slo_groups(addresses), _other_groups(addresses)
    operator = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "baton"},
        "spec": {"groups": [*slos, *others]},
    }
    return {
        RULES / "slos.yml": as_yaml({"groups": slos}),
        RULES / "alerts.yml": as_yaml({"groups": others}),
        CLUSTER: as_yaml(operator),
        **{BOARDS / f"{it.uid}.json": as_json(grafana.document(it)) for it in DASHBOARDS},
    }


def stale(folder: Path, made: Mapping[Path, str]) -> list[Path]:
    """Which of them are not in the folder as they were made, and which there are too many."""
    differ = [path for path, text in made.items() if _read(folder / path) != text]
    there = (path for where in (RULES, BOARDS) for path in (folder / where).glob("*"))
    return [*differ, *(path for it in there if (path := it.relative_to(folder)) not in made)]


def write(folder: Path, made: Mapping[Path, str]) -> None:
    for path, text in made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _slo_groups(addresses: Addresses) -> list[dict[str, Any]]:
    """The rules of an objective are one group: they are worked out in order, so alerts see new records."""
    return [
        _group(
            f"baton-{slo.name}",
            *(it.document() for it in recordings(slo)),
            *(document(it, addresses) for it in burn_alerts(slo)),
        )
        for slo in SLOS
    ]


def _other_groups(addresses: Addresses) -> list[dict[str, Any]]:
    named = {"baton-gaps": GAPS, "baton-causes": CAUSES}
    return [_group(name, *(document(it, addresses) for it in alerts)) for name, alerts in named.items()]


def _group(name: str, *rules: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "interval": f"{EVERY_SECONDS}s", "rules": list(rules)}
