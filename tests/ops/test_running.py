"""Every expression of rules, panels and runbooks, asked of a Prometheus that scrapes a running Baton."""

import re
from typing import Final

import pytest

from baton.ops.alerts import ALERTS
from tests.ops import expressions
from tests.ops.prometheus import Asked

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

NOTHING_FIRES: Final = "What calls somebody"
"""Panels that are empty where all is well."""
NEVER_YET: Final = {
    "Most refused decisions": "the company asks for nothing that is refused",
    "Since a rebuild was equal": "the first verification comes after a day",
}


async def test_all_rules_are_worked_out_without_a_fault(watched: Asked) -> None:
    rules = await watched.rules()
    assert len(rules) == len(list(expressions.rules()))
    assert [(rule["name"], rule.get("lastError")) for rule in rules if rule["health"] != "ok"] == []


async def test_every_objective_has_records_over_every_window(watched: Asked) -> None:
    found = await watched.query('{__name__=~"slo:.+"}')
    by_slo: dict[str, set[str]] = {}
    for series in found:
        by_slo.setdefault(series["metric"]["slo"], set()).add(series["metric"]["__name__"])
    assert len(by_slo) == 4
    assert {slo: len(names) for slo, names in by_slo.items()} == dict.fromkeys(by_slo, 18)


async def test_every_query_of_a_panel_has_an_answer(watched: Asked) -> None:
    for panel in expressions.panels():
        title = panel.where.partition(" of ")[0]
        if title == NOTHING_FIRES or title in NEVER_YET:
            await watched.query(panel.expr)
        else:
            for one in await watched.answer(panel.expr, panel.where):
                assert panel.labels() <= one["metric"].keys(), panel


async def test_every_query_of_a_runbook_is_understood(watched: Asked) -> None:
    for query in expressions.runbooks():
        await watched.query(query.expr)


async def test_whatever_is_looked_at_is_there(watched: Asked) -> None:
    """An alert is empty when all is well; what it compares must not be."""
    looked_at = {
        selector: it.where
        for it in (*expressions.rules(), *expressions.panels(), *expressions.runbooks())
        for selector in it.selectors()
        if not selector.startswith("ALERTS")
    }
    for selector, where in looked_at.items():
        await watched.answer(selector, where)


async def test_a_well_baton_calls_nobody(watched: Asked) -> None:
    """But for objectives: how soon all is done depends on the machine, and on what else it does."""
    assert await watched.query('ALERTS{alertstate="firing", slo=""}') == []


async def test_a_series_has_the_labels_that_an_alert_tells_of(watched: Asked) -> None:
    """Without the comparison at its end, its answer names the service, and whatever else it says."""
    for alert in ALERTS:
        told = set(re.findall(r"\$labels\.(\w+)", alert.summary + alert.description))
        compared = re.sub(r" (?:>=?|==|!=) [^\n]*", "", alert.expr)
        for one in await watched.query(compared):
            assert told <= one["metric"].keys(), alert.name
