"""What happens between Baton and a KurrentDB server when something goes wrong."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import uuid4

import pytest

from shared.eventstore import kurrent
from shared.eventstore.kurrent import KurrentStore
from shared.eventstore.open import open_store
from shared.eventstore.store import NOTHING, NewEvent, StoredEvent, StoreUnavailable, WrongRevision
from tests.contract.kurrent_protocol import KurrentProtocol
from tests.waiting import until


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


async def test_a_server_that_restarts_in_the_middle_of_an_append_keeps_it_once(
    protocol: KurrentProtocol, store: KurrentStore
) -> None:
    protocol.answers_to_keep_back = 1
    events = [happened(), happened()]
    appending = asyncio.create_task(store.append("deal-1", events, expected=NOTHING))
    await until(lambda: len(protocol.log) == 2, what="the server has kept it")
    await protocol.stop()
    await protocol.start_again()
    try:
        stored = await appending
    except StoreUnavailable:  # it was away for longer than the client tries: whoever asked asks again
        stored = await store.append("deal-1", events, expected=NOTHING)
    assert [event.id for event in stored] == [event.id for event in events]
    assert await store.read("deal-1") == stored
    assert len(protocol.log) == 2


async def test_an_append_that_is_not_answered_in_time_is_kept_once(
    protocol: KurrentProtocol, store: KurrentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.append("deal-1", [happened()], expected=NOTHING)
    protocol.answers_to_keep_back = 100
    events = [happened()]
    with monkeypatch.context() as impatient:
        impatient.setattr(kurrent, "ANSWER_WITHIN", 0.5)
        with pytest.raises(StoreUnavailable, match="Deadline"):
            await store.append("deal-1", events, expected=0)
    protocol.answers_to_keep_back = 0
    stored = await store.append("deal-1", events, expected=0)
    assert [event.id for event in stored] == [events[0].id]
    assert len(protocol.log) == 2


async def test_a_lost_race_is_not_taken_for_a_lost_answer(
    protocol: KurrentProtocol, store: KurrentStore
) -> None:
    await store.append("deal-1", [happened()], expected=NOTHING)
    protocol.answers_to_lose = 1
    with pytest.raises(WrongRevision):
        await store.append("deal-1", [happened()], expected=NOTHING)
    protocol.answers_to_lose = 0
    assert len(protocol.log) == 1


async def test_a_store_whose_server_was_away_answers_again(
    protocol: KurrentProtocol, store: KurrentStore
) -> None:
    first = await store.append("deal-1", [happened()], expected=NOTHING)
    await protocol.stop()
    with pytest.raises(StoreUnavailable):
        await store.read("deal-1")
    await protocol.start_again()

    async def answers() -> list[StoredEvent] | None:
        try:
            return await store.read("deal-1")
        except StoreUnavailable:
            return None

    assert await until(answers) == first
    second = await store.append("deal-1", [happened()], expected=0)
    assert await store.read("deal-1") == first + second


async def test_who_follows_again_after_a_restart_misses_nothing_and_sees_nothing_twice(
    protocol: KurrentProtocol, store: KurrentStore
) -> None:
    stored = await store.append("deal-1", [happened() for _ in range(3)], expected=NOTHING)
    seen: list[StoredEvent] = []

    async def follow(until_seen: int) -> None:
        after = seen[-1].position if seen else NOTHING
        async for events in store.follow(["deal"], after=after):
            seen.extend(events)
            if len(seen) >= until_seen:
                return

    await follow(3)
    following = asyncio.create_task(follow(5))
    await until(lambda: len(protocol.subscribed_after) == 2, what="it follows")
    await protocol.stop()
    with pytest.raises(StoreUnavailable):
        await following
    await protocol.start_again()
    other = KurrentStore(protocol.url)
    stored += await other.append("deal-1", [happened(), happened()], expected=2)
    await other.close()

    async def caught_up() -> bool:
        with suppress(StoreUnavailable):
            await follow(5)
        return len(seen) >= 5

    await until(caught_up)
    assert seen == stored


async def test_a_dropped_follower_goes_on_from_its_checkpoint_and_not_from_its_last_event(
    protocol: KurrentProtocol, store: KurrentStore
) -> None:
    first = await store.append("deal-1", [happened()], expected=NOTHING)
    others = [(await store.append(f"order-{n}", [happened()], expected=NOTHING))[0] for n in range(20)]
    second = await store.append("deal-2", [happened(), happened()], expected=NOTHING)
    protocol.subscriptions_to_cut = 10
    seen: list[StoredEvent] = []
    async for events in store.follow(["deal"]):
        seen += events
        if len(seen) == 3:
            break
    assert seen == first + second
    passed = [first[0], *others[:9]]
    assert protocol.subscribed_after == [NOTHING, *(event.position for event in passed)]


async def test_a_node_that_does_not_lead_alone_is_unavailable(
    protocol: KurrentProtocol, store: KurrentStore
) -> None:
    async with KurrentProtocol() as leads:
        protocol.leader = leads
        with pytest.raises(StoreUnavailable, match="NotLeader"):
            await store.append("deal-1", [happened()], expected=NOTHING)


async def test_when_another_node_leads_the_store_goes_there() -> None:
    async with KurrentProtocol() as old, KurrentProtocol(leader=old) as new:
        old.members = new.members = (old, new)
        store = KurrentStore(f"kurrentdb://127.0.0.1:{old.port},127.0.0.1:{new.port}?Tls=false")
        first = await store.append("deal-1", [happened()], expected=NOTHING)
        following = store.follow(["deal"])
        assert await anext(following) == first
        new.take_over(old)
        second = await store.append("deal-1", [happened()], expected=0)
        assert await store.read("deal-1") == first + second
        assert (len(old.log), len(new.log)) == (1, 2)
        await following.aclose()  # type: ignore[attr-defined]  # it is a generator
        again = store.follow(["deal"], after=first[0].position)
        assert await anext(again) == second
        await again.aclose()  # type: ignore[attr-defined]  # it is a generator
        await store.close()


@pytest.mark.parametrize("url", ["", "events.db", "postgresql://host/db", "sqlite://", "sqlite:///"])
async def test_an_address_of_no_event_store_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"sqlite:///.*kurrentdb://.*esdb://"):
        await open_store(url)
