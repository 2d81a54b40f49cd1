"""What happens between Baton and a KurrentDB server when something goes wrong."""

import socket
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from shared.eventstore.kurrent import KurrentStore
from shared.eventstore.open import open_store
from shared.eventstore.store import NOTHING, NewEvent, StoredEvent, StoreUnavailable
from tests.contract.kurrent_protocol import KurrentProtocol


@pytest.fixture
async def store(protocol: KurrentProtocol) -> AsyncIterator[KurrentStore]:
    opened = KurrentStore(protocol.url)
    yield opened
    await opened.close()


def happened() -> NewEvent:
    return NewEvent(uuid4(), "deal-opened.v1", b"{}", b"{}")


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        store = await open_store(f"esdb://127.0.0.1:{nobody.getsockname()[1]}?tls=false")
        with pytest.raises(StoreUnavailable):
            await store.append("deal-1", [happened()], expected=NOTHING)
        with pytest.raises(StoreUnavailable):
            await store.read("deal-1")
        with pytest.raises(StoreUnavailable):
            await store.head()
        with pytest.raises(StoreUnavailable):
            await anext(store.follow(["deal"]))
        await store.close()


async def test_a_cluster_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        store = KurrentStore(f"kurrentdb+discover://{address}?tls=false&MaxDiscoverAttempts=1")
        with pytest.raises(StoreUnavailable):
            await store.read("deal-1")
        await store.close()


async def test_a_store_that_was_never_used_closes() -> None:
    await KurrentStore("kurrentdb://127.0.0.1:1?tls=false").close()


async def test_an_empty_server_has_no_head(store: KurrentStore) -> None:
    assert await store.head() == NOTHING


async def test_events_whose_acknowledgement_was_lost_are_kept_once(
    protocol: KurrentProtocol, store: KurrentStore
) -> None:
    protocol.answers_to_lose = 1
    stored = await store.append("deal-1", [happened(), happened()], expected=NOTHING)
    assert await store.read("deal-1") == stored
    assert len(protocol.log) == 2


async def test_without_any_answer_nobody_knows_what_was_kept(
    protocol: KurrentProtocol, store: KurrentStore
) -> None:
    protocol.answers_to_lose = 100
    events = [happened()]
    with pytest.raises(StoreUnavailable):
        await store.append("deal-1", events, expected=NOTHING)
    protocol.answers_to_lose = 0
    stored = await store.append("deal-1", events, expected=NOTHING)
    assert await store.read("deal-1") == stored
    assert len(stored) == len(protocol.log) == 1


async def test_a_follower_that_was_too_slow_goes_on_where_it_stood(
    protocol: KurrentProtocol, store: KurrentStore
) -> None:
    stored = await store.append("deal-1", [happened() for _ in range(5)], expected=NOTHING)
    protocol.subscriptions_to_cut = 3
    seen: list[StoredEvent] = []
    async for events in store.follow(["deal"]):
        seen += events
        if len(seen) == 5:
            break
    assert seen == stored


async def test_a_follower_that_worked_for_a_while_gets_what_came_meanwhile_together(
    store: KurrentStore,
) -> None:
    stored = await store.append("deal-1", [happened() for _ in range(200)], expected=NOTHING)
    batches: list[list[StoredEvent]] = []
    async for events in store.follow(["deal"]):
        batches.append(events)
        if sum(map(len, batches)) == 200:
            break
        await store.read("deal-1")
    assert [event for events in batches for event in events] == stored
    assert len(batches) < 20


async def test_a_follower_hears_that_the_server_went_away(
    protocol: KurrentProtocol, store: KurrentStore
) -> None:
    stored = await store.append("deal-1", [happened()], expected=NOTHING)
    following = store.follow(["deal"])
    assert await anext(following) == stored
    await protocol.stop()
    with pytest.raises(StoreUnavailable):
        await anext(following)


@pytest.mark.parametrize("url", ["", "events.db", "postgresql://host/db", "sqlite://", "sqlite:///"])
async def test_an_address_of_no_event_store_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"sqlite:///.*kurrentdb://.*esdb://"):
        await open_store(url)
