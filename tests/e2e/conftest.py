"""Batons to look at."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.house import House, house
from tests.waiting import until

ENOUGH_WINS = 20


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def company(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A dozen weeks of a made-up company, which goes on working."""
    data = tmp_path_factory.mktemp("company") / "data"
    async with house(data, "--demo") as it, it.client("viewer") as client:

        async def has_lived() -> bool:
            ever = "kpi=won_count&from=2020-01-01&to=2100-01-01"
            answer = await client.get(f"{it.url('performance')}/kpis?{ever}")
            return bool(answer.json()["kpis"][0]["value"] > ENOUGH_WINS)

        await until(has_lived, within=60, what="its history is there")
        yield it


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Nothing happens in it but what a test does; each test has a seller of its own."""
    async with house(tmp_path_factory.mktemp("running") / "data") as it:
        yield it
