"""`baton kpi diff` against the performance service's API: one KPI under two definitions, span by span."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from typer.testing import CliRunner, Result

from baton.__main__ import app
from services.performance.kpis.catalogue import BY_KEY
from services.performance.kpis.formula import Amount, total
from tests.unit.baton.answering import answering
from tests.unit.performance.asking import performance
from tests.unit.performance.world import World, lost, money, opened, won


@pytest.fixture
async def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A service in which the won amount was once the amount of all deals that were closed."""
    monkeypatch.setenv("BATON_TOKEN", "t")
    closed = Amount(total("won_amount", "lost_amount"))
    former = replace(BY_KEY["won_amount"], formula=closed, version=0)
    monkeypatch.setitem(BY_KEY, former.key, former)
    world = World(tmp_path)
    async with performance(world, tmp_path) as service:

        async def answer(request: web.Request) -> web.StreamResponse:
            told = await service.client.get(request.path_qs)
            return web.Response(status=told.status_code, body=told.content, content_type="application/json")

        world.happened(
            opened("d1", "03-03 09:00", amount=money(300)),
            opened("d2", "03-04 09:00", amount=money(70, "USD")),
            opened("d3", "04-02 09:00", amount=money(40)),
            won("d1", "03-20 09:00", amount=money(250)),
            won("d3", "04-20 09:00", amount=money(40)),
            opened("d4", "04-03 09:00", amount=money(10)),
            lost("d2", "04-21 09:00"),
            lost("d4", "04-22 09:00"),
        )
        async with answering(answer) as address:
            yield address
    world.engine.dispose()


async def test_a_kpi_under_its_former_and_its_present_definition(url: str) -> None:
    done = await _diff(url, "won_amount@0", "won_amount")
    assert _rows(done) == [
        ["from", "to", "currency", "won_amount@0", "won_amount@1", "difference"],
        ["2025-03-01", "2025-04-01", "CNY", "250.00", "250.00"],
        ["2025-04-01", "2025-05-01", "CNY", "50.00", "40.00", "-10.00"],
        ["2025-04-01", "2025-05-01", "USD", "70.00", "–", "–"],
    ]


async def test_two_kpis_of_one_unit_by_the_quarter(url: str) -> None:
    done = await _diff(url, "won_count", "orders", "--by", "quarter")
    assert _rows(done)[1:] == [
        ["2025-03-01", "2025-04-01", "1", "0", "-1"],
        ["2025-04-01", "2025-05-01", "1", "0", "-1"],
    ]


async def test_what_cannot_be_compared_is_refused(url: str) -> None:
    same = await _diff(url, "win_rate", "win_rate@1")
    assert (same.exit_code, same.stderr) == (
        1,
        "win_rate and win_rate@1 are the same definition, win_rate@1.\n",
    )
    units = await _diff(url, "win_rate", "won_count")
    assert units.stderr == "win_rate is told in ratio, won_count in count.\n"
    unknown = await _diff(url, "win_rate@7", "win_rate")
    assert (unknown.exit_code, "There is no KPI win_rate@7" in unknown.stderr) == (1, True)
    by = await _diff(url, "win_rate_value", "win_rate", "--by", "hour")
    assert (by.exit_code, "by:" in by.stderr) == (1, True)


async def _diff(url: str, *arguments: str) -> Result:
    period = ("--from", "2025-03-01", "--to", "2025-05-01", "--at", url)
    return await asyncio.to_thread(CliRunner().invoke, app, ["kpi", "diff", *arguments, *period])


def _rows(done: Result) -> list[list[str]]:
    assert done.exit_code == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]
