"""Every expression that is asked of Prometheus: in rules, on panels, in runbooks."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from tests.house import ROOT
from tests.ops.test_rules import RULES

SELECTOR: Final = re.compile(r"([a-zA-Z_][\w:]*)\{([^}]*)\}")
RECORDED: Final = re.compile(r"\bslo:[\w:]+")


@dataclass(frozen=True)
class Expression:
    where: str
    expr: str
    legend: str = ""

    def selectors(self) -> list[str]:
        """What it looks at, one by one."""
        return [match[0] for match in SELECTOR.finditer(self.expr)]

    def labels(self) -> set[str]:
        """What the legend takes from the series."""
        return set(re.findall(r"\{\{(\w+)\}\}", self.legend))


def rules() -> Iterator[Expression]:
    for file in RULES:
        for group in yaml.safe_load(file.read_text())["groups"]:
            for rule in group["rules"]:
                yield Expression(f"{rule.get('record') or rule['alert']} of {group['name']}", rule["expr"])


def panels() -> Iterator[Expression]:
    """As Grafana asks when all services are chosen."""
    for file in sorted((ROOT / "deploy/grafana/dashboards").glob("*.json")):
        board = json.loads(file.read_text())
        for panel in board["panels"]:
            for target in panel.get("targets", ()):
                yield Expression(f"{panel['title']} of {board['uid']}", _chosen(target), _legend(target))


def runbooks() -> Iterator[Expression]:
    for page, block in _blocks("promql"):
        yield Expression(page, block)


def commands() -> dict[str, str]:
    """Those of runbooks that ask Baton, and the page of each."""
    return {
        line: page
        for page, block in _blocks("sh")
        for line in block.splitlines()
        if not line.startswith(("docker ", "kubectl "))
    }


def _blocks(language: str) -> Iterator[tuple[str, str]]:
    for page in sorted((ROOT / "docs/operations/runbooks").glob("*.md")):
        for block in re.findall(rf"```{language}\n(.*?)```", page.read_text(), re.DOTALL):
            yield page.name, block.strip()


def _chosen(target: dict[str, Any]) -> str:
    expr: str = target["expr"]
    return expr.replace("$service", ".*").replace("$__rate_interval", "1m")


def _legend(target: dict[str, Any]) -> str:
    return str(target.get("legendFormat", ""))
