"""Prometheus's own tool reads the rules, the configuration, and a case for and against each alert."""

import subprocess
from pathlib import Path

import pytest

from tests.house import ROOT
from tests.ops.prometheus import program

FOLDER = ROOT / "deploy/prometheus"
RULES = sorted((FOLDER / "rules").glob("*.yml"))


def _promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program("promtool"), *arguments], capture_output=True, text=True, timeout=300, check=False
    )


def test_the_rules_are_rules() -> None:
    checked = _promtool("check", "rules", "--lint=all", "--lint-fatal", *RULES)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_configuration_is_one_and_finds_the_rules() -> None:
    checked = _promtool("check", "config", FOLDER / "prometheus.yml")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"{len(RULES)} rule files found" in checked.stdout


@pytest.mark.timeout(300)
@pytest.mark.parametrize("cases", sorted((FOLDER / "tests").glob("*.yml")), ids=lambda file: file.stem)
def test_alerts_fire_when_they_must_and_only_then(cases: Path) -> None:
    tested = _promtool("test", "rules", cases)
    assert tested.returncode == 0, tested.stdout + tested.stderr
