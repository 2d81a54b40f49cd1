"""The drill: a backup in a new folder, topics filled again, read models built again, and all compared."""

import asyncio
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from baton.backup.manifest import checked
from tests.e2e.test_faults import _deal, _kafka, _numbers, _post
from tests.house import ROOT, SERVICES, House, house
from tests.published import published
from tests.waiting import until

BOARDS: Final = ("/kpis", "/funnel", "/leaderboard")
EVER: Final = {"from": "2020-01-01", "to": "2100-01-01"}
LEAD: Final = {"id": "l-1", "company": "云帆科技", "source": "展会", "contact_name": "欧阳晓岚"}


@pytest.mark.timeout(300)
async def test_what_was_lost_comes_back_as_it_was_when_it_was_backed_up(tmp_path: Path) -> None:
    lost, backup, new = tmp_path / "data", tmp_path / "备份 backup", tmp_path / "new"
    async with house(lost) as it, it.client() as client:
        (await client.post(it.url("customers") + "/leads", json=LEAD)).raise_for_status()
        won: list[str] = []
        async with _winning(it, client, won):
            await until(lambda: len(won) > 10)
            before = set(won)
            said = await _baton("backup", backup, "--data", lost)
            await until(lambda: len(won) > len(before) + 10)
        assert f"{backup} is whole." in said
        await until(partial(_won, it, client, len(won)), what="everything is on the boards")
        moment = _moment_of(backup, lost)
        boards = await _boards(it, client, moment)
    secret = (lost / "master.key").read_text()
    shutil.rmtree(lost)

    new.mkdir()
    (new / "master.key").write_text(secret)  # it was kept in another place
    said = await _baton("restore", backup, "--data", new)
    assert "baton verify" in said
    assert "coordination/webhooks.db" in checked(backup).files
    kept = _won_in(backup)
    assert before <= kept
    async with house(new) as it, it.client() as client:
        await until(partial(_won, it, client, len(kept)), what="the boards are built anew")
        assert await _boards(it, client, moment) == boards
        told = {e["subject"] for e in await published(_kafka(it), "customers") if e["type"] == "deal-won.v1"}
        assert told == {f"deal-{deal}" for deal in kept}
        said = await _baton("verify", "--to", it.url("performance"), "--data", new)
        assert said.count("no differences") == len(SERVICES), said
        leads = (await client.get(it.url("customers") + "/leads")).json()["items"]
        assert [lead["contact_name"] for lead in leads] == ["欧阳晓岚"]
        forgotten = set(won) - kept
        assert forgotten
        await asyncio.gather(*(_win(it, client, deal) for deal in forgotten))  # whoever asked asks again
        await until(partial(_won, it, client, len(won)), what="what was told again is counted")


@asynccontextmanager
async def _winning(it: House, client: httpx.AsyncClient, won: list[str]) -> AsyncIterator[None]:
    """Deals are won while the block lasts; each is in ``won`` once that is acknowledged."""
    ended = asyncio.Event()
    numbers = count()

    async def win() -> None:
        while not ended.is_set():
            deal = f"d{next(numbers)}"
            await _win(it, client, deal)
            won.append(deal)

    async with asyncio.TaskGroup() as sellers:
        for _ in range(2):
            sellers.create_task(win())
        yield
        ended.set()


async def _win(it: House, client: httpx.AsyncClient, deal: str) -> None:
    await _post(it, client, "/deals", _deal(deal), f"{deal}-open", patient=False)
    await _post(it, client, f"/deals/{deal}/win", {}, f"{deal}-win", patient=False)


async def _won(it: House, client: httpx.AsyncClient, expected: int) -> bool:
    """So many deals are on the boards, and each has an order."""
    count_of = {kpi["name"]: kpi["value"] for kpi in await _numbers(it, client)}
    orders, cursor = 0, ""
    while cursor is not None:
        asked = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(it.url("orders") + "/orders", params=asked)).raise_for_status().json()
        orders, cursor = orders + len(page["items"]), page["next"]
    return (count_of["won_count"], orders) == (expected, expected)


async def _boards(it: House, client: httpx.AsyncClient, moment: datetime) -> list[Any]:
    """As they were known then; how fresh they are now is another matter."""
    asked = EVER | {"as_of": moment.isoformat()}
    answers = [await client.get(it.url("performance") + board, params=asked) for board in BOARDS]
    boards = [answer.raise_for_status().json() for answer in answers]
    return [{name: value for name, value in board.items() if name != "freshness"} for board in boards]


def _moment_of(backup: Path, data: Path) -> datetime:
    """A moment at which all that was known is what the backup has."""
    later = []
    for service in SERVICES:
        kept = checked(backup).of(service, "events.db")
        assert kept is not None
        with closing(sqlite3.connect(data / service / "events.db")) as db:
            after = "select min(recorded_at) from events where position > ?"
            later += [at for (at,) in db.execute(after, (kept.last_position,)) if at is not None]
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=min(later) - 1)


def _won_in(backup: Path) -> set[str]:
    with closing(sqlite3.connect(f"file:{backup}/customers/events.db?immutable=1", uri=True)) as db:
        streams = db.execute("select stream from events where type = 'deal-won.v1'")
        return {stream.removeprefix("deal-") for (stream,) in streams}


async def _baton(*arguments: object) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "baton", *map(str, arguments),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()
