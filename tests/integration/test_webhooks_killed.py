"""The coordination service is killed while it sends: nothing is lost, and every stream stays in order."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from standardwebhooks import Webhook as Verifier

from baton import broker
from tests.house import House, house
from tests.receiving import Got, Receiver, Reply, receiving, without_repeats
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

DEALS: Final = 30
CHANGES: Final = 4
TYPES: Final = ["deal-opened.v1", "deal-repriced.v1"]


@pytest.fixture(autouse=True)
def _an_embedded_broker(tmp_path: Path) -> None:
    try:
        broker.argv(tmp_path, port=1)
    except broker.NoBroker as missing:
        pytest.skip(str(missing))


async def test_killed_again_and_again_in_the_middle_of_sending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_INSIDE", "127.0.0.0/8")
    async with (
        receiving() as receiver,
        house(tmp_path / "data") as it,
        it.client("manager") as manager,
        it.client("sales") as sales,
    ):
        receiver.takes = 0.1  # so that some are always on their way
        receiver.answer = _once_unwell("deal-3", "deal-13", "deal-23")
        told = {"id": "wh-1", "name": "ERP", "url": receiver.url, "start": "first"} | {"types": TYPES}
        made = await manager.post(it.url("coordination") + "/webhooks", json=told)
        assert made.status_code == 201, made.text
        working = asyncio.create_task(_business(it, sales))
        for _ in range(3):
            some_more = len(receiver.taken) + 15
            await until(lambda some=some_more: len(receiver.taken) >= some, within=60)  # type: ignore[misc]  # the loop's
            os.kill(it.pid("coordination"), signal.SIGKILL)
        await working
        everything = DEALS * (1 + CHANGES)
        await until(lambda: len(set(receiver.ids())) == everything, within=90)
        secret = await until(lambda: _asked(manager, it, "/secret"))
        await until(lambda: _nothing_waits(manager, it))
        deliveries = await _asked(manager, it, "/deliveries?limit=200")
    for n in range(DEALS):
        first = [got.sequence for got in without_repeats(receiver.taken) if got.stream == f"deal-{n}"]
        assert first == list(range(1 + CHANGES))
    for got in receiver.taken:
        Verifier(secret["key"]).verify(got.body, dict(got.headers))
    assert len(receiver.taken) > everything  # what was on its way was sent again
    assert {it["event_id"] for it in deliveries["items"]} == set(receiver.ids())
    assert 500 in {it["status"] for it in deliveries["items"]}


def _once_unwell(*streams: str) -> Any:
    """At the end of several streams: who is killed before it notes an answer never heard it.

    All of them begin at once, so that one kill could take the answers to all of the first ones.
    """
    left = dict.fromkeys(streams, Reply(500))
    return lambda got: left.pop(got.stream, Reply()) if got.sequence == CHANGES else Reply()


async def _business(it: House, sales: httpx.AsyncClient) -> None:
    deals = it.url("customers") + "/deals"

    async def one(n: int) -> None:
        deal = {
            "id": str(n),
            "title": "云帆科技 Atlas",
            "owner": "p-1",
            "product": "Atlas 200",
            "line": "Atlas",
        }
        opened = await sales.post(deals, json=deal | {"amount": {"minor": 100}})
        assert opened.status_code == 201, opened.text
        for change in range(CHANGES):
            body = {"amount": {"minor": 200 + change}}
            assert (await sales.post(f"{deals}/{n}/reprice", json=body)).status_code == 204

    await asyncio.gather(*(one(n) for n in range(DEALS)))


async def _asked(manager: httpx.AsyncClient, it: House, path: str = "") -> Any:
    try:
        answer = await manager.get(it.url("coordination") + "/webhooks/wh-1" + path)
    except httpx.TransportError:  # it was killed, and is not back yet
        return None
    return answer.json() if answer.status_code == 200 else None


async def _nothing_waits(manager: httpx.AsyncClient, it: House) -> bool:
    told = await _asked(manager, it)
    return told is not None and told["waiting"] == 0


def test_a_receiver_that_keeps_ids_sees_each_event_once() -> None:
    got = [Got({"webhook-id": name}, b"") for name in ("a", "b", "a", "c", "b")]
    assert [one.id for one in without_repeats(got)] == ["a", "b", "c"]
    assert Receiver("").of("deal-1") == []
