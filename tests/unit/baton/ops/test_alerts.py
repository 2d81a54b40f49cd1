"""Every alert has a page, every page an alert; and whoever is called finds out why."""

import re
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from baton.__main__ import app
from baton.ops.alert import Addresses, Alert, document
from baton.ops.alerts import ALERTS
from baton.ops.dashboards import DASHBOARDS

ROOT = Path(__file__).parents[4]
RUNBOOKS = ROOT / "docs/operations/runbooks"
HEADINGS = [
    "What it means",
    "Who feels it",
    "How to look",
    "How to mend",
    "When to wake somebody else",
]
CASES = "".join(file.read_text() for file in (ROOT / "deploy/prometheus/tests").glob("*.yml"))
pages = pytest.mark.parametrize("page", sorted(RUNBOOKS.glob("*.md")), ids=lambda page: page.stem)
every_alert = pytest.mark.parametrize("alert", ALERTS, ids=lambda it: f"{it.name}-{it.severity}")


def test_every_alert_has_a_page_and_every_page_an_alert() -> None:
    assert {page.stem for page in RUNBOOKS.iterdir()} == {alert.name for alert in ALERTS}


def test_no_two_alerts_are_one() -> None:
    names = Counter((alert.name, alert.severity) for alert in ALERTS)
    assert [name for name, times in names.items() if times > 1] == []


@every_alert
def test_an_alert_says_what_is_felt_and_where_to_look(alert: Alert) -> None:
    it = document(alert, Addresses())
    assert it["labels"]["severity"] in {"page", "ticket"}
    assert alert.description.endswith(".")
    assert (ROOT / it["annotations"]["runbook_url"]).is_file()
    assert alert.dashboard in {board.uid for board in DASHBOARDS}


@every_alert
def test_an_alert_fires_in_a_case_of_its_own(alert: Alert) -> None:
    fires = f'alertname="{alert.name}", alertstate="firing", severity="{alert.severity}"'
    assert fires in CASES


def test_addresses_are_those_of_the_house() -> None:
    addresses = Addresses("https://wiki.example.com/baton/", "https://grafana.example.com/")
    said = document(ALERTS[0], addresses)["annotations"]
    assert said["runbook_url"] == "https://wiki.example.com/baton/BatonCommandsFailing.md"
    assert said["dashboard_url"].startswith("https://grafana.example.com/d/baton-write-side?")


@pages
def test_a_page_answers_the_same_questions(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.stem}\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert "```promql" in text


@pages
def test_a_page_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).is_file(), link


def _calls() -> list[str]:
    found: set[tuple[str, str]] = set()
    for page in RUNBOOKS.glob("*.md"):
        found |= set(re.findall(r"^baton (.+)$|`baton ([^`]+)`", page.read_text(), re.MULTILINE))
    return sorted({(first or second).strip() for first, second in found})


@pytest.mark.parametrize("call", _calls())
def test_a_command_of_a_page_is_one(call: str) -> None:
    words = call.split()
    command, rest = words[0], words[1:]
    helped = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert helped.exit_code == 0
    assert [word for word in rest if word.startswith("--") and word not in helped.output] == []


@pytest.mark.parametrize(
    "path",
    sorted(
        {path for page in RUNBOOKS.glob("*.md") for path in re.findall(r"_URL(/[\w/-]+)", page.read_text())}
    ),
)
def test_an_address_of_a_page_is_one(path: str) -> None:
    documents = "".join(file.read_text() for file in (ROOT / "docs/http").glob("*.json"))
    known = re.findall(r'"(/[\w/{}-]+)": \{', documents)
    assert any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", it), path) for it in known), path
