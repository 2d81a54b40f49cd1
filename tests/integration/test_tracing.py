"""One event's path is one trace: from the caller by store, relay and Kafka to who looks at a board."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.collecting import Told, collecting
from tests.house import House, house
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER: Final = "00f067aa0ba902b7"
TRACEPARENT: Final = f"00-{TRACE}-{CALLER}-01"
DEAL: Final = {"id": "d-1", "title": "A deal", "owner": "p-1", "product": "P", "line": "L"} | {
    "amount": {"minor": 100, "currency": "CNY"}
}


class Steps:
    """What was told of one trace."""

    def __init__(self, told: Sequence[Told]) -> None:
        self._told = told

    def named(self, service: str, name: str, *, under: str | None = None) -> Told:
        """The only step of this name, or the only one under that parent."""
        (found,) = [it for it in self._of(service, name) if under is None or it.parent == under]
        return found

    def have(self, *wanted: tuple[str, str]) -> bool:
        return all(self._of(*one) for one in wanted)

    def _of(self, service: str, name: str) -> list[Told]:
        return [it for it in self._told if (it.service, it.name) == (service, name)]


@asynccontextmanager
async def looking(running: House, client: httpx.AsyncClient) -> AsyncIterator[AsyncIterator[str]]:
    """Somebody in front of a board: the feed's lines, from the first on."""
    async with client.stream("GET", running.url("performance") + "/live", timeout=60) as feed:
        assert feed.status_code == 200
        assert feed.headers["X-Request-Id"]
        async with aclosing(feed.aiter_lines()) as lines:  # type: ignore[type-var]  # it is a generator
            yield lines


async def win(running: House, client: httpx.AsyncClient) -> None:
    """A deal is opened by somebody, and won in the caller's trace while somebody looks at a board."""
    deals = running.url("customers") + "/deals"
    async with looking(running, client) as lines:
        (await client.post(deals, json=DEAL)).raise_for_status()
        await told_of(lines, "deal-opened.v1")
        asked = {"traceparent": TRACEPARENT, "X-Request-Id": "r-1"}
        (await client.post(f"{deals}/d-1/win", json={}, headers=asked)).raise_for_status()
        await told_of(lines, "deal-won.v1")

    async def ordered() -> bool:
        return (await client.get(running.url("orders") + "/streams/order-d-1")).is_success

    await until(ordered, what="the order of the won deal")


async def told_of(lines: AsyncIterator[str], event_type: str) -> None:
    async for line in lines:
        if line.startswith("data: [") and any(
            change["type"] == event_type for change in json.loads(line.removeprefix("data: "))
        ):
            return


async def events(running: House, client: httpx.AsyncClient, service: str, stream: str) -> dict[str, Any]:
    """By type."""
    found = (await client.get(f"{running.url(service)}/streams/{stream}")).json()["events"]
    return {event["type"]: event for event in found}


async def test_a_deals_way_to_the_board_and_to_its_order_is_one_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [
        ("customers", "POST /deals/{deal_id}/win"),
        ("customers", "append"),
        ("customers", "publish baton.customers.events"),
        ("customers", "process own store"),
        ("performance", "process baton.customers.events"),
        ("performance", "tell /live"),
        ("orders", "react open-order-of-won-deal"),
        ("orders", "append"),
        ("orders", "publish baton.orders.events"),
        ("performance", "process baton.orders.events"),
    ]
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    async with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint)
        async with house(tmp_path / "data") as running, running.client() as client:
            await win(running, client)
            await until(lambda: Steps(collector.of(TRACE)).have(*wanted), what="every step was told")
            won = (await events(running, client, "customers", "deal-d-1"))["deal-won.v1"]
            opened = (await events(running, client, "orders", "order-d-1"))["order-opened.v1"]
    there = Steps(collector.of(TRACE))
    request = there.named("customers", "POST /deals/{deal_id}/win")
    assert (request.parent, request.attributes["baton.request_id"]) == (CALLER, "r-1")
    assert won["traceparent"] == f"00-{TRACE}-{request.id}-01"
    assert won["correlationid"] == opened["correlationid"] == "r-1"

    assert there.named("customers", "append").parent == request.id
    assert there.named("customers", "process own store").parent == request.id
    published = there.named("customers", "publish baton.customers.events")
    assert (published.parent, published.kind) == (request.id, "producer")
    assert published.attributes["messaging.message.id"] == won["id"]
    assert published.attributes["messaging.kafka.message.key"] == "deal-d-1"
    assert published.attributes["messaging.kafka.offset"] >= 0

    processed = there.named("performance", "process baton.customers.events")
    assert (processed.parent, processed.kind) == (published.id, "consumer")
    assert processed.attributes["messaging.consumer.group.name"] == "baton.performance"
    assert processed.attributes["baton.event_type"] == "deal-won.v1"
    assert there.named("performance", "tell /live", under=published.id).attributes["baton.listeners"] == 1

    reaction = there.named("orders", "react open-order-of-won-deal")
    assert reaction.parent == published.id
    assert there.named("orders", "append").parent == reaction.id
    assert opened["traceparent"] == f"00-{TRACE}-{reaction.id}-01"
    order = there.named("orders", "publish baton.orders.events")
    assert order.parent == reaction.id
    assert there.named("performance", "process baton.orders.events").parent == order.id
    assert not [span for span in collector.told if span.failed]
    assert not [span for span in collector.told if "/health" in span.name]


async def test_off_as_it_is_by_default_nothing_is_sent_and_the_callers_trace_is_in_every_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    async with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", f"{collector.endpoint}/v1/traces")
        async with house(tmp_path / "data") as running, running.client() as client:
            await win(running, client)
            won = await events(running, client, "customers", "deal-d-1")
            opened = await events(running, client, "orders", "order-d-1")
    assert won["deal-won.v1"]["traceparent"] == opened["order-opened.v1"]["traceparent"] == TRACEPARENT
    assert "traceparent" not in won["deal-opened.v1"]
    assert collector.told == []
