"""A service's events over HTTP: followed, resumed, narrowed down, and read stream by stream."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.events.event import Event
from shared.events.examples import ENVELOPE, EXAMPLES
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NewEvent
from shared.service import events_api
from tests.listening import heard, listening
from tests.service_app import bearer, serving

SYSTEM = bearer("system", person="erp")


class Shop:
    """The customers service's feed over a store of its own."""

    def __init__(self, store: SqliteStore, client: httpx.AsyncClient) -> None:
        self.store = store
        self.client = client
        self.app = client._transport.app  # type: ignore[attr-defined]  # the transport that `serving` made

    async def happens(self, *events: Event, stream: str) -> None:
        stored = await self.store.read(stream)
        new = [NewEvent(uuid4(), e.type, e.wire(), ENVELOPE.model_dump_json().encode()) for e in events]
        await self.store.append(stream, new, expected=len(stored) - 1)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    store = SqliteStore(tmp_path / "events.db")
    async with serving([events_api.events_of("customers")], {"log": store}) as client:
        yield Shop(store, client)
    await store.close()


WON, LOST, CONTACT = EXAMPLES["deal-won.v1"], EXAMPLES["deal-lost.v1"], EXAMPLES["contact-added.v1"]


def told(event: dict[str, str]) -> Any:
    return json.loads(event["data"])


async def test_from_the_very_first_event_and_on_as_they_happen(shop: Shop) -> None:
    await shop.happens(WON, stream="deal-1")
    async with (
        listening(shop.app) as address,
        heard(address, "/events", headers=SYSTEM, params={"after": "-1"}) as events,
    ):
        first = told(await anext(events))
        assert (first["type"], first["subject"], first["sequence"]) == ("deal-won.v1", "deal-1", "0")
        assert first["data"]["title"] == "云帆科技 Atlas 200"
        await shop.happens(LOST, stream="deal-2")
        assert told(await anext(events))["type"] == "deal-lost.v1"


async def test_who_was_cut_off_goes_on_where_it_was(shop: Shop) -> None:
    for n in range(3):
        await shop.happens(WON, stream=f"deal-{n}")
    async with listening(shop.app) as address:
        async with heard(address, "/events", headers=SYSTEM, params={"after": "-1"}) as events:
            await anext(events)
            last = (await anext(events))["id"]
        resumed = {**SYSTEM, "Last-Event-ID": last}
        async with heard(address, "/events", headers=resumed, params={"after": "-1"}) as events:
            assert told(await anext(events))["subject"] == "deal-2"


async def test_without_a_place_to_start_the_feed_starts_now(shop: Shop) -> None:
    await shop.happens(WON, stream="deal-1")
    async with (
        listening(shop.app) as address,
        heard(address, "/events", headers=SYSTEM) as events,
    ):
        await shop.happens(WON, stream="deal-2")
        assert told(await anext(events))["subject"] == "deal-2"


async def test_only_what_is_wanted_and_how_far_the_rest_has_come(shop: Shop) -> None:
    await shop.happens(WON, WON, stream="deal-1")
    params = {"after": "-1", "types": "deal-lost.v1"}
    async with (
        listening(shop.app) as address,
        heard(address, "/events", headers=SYSTEM, params=params) as events,
    ):
        passed = await anext(events)
        assert (passed["event"], passed["id"]) == ("ping", str(await shop.store.head()))
        await shop.happens(LOST, stream="deal-2")
        assert told(await anext(events))["type"] == "deal-lost.v1"


async def test_nothing_personal_is_told(shop: Shop) -> None:
    personal = json.loads(CONTACT.wire())["name"]
    await shop.happens(CONTACT, stream="account-1")
    async with (
        listening(shop.app) as address,
        heard(address, "/events", headers=SYSTEM, params={"after": "-1"}) as events,
    ):
        event = await anext(events)
    stream = (await shop.client.get("/streams/account-1", headers=SYSTEM)).text
    assert "contact-added.v1" in event["data"]
    assert "contact-added.v1" in stream
    assert personal not in event["data"] + stream


async def test_one_thing_s_stream_in_pieces(shop: Shop) -> None:
    await shop.happens(EXAMPLES["deal-opened.v1"], WON, stream="deal-1")
    whole = await shop.client.get("/streams/deal-1", headers=SYSTEM)
    assert whole.headers["ETag"] == '"1"'
    assert [event["type"] for event in whole.json()["events"]] == ["deal-opened.v1", "deal-won.v1"]
    rest = (await shop.client.get("/streams/deal-1", params={"after": 0}, headers=SYSTEM)).json()
    assert (rest["revision"], [event["sequence"] for event in rest["events"]]) == (1, ["1"])
    none = (await shop.client.get("/streams/deal-1", params={"after": 1}, headers=SYSTEM)).json()
    assert (none["revision"], none["events"], none["more"]) == (1, [], False)


async def test_a_long_stream_says_that_there_is_more(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_api, "MOST_OF_STREAM", 2)
    await shop.happens(WON, WON, WON, stream="deal-1")
    page = (await shop.client.get("/streams/deal-1", headers=SYSTEM)).json()
    assert (page["revision"], page["more"]) == (1, True)


@pytest.mark.parametrize("path", ["/streams/deal-9", "/streams/order-1", "/streams/nothing"])
async def test_what_is_not_here_is_not_found(shop: Shop, path: str) -> None:
    assert (await shop.client.get(path, headers=SYSTEM)).status_code == 404


@pytest.mark.parametrize(
    "query", ["types=order-opened.v1", "types=nonsense", "after=-2", "after=x", f"after={2**70}"]
)
async def test_what_makes_no_sense_is_said(shop: Shop, query: str) -> None:
    assert (await shop.client.get(f"/events?{query}", headers=SYSTEM)).status_code == 422


async def test_who_sees_by_department_may_not_follow_all_events(shop: Shop) -> None:
    for role in ("sales", "marketing"):
        assert (await shop.client.get("/events", headers=bearer(role))).status_code == 403
        assert (await shop.client.get("/streams/deal-1", headers=bearer(role))).status_code == 404


@pytest.mark.parametrize("path", ["/events", "/streams/deal-1"])
async def test_a_viewer_and_a_stranger_see_no_events(shop: Shop, path: str) -> None:
    assert (await shop.client.get(path, headers=bearer("viewer"))).status_code == 403
    assert (await shop.client.get(path, headers={"Authorization": ""})).status_code == 401


async def test_no_more_follow_than_the_store_can_bear(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(shop.app.state.streams._most, "events", 1)
    await shop.happens(WON, stream="deal-1")
    async with listening(shop.app) as address:
        async with heard(address, "/events", headers=SYSTEM, params={"after": "-1"}) as events:
            await anext(events)
            refused = await shop.client.get("/events", headers=SYSTEM)
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
        async with httpx.AsyncClient(base_url=address) as client:
            while True:  # until the first is known to have gone
                async with client.stream("GET", "/events", headers=SYSTEM) as answer:
                    if answer.status_code == 200:
                        break
