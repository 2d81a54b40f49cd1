"""What must not break Baton: a lost broker, bad records on a topic, bad requests, a killed service."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from shared.events.catalogue import topic
from shared.kafka.topics import parked_topic
from tests.house import SERVICES, House, house
from tests.published import published, records
from tests.waiting import until

DEALS = 40


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path / "data") as it:
        yield it


async def test_a_wiped_broker_is_refilled_and_the_boards_are_whole(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with house(data) as it, it.client() as client:
        await _win_deals(it, client, first=0)
        await until(partial(_won, it, client, DEALS))
        before = await _numbers(it, client)
    for lost in [data / "kafka", *data.glob("*/read.db*")]:
        shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    async with house(data) as it, it.client() as client:
        await until(partial(_won, it, client, DEALS))
        assert await _numbers(it, client) == before
        orders = await published(_kafka(it), "orders")
        assert len(await published(_kafka(it), "customers")) == 2 * DEALS
        await _win_deals(it, client, first=DEALS)
        await until(partial(_won, it, client, 2 * DEALS))
    assert len({record["id"] for record in orders}) == len(orders) == DEALS


async def test_a_broker_wiped_while_the_boards_stay_repeats_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with house(data) as it, it.client() as client:
        await _win_deals(it, client, first=0)
        await until(partial(_won, it, client, DEALS))
    shutil.rmtree(data / "kafka")
    async with house(data) as it, it.client() as client:
        await _win_deals(it, client, first=DEALS)
        await until(partial(_won, it, client, 2 * DEALS))
        assert len(await published(_kafka(it), "customers")) == 4 * DEALS


async def test_a_killed_service_or_broker_loses_nothing_and_doubles_nothing(running: House) -> None:
    async with running.client() as client:
        for n, service in enumerate((*SERVICES, "kafka")):
            winning = asyncio.create_task(_win_deals(running, client, first=n * DEALS, patient=True))
            half_way = running.url("customers") + f"/deals/d{n * DEALS + DEALS // 2}"
            await until(partial(_is_there, client, half_way))
            os.kill(running.pid(service), signal.SIGKILL)
            await winning
            await until(partial(_won, running, client, (n + 1) * DEALS), within=60)


async def test_a_breach_is_said_once_though_nobody_was_awake_when_it_fell_due(running: House) -> None:
    async with running.client() as client:
        handoffs = running.url("coordination") + "/handoffs"
        due = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
        asked = {"id": "h1", "kind": "between-departments", "subject": "order-1", "title": "图纸"}
        between = {"from_department": "sales", "to_department": "production", "due_at": due}
        (await client.post(handoffs, json=asked | between)).raise_for_status()
        for _ in range(2):
            os.kill(running.pid("coordination"), signal.SIGKILL)
            told = await until(partial(_breaches, client, handoffs + "/h1"), what="the breach is said")
            assert told == ["handoff-breached.v1"]


async def test_a_bad_record_parks_its_stream_and_the_rest_goes_on(running: House) -> None:
    async with running.client() as client:
        await _win_deals(running, client, first=0)
        await until(partial(_won, running, client, DEALS))
        await _send_bad_record(running, stream="deal-bad")
        parked = await until(partial(_parked, running, client), what="the stream is parked")
        assert parked == ["deal-bad"]
        metrics = (await client.get(running.url("performance") + "/metrics")).text
        assert "baton_parked_streams 1.0" in metrics
        assert "deal-bad" in (running.data / "logs" / "performance.log").read_text()
        await _win_deals(running, client, first=DEALS)
        await until(partial(_won, running, client, 2 * DEALS))
        [told] = await until(partial(_told, running), what="the parked topic")
        assert (told["ce_subject"], bool(told["error"])) == (b"deal-bad", True)

        redriven = await client.post(running.url("performance") + "/parked/redrive")
        assert redriven.json() == {"streams": ["deal-bad"], "applied": 0}
        dropped = await client.post(running.url("performance") + "/parked/redrive?drop=true")
        assert dropped.json() == {"streams": [], "applied": 0}


async def test_bad_requests_get_a_clear_problem_and_change_nothing(running: House) -> None:
    good = _deal("d1")
    bad: list[tuple[int, Any]] = [
        (422, {**good, "colour": "red"}),
        (422, {**good, "amount": {"minor": -1, "currency": "CNY"}}),
        (422, {**good, "amount": {"minor": 1.5, "currency": "CNY"}}),
        (422, {**good, "amount": {"minor": 10**30, "currency": "CNY"}}),
        (422, {**good, "title": "\x00"}),
        (422, {**good, "title": 7}),
        (422, {**good, "stage": "dreaming"}),
        (422, []),
        (422, None),
        (404, {**good, "account_id": "nobody"}),
    ]
    async with running.client() as client:
        deals = running.url("customers") + "/deals"
        for status, body in bad:
            answer = await client.post(deals, json=body)
            assert (answer.status_code, answer.headers["content-type"]) == (
                status,
                "application/problem+json",
            ), answer.text
            assert answer.json()["detail"]
        for raw in (b'{"title": "', b"\xff\xfe", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}", b'"\\ud800"'):
            answer = await client.post(deals, content=raw, headers={"Content-Type": "application/json"})
            assert answer.status_code in (400, 422), answer.text
        huge = await client.post(deals, content=b'{"title":"' + b"x" * 1_000_000 + b'"}')
        assert huge.status_code == 413
        assert (await client.post(f"{deals}/d1/win", json={})).status_code == 404
        assert (await client.get(f"{deals}/d1")).status_code == 404
        (await client.post(deals, json=good)).raise_for_status()
        (await client.post(f"{deals}/d1/lose", json={"reason": "价格"})).raise_for_status()
        refused = await client.post(f"{deals}/d1/win", json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "deal-lost")


async def _breaches(client: httpx.AsyncClient, handoff: str) -> list[str]:
    try:
        timeline = (await client.get(handoff)).json()["timeline"]
    except httpx.TransportError:
        return []
    return [happened["type"] for happened in timeline if happened["type"] == "handoff-breached.v1"]


async def _is_there(client: httpx.AsyncClient, url: str) -> bool:
    return (await client.get(url)).is_success


async def _numbers(it: House, client: httpx.AsyncClient) -> Any:
    board = (await client.get(it.url("performance") + "/kpis")).json()
    return board["kpis"]


async def _won(it: House, client: httpx.AsyncClient, expected: int) -> bool:
    try:
        values = {kpi["name"]: kpi["value"] for kpi in await _numbers(it, client)}
        opened = (await client.get(it.url("orders") + "/orders?limit=200")).json()["items"]
    except httpx.TransportError:
        return False
    return (values["won_count"], values["won_amount"], len(opened)) == (expected, 10 * expected, expected)


async def _win_deals(it: House, client: httpx.AsyncClient, *, first: int, patient: bool = False) -> None:
    for n in range(first, first + DEALS):
        for path, body in (("/deals", _deal(f"d{n}")), (f"/deals/d{n}/win", {})):
            await until(partial(_post, it, client, path, body, f"{n}{path}", patient), within=30)


async def _post(it: House, client: httpx.AsyncClient, path: str, body: Any, key: str, patient: bool) -> bool:
    try:
        answer = await client.post(
            it.url("customers") + path, json=body, headers={"Idempotency-Key": key.replace("/", "-")}
        )
    except httpx.TransportError:
        if patient:
            return False  # it is being started again: the key makes asking again harmless
        raise
    if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and patient:
        return False
    answer.raise_for_status()
    return True


def _deal(deal_id: str) -> dict[str, Any]:
    amount = {"minor": 1000, "currency": "CNY"}
    return {
        "id": deal_id,
        "title": "云帆 Seats",
        "owner": "p1",
        "product": "Seats",
        "line": "S",
        "amount": amount,
    }


async def _parked(it: House, client: httpx.AsyncClient) -> Any:
    return (await client.get(it.url("performance") + "/parked")).json()["streams"]


async def _send_bad_record(it: House, *, stream: str) -> None:
    record = {
        "specversion": "1.0",
        "id": "5f0c0c5e-0000-4000-8000-000000000000",
        "type": "deal-opened.v1",
        "source": "/baton/customers",
        "subject": stream,
        "sequence": "0",
        "recordedtime": "2026-01-01T00:00:00+00:00",
        "role": "sales",
        "correlationid": "c1",
        "data": {"deal_id": "bad", "amount": "a lot"},
    }
    async with AIOKafkaProducer(bootstrap_servers=_kafka(it)) as producer:
        await producer.send_and_wait(topic("customers"), json.dumps(record).encode(), key=stream.encode())


async def _told(it: House) -> list[dict[str, bytes]]:
    return [dict(record.headers) for record in await records(_kafka(it), parked_topic("performance"))]


def _kafka(it: House) -> str:
    return f"127.0.0.1:{it.port + 10}"
