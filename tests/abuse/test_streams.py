"""Event streams by the dozen: so many a token, so many a process, and each is given back."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import cache

import httpx
import pytest

from tests.abuse.conftest import MOST_STREAMS, STREAMS_A_TOKEN
from tests.abuse.services import Running, signed
from tests.abuse.wire import refusals
from tests.waiting import until


class Boards:
    """Boards that follow the live feed, until the test ends."""

    def __init__(self, client: httpx.AsyncClient, stack: AsyncExitStack) -> None:
        self._client = client
        self._stack = stack

    async def one_more(self, token: str, *, in_address: bool = False) -> httpx.Response:
        params, headers = ({"token": token}, {}) if in_address else ({}, _bearer(token))
        stream = self._client.stream("GET", "/live", params=params, headers=headers)
        return await self._stack.enter_async_context(stream)

    async def go(self) -> None:
        await self._stack.aclose()


@pytest.fixture
async def boards(performance: Running) -> AsyncIterator[Boards]:
    async def none_left() -> bool:
        return await performance.metric("baton_sse_clients", feed="live") == 0

    async with httpx.AsyncClient(base_url=performance.url, timeout=30) as client:
        async with AsyncExitStack() as stack:
            yield Boards(client, stack)
        await until(none_left, what="every stream was given back")


async def test_one_token_holds_so_many_and_others_are_not_kept_out(boards: Boards) -> None:
    for n in range(STREAMS_A_TOKEN):
        assert (await boards.one_more(_token(1), in_address=n % 2 == 0)).status_code == 200
    refused = await boards.one_more(_token(1))
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert refused.headers["content-type"] == "application/problem+json"
    assert (await boards.one_more(_token(2))).status_code == 200


async def test_all_together_hold_so_many_and_the_service_goes_on(
    boards: Boards, performance: Running
) -> None:
    before = await refusals(performance, "too many streams")
    for n in range(MOST_STREAMS):
        assert (await boards.one_more(_token(n))).status_code == 200
    flood = [await boards.one_more(_token(n)) for n in range(100, 150)]
    assert {each.status_code for each in flood} == {503}
    assert {each.headers["Retry-After"] for each in flood} == {"30"}
    assert await refusals(performance, "too many streams") == before + 50
    async with performance.client() as client:
        assert (await client.get("/kpis", params={"kpi": "win_rate"})).status_code == 200


async def test_a_place_that_is_given_back_is_taken(boards: Boards) -> None:
    for _ in range(STREAMS_A_TOKEN):
        await boards.one_more(_token(1))
    assert (await boards.one_more(_token(1))).status_code == 429
    await boards.go()

    async def room() -> bool:
        return (await boards.one_more(_token(1))).status_code == 200

    await until(room, what="there is room again")


@pytest.mark.parametrize("path", ["/live", "/events"])
async def test_who_is_nobody_takes_no_place(performance: Running, path: str) -> None:
    async with httpx.AsyncClient(base_url=performance.url) as client:
        for _ in range(MOST_STREAMS + 1):
            assert (await client.get(path, headers=_bearer("made.up.token"))).status_code == 401
    assert await performance.metric("baton_sse_clients", feed="live") == 0


@cache
def _token(number: int) -> str:
    """Another one for each number, and for each number always the same."""
    return signed("viewer", valid_for=timedelta(hours=1, minutes=number))


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
