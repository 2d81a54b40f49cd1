"""Dashboards as Grafana is given them: nothing overlaps, and each panel says what healthy looks like."""

import re
from typing import Any

import pytest

from baton.ops import grafana
from baton.ops.dashboards import DASHBOARDS
from baton.ops.panel import Dashboard, Panel
from baton.ops.slos import SLOS

PANELS = [panel for board in DASHBOARDS for row in board.rows for panel in row.panels]
every_board = pytest.mark.parametrize("board", DASHBOARDS, ids=lambda board: board.uid)
every_panel = pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)


@every_board
def test_panels_fill_their_rows_and_do_not_overlap(board: Dashboard) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in grafana.document(board)["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + i, at["y"] + j) for i in range(at["w"]) for j in range(at["h"])}
        assert not taken & cells
        assert at["x"] + at["w"] <= 24
        taken |= cells
    assert len(taken) == 24 * (1 + max(y for _, y in taken))


@every_board
def test_a_dashboard_is_about_the_services_one_chooses(board: Dashboard) -> None:
    made = grafana.document(board)
    [service] = made["templating"]["list"]
    assert (service["name"], service["query"], service["includeAll"]) == (
        "service",
        "label_values(baton_build_info, service)",
        True,
    )
    assert made["uid"] == board.uid
    assert "baton" in made["tags"]


@every_board
def test_every_query_goes_to_the_one_data_source(board: Dashboard) -> None:
    for panel in _drawn(board):
        for target in panel["targets"]:
            assert panel["datasource"] == target["datasource"] == {"type": "prometheus", "uid": "prometheus"}


@every_panel
def test_a_panel_says_what_healthy_looks_like_and_in_which_unit(panel: Panel) -> None:
    assert "Healthy: " in panel.healthy
    assert panel.unit
    assert panel.queries


@every_panel
def test_a_panel_is_of_the_chosen_services(panel: Panel) -> None:
    for query in panel.queries:
        selectors = re.findall(r"\{[^}]*\}", query.expr)
        assert selectors
        assert all('service=~"$service"' in it or "alertname" in it for it in selectors)


def test_thresholds_are_the_objectives() -> None:
    [overview] = [board for board in DASHBOARDS if board.uid == "baton-overview"]
    kept = [panel for panel in _drawn(overview) if panel["title"] == "Kept in 30 days"]
    steps = [panel["fieldConfig"]["defaults"]["thresholds"]["steps"] for panel in kept]
    assert [(step[0]["color"], step[1]["value"]) for step in steps] == [
        ("red", float(slo.objective / 100)) for slo in SLOS
    ]


def _drawn(board: Dashboard) -> list[dict[str, Any]]:
    return [panel for panel in grafana.document(board)["panels"] if panel["type"] != "row"]
