"""`baton ops build`: what is on file is what it writes, and it says so when it is not."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from baton.__main__ import app
from baton.ops.alert import Addresses
from baton.ops.files import BOARDS, CLUSTER, RULES, files, stale

ROOT = Path(__file__).parents[4]


def _build(into: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["ops", "build", "--into", str(into), *options], env={"COLUMNS": "500"})


def test_what_is_on_file_is_what_is_made() -> None:
    """When it is not, ``make docs`` writes it anew."""
    assert stale(ROOT, files(Addresses())) == []


def test_what_was_written_is_found_to_be_so(tmp_path: Path) -> None:
    assert "8 files" in _build(tmp_path).output
    assert _build(tmp_path, "--check").exit_code == 0


@pytest.mark.parametrize("where", [RULES / "slos.yml", CLUSTER, BOARDS / "baton-overview.json"])
def test_what_differs_is_named(tmp_path: Path, where: Path) -> None:
    _build(tmp_path)
    (tmp_path / where).write_text("groups: []\n")
    said = _build(tmp_path, "--check")
    assert (said.exit_code, str(where) in said.stderr) == (1, True)


def test_what_nobody_makes_any_more_is_named(tmp_path: Path) -> None:
    _build(tmp_path)
    (tmp_path / BOARDS / "old.json").write_text("{}")
    assert "old.json" in _build(tmp_path, "--check").stderr
    assert "old.json" in _build(tmp_path, "--check").stderr  # it is looked at, and left alone


def test_the_operator_is_given_the_same_rules(tmp_path: Path) -> None:
    _build(tmp_path, "--runbooks", "https://wiki.example.com")
    given = yaml.safe_load((tmp_path / CLUSTER).read_text())
    assert (given["kind"], given["metadata"]["name"]) == ("PrometheusRule", "baton")
    groups = [
        yaml.safe_load((tmp_path / RULES / name).read_text())["groups"] for name in ("slos.yml", "alerts.yml")
    ]
    assert given["spec"]["groups"] == [group for some in groups for group in some]
    assert "https://wiki.example.com/BatonServiceDown.md" in (tmp_path / CLUSTER).read_text()


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    without = (
        "import sys; sys.modules['grafana_foundation_sdk'] = None; "
        "from baton.__main__ import app; app(['ops', 'build', '--into', sys.argv[1]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", without, tmp_path], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "There is no grafana_foundation_sdk" in done.stderr
    assert "extra `ops`" in done.stderr
    assert list(tmp_path.iterdir()) == []
