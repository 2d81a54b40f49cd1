"""Services as they run, scraped: every metric is there from the start, and tells what happens."""

import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from baton import broker
from services.metric_pages import Metric, known, says
from shared.service.intake import OWN_STORE
from tests.house import SERVICES, House, house
from tests.waiting import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc"),
]

OF_COORDINATION: Final = ("baton_webhook_", "baton_handoffs_")
ON_FILE: Final[Mapping[str, Metric]] = {metric.name: metric for metric in known()}


class Scrape:
    """What one service said once."""

    def __init__(self, page: str) -> None:
        self.families = [it for it in text_string_to_metric_families(page) if it.name.startswith("baton_")]

    def names(self) -> set[str]:
        return {f"{it.name}_total" if it.type == "counter" else it.name for it in self.families}

    def samples(self) -> Iterator[tuple[Metric, Sample]]:
        for it in self.families:
            name = f"{it.name}_total" if it.type == "counter" else it.name
            for sample in it.samples:
                yield ON_FILE[name], sample

    def value(self, name: str, **labels: str) -> float | None:
        found = [it.value for _, it in self.samples() if (it.name, it.labels) == (name, labels)]
        return found[0] if found else None


async def scraped(it: House, client: httpx.AsyncClient, service: str) -> Scrape:
    return Scrape((await client.get(it.url(service) + "/metrics")).text)


async def says_so(
    it: House, client: httpx.AsyncClient, service: str, name: str, value: float, **labels: str
) -> None:
    async def so() -> bool:
        return (await scraped(it, client, service)).value(name, **labels) == value

    await until(so, what=f"{service} says {name}{labels} {value}")


async def test_every_metric_is_there_from_the_start_and_tells_what_happens(tmp_path: Path) -> None:
    try:
        broker.argv(tmp_path, port=1)
    except broker.NoBroker as missing:
        pytest.skip(str(missing))
    async with house(tmp_path / "data") as it, it.client() as client:
        for service in SERVICES:
            await _starts_with_all(it, client, service)
        await _counts_commands(it, client)
        await _counts_what_was_late(it, client)
        for service in SERVICES:
            _keeps_to_its_page(await scraped(it, client, service))


async def _starts_with_all(it: House, client: httpx.AsyncClient, service: str) -> None:
    page = await scraped(it, client, service)
    ours = {name for name in ON_FILE if service == "coordination" or not name.startswith(OF_COORDINATION)}
    assert page.names() == ours
    there = {sample.name for metric, sample in page.samples() if not metric.labels}
    for name in (name for name in ours if not ON_FILE[name].labels):
        assert {name, f"{name}_count"} & there, name
    assert page.value("baton_relay_healthy") == 1
    assert page.value("baton_stream_failures_total", group=f"baton.{service}") == 0
    for feed in ("live", "events"):
        assert page.value("baton_sse_clients", feed=feed) == 0
    for source in (OWN_STORE.name, *_read_by(service)):
        told = {"group": f"baton.{service}", "source": source}
        await says_so(it, client, service, "baton_consumer_lag_events", 0, **told)
        await says_so(it, client, service, "baton_consumer_lag_seconds", 0, **told)


def _read_by(service: str) -> list[str]:
    others = {
        "performance": ("coordination", "customers", "orders"),
        "customers": ("orders",),
        "orders": ("customers",),
        "coordination": ("customers", "orders"),
    }
    return [f"baton.{other}.events" for other in others[service]]


async def _counts_commands(it: House, client: httpx.AsyncClient) -> None:
    deals, deal = it.url("customers") + "/deals", {"title": "A deal", "owner": "p-1", "line": "L"}
    body = {**deal, "id": "d-1", "product": "P", "amount": {"minor": 100, "currency": "CNY"}}
    key = {"Idempotency-Key": "k-1"}

    async def win(which: str, status: int, **headers: str) -> None:
        answer = await client.post(f"{deals}/{which}/win", json={}, headers=headers)
        assert answer.status_code == status, answer.text

    (await client.post(deals, json=body)).raise_for_status()
    await win("d-1", 412, **{"If-Match": '"7"'})
    await win("d-1", 204, **key)
    await win("d-1", 204, **key)
    await win("d-1", 204)
    await win("nothing", 404)

    page = await scraped(it, client, "customers")
    told = {"category": "deal", "decision": "win"}
    came = {"done": 1, "repeated": 1, "ignored": 1, "refused": 1, "stale": 1, "lost_race": 0, "contended": 0}
    for outcome, times in came.items():
        assert page.value("baton_commands_total", **told, outcome=outcome) == times, outcome
    route = {"method": "POST", "route": "/deals/{deal_id}/win"}
    for status, times in {"204": 3, "404": 1, "412": 1, "500": 0}.items():
        assert page.value("baton_http_requests_total", **route, status=status) == times
    assert page.value("baton_http_request_seconds_count", **route) == 5
    assert page.value("baton_store_append_seconds_count") == 2
    assert page.value("baton_store_commit_events_sum") == 2
    await says_so(it, client, "customers", "baton_relay_published_total", 2)
    await says_so(it, client, "customers", "baton_relay_age_seconds_count", 2)
    opened = {"reaction": "open-order-of-won-deal", "outcome": "done"}
    await says_so(it, client, "orders", "baton_reactions_total", 1, **opened)


async def _counts_what_was_late(it: House, client: httpx.AsyncClient) -> None:
    due = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    between = {"from_department": "sales", "to_department": "production", "due_at": due}
    asked = between | {"kind": "between-departments", "subject": "order-1", "title": "图纸"}
    (await client.post(it.url("coordination") + "/handoffs", json=asked)).raise_for_status()
    say = partial(says_so, it, client, "coordination")
    await say("baton_handoffs_breached_total", 1, kind="between-departments")
    await say("baton_timer_late_seconds_count", 1, timer="breach-handoff")
    await say("baton_timers_due", 0, timer="breach-handoff")


def _keeps_to_its_page(page: Scrape) -> None:
    for metric, sample in page.samples():
        labels = {name: value for name, value in sample.labels.items() if name != "le"}
        assert set(labels) == set(metric.labels), sample
        for label, value in labels.items():
            listed = says(metric, label)
            if re.fullmatch(r"`[^`]+`(, `[^`]+`)*", listed) and "<" not in listed:
                assert f"`{value}`" in listed, sample
