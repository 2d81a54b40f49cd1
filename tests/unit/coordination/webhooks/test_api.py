"""Webhooks over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from standardwebhooks import Webhook as Verifier

from services.coordination import lists
from services.coordination.webhooks import api
from services.coordination.webhooks.attempt import Outside
from services.coordination.webhooks.listing import WEBHOOKS
from services.coordination.webhooks.queue import Queue, open_queue
from services.coordination.webhooks.reach import Reach
from services.coordination.webhooks.sender import Means
from services.coordination.webhooks.sending import Sending, disable
from services.coordination.webhooks.webhook import WEBHOOK
from shared.eventstore.decider import Decider
from shared.eventstore.sqlite import SqliteStore
from shared.kafka.brokers import Brokers
from shared.projections.database import open_database
from shared.projections.lists import Kept
from shared.service import events_api
from shared.service.settings import networks
from tests.following import Following
from tests.receiving import Receiver, Reply, receiving
from tests.service_app import SECRET, bearer, serving
from tests.unit.coordination.webhooks.queueing import NOW, arrived, in_office, settled, take

ERP: Final[dict[str, Any]] = {"id": "wh-1", "name": "ERP", "url": "https://192.0.43.8/hook?token=t0p"}


@dataclass(frozen=True)
class Service:
    client: httpx.AsyncClient
    queue: Queue
    store: SqliteStore
    following: Following

    async def posts(self, path: str, **body: Any) -> httpx.Response:
        return await self.client.post(f"/webhooks{path}", json=body)

    async def asks(self, path: str = "") -> Any:
        answer = await self.client.get(f"/webhooks{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    store = SqliteStore(tmp_path / "events.db")
    database = open_database(f"sqlite:///{tmp_path}/read.db")
    queue = open_queue(f"sqlite:///{tmp_path}/read.db")
    webhooks = Decider(store, WEBHOOK)
    reach = Reach(networks("127.0.0.0/8"))
    async with Outside(reach, master_key=SECRET, desk="http://127.0.0.1:8080") as outside:
        means = Means(queue, outside.post, partial(disable, webhooks), brokers=Brokers(""))
        state = {
            "log": store,
            "webhooks": webhooks,
            "webhook_list": Kept(database, WEBHOOKS),
            "webhook_queue": queue,
            "webhook_outside": outside,
            "webhook_sending": Sending(store, webhooks, means),
        }
        async with serving([api.router, events_api.events_of("coordination")], state) as client:
            client.headers.update(bearer("manager"))
            yield Service(client, queue, store, Following(store, database, "coordination", lists.OWN))
    queue.close()
    database.dispose()
    await store.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as it:
        yield it


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["code"] == code
    return told


async def test_a_webhook_from_its_beginning_to_its_end(service: Service) -> None:
    made = await service.posts("", **ERP, types=["deal-won.v1"], where={"owner": "p-wang"})
    assert (made.status_code, made.json(), made.headers["etag"]) == (201, {"id": "wh-1"}, '"0"')
    seen = await service.client.get("/webhooks/wh-1")
    assert seen.headers["etag"] == '"0"'
    told = seen.json()
    assert told.pop("since") is not None
    assert told == {
        "id": "wh-1",
        "name": "ERP",
        "host": "192.0.43.8",
        "url": ERP["url"],
        "state": "live",
        "target": "webhook",
        "lang": "zh",
        "signature": "v1",
        "disabled_because": None,
        "types": ["deal-won.v1"],
        "where": {"owner": "p-wang"},
        "waiting": 0,
        "dead": 0,
        "paused_until": None,
    }
    body = {"name": "ERP", "url": ERP["url"], "signature": "v1a"}
    changed = await service.client.put("/webhooks/wh-1", json=body, headers={"If-Match": '"0"'})
    assert (changed.status_code, changed.headers["etag"]) == (204, '"1"')
    assert (await service.asks("/wh-1"))["types"] == []
    for step, state in (("pause", "paused"), ("resume", "live")):
        assert (await service.posts(f"/wh-1/{step}")).status_code == 204
        assert (await service.asks("/wh-1"))["state"] == state
    assert (await service.posts("/wh-1/remove")).status_code == 204
    problem(await service.client.get("/webhooks/wh-1"), 404, "not-found")
    problem(await service.posts("", **ERP), 409, "id-taken")


async def test_the_list_names_hosts_and_no_addresses(service: Service) -> None:
    for n in range(3):
        await service.posts("", **ERP | {"id": f"wh-{n}"})
    await service.posts("/wh-1/pause")
    await service.posts("/wh-2/remove")
    await service.following.catch_up()
    page = await service.asks("?limit=1")
    assert [it["id"] for it in page["items"]] == ["wh-1"]
    assert [it["id"] for it in (await service.asks(f"?cursor={page['next']}"))["items"]] == ["wh-0"]
    assert [it["id"] for it in (await service.asks("?state=paused"))["items"]] == ["wh-1"]
    assert page["items"][0]["host"] == "192.0.43.8"
    assert "t0p" not in str(page)


async def test_no_address_is_in_a_public_event(service: Service) -> None:
    await service.posts("", **ERP)
    await service.client.put("/webhooks/wh-1", json={"name": "New", "url": ERP["url"]})
    stream = (await service.client.get("/streams/webhook-wh-1")).text
    assert "webhook-changed.v1" in stream
    assert "t0p" not in stream


@pytest.mark.parametrize(
    ("start", "since"),
    [("first", None), ("2026-03-01T08:00:00+08:00", "2026-03-01T00:00:00Z")],
)
async def test_where_it_starts(service: Service, start: str, since: str | None) -> None:
    await service.posts("", **ERP, start=start)
    assert (await service.asks("/wh-1"))["since"] == since
    assert (await service.posts("/wh-1/replay", **{"from": "now"})).status_code == 204
    again = datetime.fromisoformat((await service.asks("/wh-1"))["since"])
    assert datetime.now(UTC) - again < timedelta(minutes=1)
    assert (await service.posts("/wh-1/replay", **{"from": start})).status_code == 204
    assert (await service.asks("/wh-1"))["since"] == since


@pytest.mark.parametrize("path", ["", "/wh-1", "/wh-1/secret", "/wh-1/deliveries", "/wh-1/dead"])
async def test_only_managers_see_webhooks(service: Service, path: str) -> None:
    for role in ("viewer", "sales", "importer", "system"):
        asked = await service.client.get(f"/webhooks{path}", headers=bearer(role))
        problem(asked, 403, "not-allowed")
    asked = await service.client.get(f"/webhooks{path}", headers={"Authorization": ""})
    problem(asked, 401, "unauthenticated")


@pytest.mark.parametrize(
    "path",
    [
        *("", "/wh-1/pause", "/wh-1/resume", "/wh-1/remove", "/wh-1/rotate", "/wh-1/replay", "/wh-1/test"),
        *("/wh-1/dead/redeliver", "/wh-1/dead/e-1/redeliver"),
    ],
)
async def test_only_managers_change_webhooks(service: Service, path: str) -> None:
    await service.posts("", **ERP)
    body = ERP if path == "" else {"from": "now"} if path == "/wh-1/replay" else {}
    asked = await service.client.post(f"/webhooks{path}", json=body, headers=bearer("sales"))
    problem(asked, 403, "not-allowed")
    put = await service.client.put("/webhooks/wh-1", json=ERP, headers=bearer("sales"))
    assert put.status_code == 403


async def test_commands_are_repeated_without_harm(service: Service) -> None:
    body = {"name": "ERP", "url": ERP["url"]}
    key = {"Idempotency-Key": "k-1"}
    first, again = [await service.client.post("/webhooks", json=body, headers=key) for _ in range(2)]
    assert first.json() == again.json()
    path = f"/webhooks/{first.json()['id']}"
    for _ in range(2):
        rotated = await service.client.post(f"{path}/rotate", json={}, headers={"Idempotency-Key": "k-2"})
        assert (rotated.status_code, rotated.headers["etag"]) == (204, '"1"')
    stale = await service.client.post(f"{path}/pause", json={}, headers={"If-Match": '"0"'})
    problem(stale, 412, "stale")


@pytest.mark.parametrize(
    ("told", "field", "said"),
    [
        ({"url": "https://127.0.0.1"}, "", ""),  # allowed here
        ({"url": "https://10.0.0.1/hook"}, "url", "10.0.0.1 is an address inside, which must not be reached"),
        ({"url": "https://[::ffff:169.254.169.254]/"}, "url", "must not be reached"),
        ({"url": "http://192.0.43.8/hook"}, "url", "reached by https only"),
        ({"url": "https://boss:pw@192.0.43.8/"}, "url", "no name or password"),
        ({"url": "gopher://192.0.43.8/"}, "url", "https://"),
        ({"types": ["deal-own.v1"]}, "types.0", "there is no event deal-own.v1"),
        ({"where": {"ownr": "p-wang"}}, "", "none of these events has a field ownr"),
        ({"types": ["webhook-changed.v1"], "where": {"url": "x"}}, "", "has a field url"),
        ({"where": {"a b": "x"}}, "where.a b.[key]", "pattern"),
        ({"start": "yesterday"}, "start", "now"),
        ({"colour": "red"}, "colour", "not permitted"),
    ],
)
async def test_what_makes_no_sense_is_said_at_its_field(
    service: Service, told: dict[str, Any], field: str, said: str
) -> None:
    answer = await service.posts("", **ERP | told)
    if not said:
        assert answer.status_code == 201
        return
    errors = problem(answer, 422, "invalid")["errors"]
    assert any(error["field"].startswith(field) and said in error["message"] for error in errors), errors


async def test_secrets_are_made_rotated_and_kept_nowhere(service: Service, tmp_path: Path) -> None:
    await service.posts("", **ERP)
    first = await service.asks("/wh-1/secret")
    assert first == {"signature": "v1", "key": first["key"], "previous": None, "previous_until": None}
    assert (await service.posts("/wh-1/rotate")).status_code == 204
    second = await service.asks("/wh-1/secret")
    assert second["previous"] == first["key"] != second["key"]
    overlap = datetime.fromisoformat(second["previous_until"]) - datetime.now(UTC)
    assert timedelta(hours=23) < overlap <= timedelta(hours=24)
    await service.posts("/wh-1/rotate", overlap_hours=0)
    assert (await service.asks("/wh-1/secret"))["previous"] is None
    problem(await service.posts("/wh-1/rotate", overlap_hours=-1), 422, "invalid")
    kept = await asyncio.to_thread(_all_bytes, tmp_path)
    assert first["key"].removeprefix("whsec_").encode() not in kept


def _all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_of_the_other_signature_only_the_public_key_is_told(service: Service) -> None:
    await service.posts("", **ERP, signature="v1a")
    assert (await service.asks("/wh-1/secret"))["key"].startswith("whpk_")


async def test_an_example_is_sent_at_once_and_its_answer_is_told(
    service: Service, receiver: Receiver
) -> None:
    await service.posts("", **ERP | {"url": receiver.url}, types=["order-shipped.v1"])
    receiver.answer = lambda _: Reply(200, body="收到".encode())
    tried = (await service.posts("/wh-1/test")).json()
    assert (tried["type"], tried["status"], tried["error"], tried["answer"]) == (
        "order-shipped.v1",
        200,
        None,
        "收到",
    )
    [got] = receiver.asked
    assert got.event["type"] == "order-shipped.v1"
    Verifier((await service.asks("/wh-1/secret"))["key"]).verify(got.body, dict(got.headers))
    receiver.answer = lambda _: Reply(401)
    assert (await service.posts("/wh-1/test")).json()["error"] == "It answered 401."


async def test_deliveries_and_dead_letters_are_told_and_tried_again(service: Service) -> None:
    await service.posts("", **ERP)
    term = in_office(service.queue)
    service.queue.begin(term, "wh-1", 1)
    take(service.queue, term, *(arrived("deal-1", n) for n in range(3)))
    for row in service.queue.waiting("wh-1"):
        service.queue.settle(term, "wh-1", 1, [settled(row, error="It answered 500.")])
    page = await service.asks("/wh-1/deliveries?limit=2")
    assert page["items"][0] == {
        "event_id": "deal-1-2",
        "type": "deal-won.v1",
        "stream": "deal-1",
        "attempt": 1,
        "at": NOW.isoformat().replace("+00:00", "Z"),
        "status": 500,
        "latency_ms": 12,
        "sha256": "0" * 64,
        "error": "It answered 500.",
    }
    rest = await service.asks(f"/wh-1/deliveries?cursor={page['next']}")
    assert [it["event_id"] for it in rest["items"]] == ["deal-1-0"]
    assert [it["event_id"] for it in (await service.asks("/wh-1/dead"))["items"]] == [
        f"deal-1-{n}" for n in (2, 1, 0)
    ]
    one = await service.posts("/wh-1/dead/deal-1-1/redeliver")
    assert one.json() == {"lined_up": 1, "left": 2}
    problem(await service.posts("/wh-1/dead/deal-1-1/redeliver"), 404, "not-found")
    assert (await service.posts("/wh-1/dead/redeliver")).json() == {"lined_up": 2, "left": 0}
    assert ((await service.asks("/wh-1"))["waiting"], (await service.asks("/wh-1"))["dead"]) == (3, 0)
    problem(await service.posts("/nobody/dead/redeliver"), 404, "not-found")


async def test_more_than_a_hundred_are_refused(service: Service) -> None:
    for n in range(100):
        await service.posts("", **ERP | {"id": f"wh-{n}"})
    await service.following.catch_up()
    problem(await service.posts("", **ERP | {"id": "one-more"}), 409, "too-many-webhooks")
    assert (await service.posts("", **ERP | {"id": "wh-7"})).status_code == 201
    await service.posts("/wh-7/remove")
    await service.following.catch_up()
    assert (await service.posts("", **ERP | {"id": "one-more"})).status_code == 201
