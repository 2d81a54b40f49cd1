"""Read models are built anew while people look at them: no empty board, nothing lost, nothing doubled."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.test_faults import DEALS, _numbers, _win_deals, _won
from tests.house import SERVICES, House, house, until_ready
from tests.waiting import until


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path / "data") as it:
        yield it


async def test_replays_while_deals_are_won_leave_no_board_empty(running: House) -> None:
    async with running.client() as client:
        await _win_deals(running, client, first=0)
        await until(partial(_won, running, client, DEALS))
        winning = asyncio.create_task(_win_deals(running, client, first=DEALS))
        seen = [DEALS]
        while not winning.done():
            await asyncio.gather(*(_asked(running, client, service, "/replay") for service in SERVICES))
            seen.append(await _count(running, client))
            await asyncio.gather(*(_done(running, client, service, "/replay") for service in SERVICES))
        await winning
        await until(partial(_won, running, client, 2 * DEALS))
        assert seen == sorted(seen)
        for service in SERVICES:
            await _asked(running, client, service, "/verify")
            found = await _done(running, client, service, "/verify")
            assert (found["failed"], found["differences"], found["first"]) == (None, 0, [])
        left = [path.name for path in (running.data / "performance").glob("read*.db")]
        assert len(left) == 1
        assert left != ["read.db"]


async def test_killed_in_the_middle_nothing_stays_behind_and_nothing_is_lost(running: House) -> None:
    files = running.data / "performance"
    async with running.client() as client:
        await _win_deals(running, client, first=0)
        await until(partial(_won, running, client, DEALS))
        for path in ("/verify", "/replay"):
            before = {file.name for file in files.glob("read*.db")}
            await _asked(running, client, "performance", path)
            await until(lambda before=before: {it.name for it in files.glob("read*.db")} - before)  # type: ignore[misc]  # a lambda with a default
            os.kill(running.pid("performance"), signal.SIGKILL)
            await until(partial(_is_gone, running))
            await until_ready(running)
            assert len(list(files.glob("read*.db"))) == 1
            await until(partial(_won, running, client, DEALS))
        await _win_deals(running, client, first=DEALS)
        await until(partial(_won, running, client, 2 * DEALS))


async def test_with_other_versions_the_old_boards_stand_until_the_new_ones_are_there(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with house(data) as it, it.client() as client:
        await _win_deals(it, client, first=0)
        await until(partial(_won, it, client, DEALS))
        before = await _numbers(it, client)
    for service in SERVICES:
        _of_other_versions(data / service / "read.db")
    async with house(data) as it, it.client() as client:
        seen = {await _count(it, client)}
        await until(lambda: not (data / "performance" / "read.db").exists())
        seen.add(await _count(it, client))
        assert seen <= {DEALS, 1000 + DEALS}
        await until(partial(_won, it, client, DEALS))
        assert await _numbers(it, client) == before
        await _win_deals(it, client, first=DEALS)
        await until(partial(_won, it, client, 2 * DEALS))


def _of_other_versions(file: Path) -> None:
    """As if it had been built by an older program, which counted a thousand wins too many."""
    with sqlite3.connect(file) as database:
        database.execute("update projections set version = version - 1")
        database.execute("update cells set value = value + 1000 where measure = 'won_count'")
    database.close()


async def _count(it: House, client: httpx.AsyncClient) -> int:
    [count] = [kpi["value"] for kpi in await _numbers(it, client) if kpi["name"] == "won_count"]
    return int(count)


async def _asked(it: House, client: httpx.AsyncClient, service: str, path: str) -> None:
    assert (await client.post(it.url(service) + path)).status_code == 202


async def _done(it: House, client: httpx.AsyncClient, service: str, path: str) -> Any:
    async def found() -> Any:
        state = (await client.get(it.url(service) + path)).json()
        return None if state["running"] else state

    state = await until(found, within=60)
    assert state["failed"] is None
    return state


async def _is_gone(it: House) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return not (await client.get(it.url("performance") + "/health/live")).is_success
        except httpx.TransportError:
            return True
