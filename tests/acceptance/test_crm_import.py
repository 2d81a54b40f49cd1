"""The real export, imported into a running Baton: the totals are right, whatever happens on the way."""

import asyncio
import csv
import os
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from functools import partial
from pathlib import Path

import httpx
import pytest

from baton.tokens import signed, signing_key
from shared.service.actor import Actor
from tests.acceptance.crm import MARKS, needs_broker, start_import
from tests.unit.baton.started import children, command, up
from tests.waiting import until

KPIS = {"won_count": 4238, "won_amount": 10_005_534, "win_rate": 0.6315, "cycle_median": 57}

pytestmark = MARKS


@pytest.fixture(autouse=True)
def _an_embedded_broker(tmp_path: Path) -> None:
    needs_broker(tmp_path)


KILLED = {"customers": 4_000, "performance": 9_000, "orders": 14_000, "coordination": 19_000}
"""Which service is killed when so many events of the import are kept."""


async def test_the_whole_export_arrives_once_though_each_service_is_killed_on_the_way(tmp_path: Path) -> None:
    with up(tmp_path) as (process, port, output):
        await until(lambda: "Baton runs" in output.read_text(), within=90)
        url = f"http://127.0.0.1:{port}"
        importing = start_import(tmp_path, url, "first.csv")
        store = tmp_path / "data" / "customers" / "events.db"
        for service, events in KILLED.items():
            await until(partial(_keeps, store, events), within=120)
            await until(partial(_killed, process.pid, f"services.{service}"))
        assert await asyncio.to_thread(importing.wait, 240) == 0
        await _boards_show_the_totals(url, tmp_path / "data")

        assert await asyncio.to_thread(start_import(tmp_path, url, "second.csv").wait, 240) == 0
        await _boards_show_the_totals(url, tmp_path / "data")
    rows = _report(tmp_path / "first.csv")
    assert Counter((row["kind"], row["file"]) for row in rows) == {
        ("accepted", "sales_pipeline.csv"): 8800,
        ("accepted", "accounts.csv"): 85,
        ("accepted", "sales_teams.csv"): 41,
        ("mended", "sales_pipeline.csv"): 1980,
        ("mended", "accounts.csv"): 13,
        ("left without", "sales_pipeline.csv"): 1425,
    }
    assert _report(tmp_path / "second.csv") == rows


async def _boards_show_the_totals(url: str, data: Path) -> None:
    """Within a minute: boards follow the commands, they do not wait for them."""
    token = signed(signing_key(data, environment={}), Actor(id="viewer", role="viewer"), days=1)
    shown: dict[str, float | None] = {}
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        organisation = (await client.get(f"{url}/organisation")).json()
        assert (len(organisation["people"]), len(organisation["teams"])) == (35, 6)
        for _ in range(120):
            answer = (await client.get(f"{url}/kpis?from=2016-01-01&to=2018-01-01")).json()
            shown = {kpi["name"]: kpi["value"] for kpi in answer["kpis"] if kpi["name"] in KPIS}
            if shown == pytest.approx(KPIS, abs=1e-4):
                return
            await asyncio.sleep(0.5)
    assert shown == pytest.approx(KPIS, abs=1e-4)


def _report(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _keeps(store: Path, events: int) -> bool:
    """Whether the store keeps so many events by now."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as reader:
        found: int = reader.execute("select coalesce(max(position), 0) from events").fetchone()[0]
    return found >= events


def _killed(parent: int, name: str) -> bool:
    """Kills the child that runs this; false when there is none at the moment."""
    victims = [pid for pid in children(parent) if name in command(pid)]
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    return bool(victims)
