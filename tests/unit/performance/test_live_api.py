"""The live feed over a real server, and the services' addresses."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from tests.counted import said
from tests.listening import IN_TIME, heard, listening
from tests.unit.performance.asking import NOBODY, VIEWER, Service, problem
from tests.unit.performance.world import opened
from tests.waiting import until


@asynccontextmanager
async def _served(service: Service) -> AsyncIterator[str]:
    """The address of the service, its feed running."""
    app = service.client._transport.app  # type: ignore[attr-defined]  # the transport that `serving` made
    feeding = asyncio.create_task(service.feed.run())
    try:
        async with listening(app) as address:
            yield address
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)


@pytest.fixture
async def address(service: Service) -> AsyncIterator[str]:
    async with _served(service) as address:
        yield address


def _live(
    address: str, headers: dict[str, str], *, params: dict[str, str] | None = None
) -> AbstractAsyncContextManager[AsyncIterator[dict[str, str]]]:
    return heard(address, "/live", headers=headers, params=params)


async def _listeners(service: Service, number: int) -> None:
    async with asyncio.timeout(IN_TIME):
        while len(service.feed._listeners) != number:
            await asyncio.sleep(0.01)


def _happens(service: Service, deal: str) -> None:
    service.world.happened(opened(deal, "03-02 10:00"))
    service.feed.wake()


async def test_cells_come_as_they_change_and_go_on_after_the_last_id(service: Service, address: str) -> None:
    async with _live(address, VIEWER) as events:
        await _listeners(service, 1)
        assert said("baton_sse_clients", feed="live") == 1
        _happens(service, "1")
        event = await anext(events)
        assert event["event"] == "cells"
        cells = json.loads(event["data"])
        assert event["id"] == str(cells[-1]["seq"])
        amount = next(cell for cell in cells if cell["measure"] == "open_amount")
        assert {name: value for name, value in amount.items() if name != "seq"} == {
            "measure": "open_amount",
            "day": "",
            "person": "wang",
            "line": "Atlas",
            "product": "Atlas 200",
            "currency": "CNY",
            "department": "",
            "team": "",
            "region": "",
            "customer": "",
            "bucket": 0,
            "change": 10_000,
            "type": "deal-opened.v1",
            "stream": "deal-1",
            "value": 10_000,
            "recorded_at": "2025-03-02T02:00:00+00:00",
        }
    await _listeners(service, 0)
    await until(lambda: said("baton_sse_clients", feed="live") == 0)
    _happens(service, "2")
    _happens(service, "3")
    missed: list[int] = []
    async with _live(address, VIEWER | {"Last-Event-ID": event["id"]}) as events:
        while len(missed) < 2 * len(cells):
            missed += [cell["seq"] for cell in json.loads((await anext(events))["data"])]
    last = int(event["id"])
    assert missed == list(range(last + 1, last + 1 + 2 * len(cells)))


async def test_a_number_that_never_was_is_answered_by_a_reset(service: Service, address: str) -> None:
    async with _live(address, VIEWER | {"Last-Event-ID": "9" * 23}) as events:
        event = await anext(events)
    assert (event["event"], event["data"]) == ("reset", "[]")
    await _listeners(service, 0)


async def test_a_browser_may_bring_its_token_in_the_address(service: Service, address: str) -> None:
    token = VIEWER["Authorization"].removeprefix("Bearer ")
    async with _live(address, {}, params={"token": token}) as events:
        await _listeners(service, 1)
        _happens(service, "1")
        assert (await anext(events))["event"] == "cells"


async def test_without_a_token_there_is_nothing_to_hear(service: Service) -> None:
    problem(await service.client.get("/live", headers=NOBODY), 401)
    problem(await service.client.get("/live", params={"token": "forged"}, headers=NOBODY), 401)
    problem(await service.client.get("/live", headers={"Last-Event-ID": "yesterday"}), 422)
    problem(await service.client.get("/live", headers={"Last-Event-ID": "-1"}), 422)


async def test_the_services_say_where_they_are(service: Service) -> None:
    services = await service.get("/services")
    assert set(services) == {"customers", "orders", "performance", "coordination"}
    assert all(url.startswith("http://") for url in services.values())
