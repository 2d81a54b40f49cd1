"""What every event store does for Baton, whichever it is."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.events.examples import EXAMPLES
from shared.eventstore.store import (
    NOTHING,
    EventStore,
    NewEvent,
    StoredEvent,
    StoreUnavailable,
    WrongRevision,
)

METADATA = '{"actor":"李雷","role":"sales"}'.encode()


LEAD = EXAMPLES["lead-created.v1"]


def happened(type_: str = LEAD.type, data: bytes = LEAD.wire()) -> NewEvent:
    """Unless said otherwise, something with the name and phone number of a person in it."""
    return NewEvent(uuid4(), type_, data, METADATA)


async def take(
    store: EventStore, categories: Sequence[str], *, count: int, after: int = NOTHING, batch: int = 1000
) -> list[StoredEvent]:
    """The first ``count`` events that a follower sees."""
    seen: list[StoredEvent] = []
    async with asyncio.timeout(20):
        async for events in store.follow(categories, after=after, batch=batch):
            assert 0 < len(events) <= batch
            seen += events
            if len(seen) >= count:
                return seen
    raise AssertionError("the follower ended")


async def test_what_was_appended_is_read_as_it_was(store: EventStore, deal: str) -> None:
    first, second = happened(), happened("deal-won.v1", '{"title":"大单"}'.encode())
    before = datetime.now(UTC) - timedelta(minutes=1)
    stored = await store.append(f"{deal}-1", [first, second], expected=NOTHING)
    assert await store.read(f"{deal}-1") == stored
    assert [(e.id, e.type, e.data, e.metadata) for e in stored] == [first, second]
    assert [(e.stream, e.revision) for e in stored] == [(f"{deal}-1", 0), (f"{deal}-1", 1)]
    assert stored[0].position < stored[1].position
    assert all(before < e.recorded_at < before + timedelta(minutes=2) for e in stored)
    assert stored[0].recorded_at.tzinfo is UTC


async def test_a_stream_is_read_from_any_revision(store: EventStore, deal: str) -> None:
    stored = await store.append(f"{deal}-1", [happened() for _ in range(5)], expected=NOTHING)
    assert await store.read(f"{deal}-1", after=2) == stored[3:]
    assert await store.read(f"{deal}-1", after=4) == []
    assert await store.read(f"{deal}-1", after=40) == []


async def test_an_unknown_stream_is_empty(store: EventStore, deal: str) -> None:
    assert await store.read(f"{deal}-nobody") == []


async def test_streams_are_kept_apart(store: EventStore, deal: str) -> None:
    await store.append(f"{deal}-1", [happened()], expected=NOTHING)
    other = await store.append(f"{deal}-11", [happened()], expected=NOTHING)
    assert await store.read(f"{deal}-11") == other


@pytest.mark.parametrize("expected", [NOTHING, 0, 2, 7])
async def test_another_revision_than_the_present_is_refused(
    store: EventStore, deal: str, expected: int
) -> None:
    stored = await store.append(f"{deal}-1", [happened(), happened()], expected=NOTHING)
    with pytest.raises(WrongRevision) as refused:
        await store.append(f"{deal}-1", [happened()], expected=expected)
    assert (refused.value.stream, refused.value.expected) == (f"{deal}-1", expected)
    assert await store.read(f"{deal}-1") == stored


async def test_a_new_stream_has_no_revision_yet(store: EventStore, deal: str) -> None:
    with pytest.raises(WrongRevision):
        await store.append(f"{deal}-1", [happened()], expected=0)
    assert await store.read(f"{deal}-1") == []


async def test_several_events_are_kept_together_or_not_at_all(store: EventStore, deal: str) -> None:
    kept = await store.append(f"{deal}-1", [happened()], expected=NOTHING)
    with pytest.raises(WrongRevision):
        await store.append(f"{deal}-1", [happened(), happened(), happened()], expected=NOTHING)
    assert await store.read(f"{deal}-1") == kept


async def test_appending_nothing_changes_nothing(store: EventStore, deal: str) -> None:
    assert await store.append(f"{deal}-1", [], expected=NOTHING) == []
    assert await store.read(f"{deal}-1") == []


async def test_the_same_events_appended_again_are_returned_as_they_were_stored(
    store: EventStore, deal: str
) -> None:
    events = [happened(), happened()]
    stored = await store.append(f"{deal}-1", events, expected=NOTHING)
    await store.append(f"{deal}-1", [happened()], expected=1)
    assert await store.append(f"{deal}-1", events, expected=NOTHING) == stored
    assert len(await store.read(f"{deal}-1")) == 3


async def test_the_same_events_appended_at_once_are_kept_once(store: EventStore, deal: str) -> None:
    events = [happened(), happened()]
    answers = await asyncio.gather(*(store.append(f"{deal}-1", events, expected=NOTHING) for _ in range(10)))
    assert await store.read(f"{deal}-1") == answers[0]
    assert all(answer == answers[0] for answer in answers)


async def test_only_some_of_the_same_events_are_a_wrong_revision(store: EventStore, deal: str) -> None:
    first, second = happened(), happened()
    await store.append(f"{deal}-1", [first, second], expected=NOTHING)
    with pytest.raises(WrongRevision):
        await store.append(f"{deal}-1", [first, happened()], expected=NOTHING)
    with pytest.raises(WrongRevision):
        await store.append(f"{deal}-1", [second, happened()], expected=0)


async def test_of_fifty_who_want_one_revision_one_wins(store: EventStore, deal: str) -> None:
    for revision in range(4):
        answers = await asyncio.gather(
            *(store.append(f"{deal}-1", [happened()], expected=revision - 1) for _ in range(50)),
            return_exceptions=True,
        )
        won = [a for a in answers if not isinstance(a, BaseException)]
        assert len(won) == 1
        assert all(isinstance(a, WrongRevision) for a in answers if a is not won[0])
        assert (await store.read(f"{deal}-1", after=revision - 1)) == won[0]


async def test_appends_to_many_streams_do_not_hinder_each_other(store: EventStore, deal: str) -> None:
    async def fill(key: int) -> None:
        for revision in range(10):
            await store.append(f"{deal}-{key}", [happened()], expected=revision - 1)

    await asyncio.gather(*(fill(key) for key in range(20)))
    seen = await take(store, [deal], count=200)
    assert len(seen) == len({e.position for e in seen}) == 200
    for key in range(20):
        mine = [e for e in seen if e.stream == f"{deal}-{key}"]
        assert [e.revision for e in mine] == list(range(10))
        assert await store.read(f"{deal}-{key}") == mine


async def test_following_from_the_beginning_gives_everything_in_order(store: EventStore, deal: str) -> None:
    stored = [
        (await store.append(f"{deal}-{n}", [happened(), happened()], expected=NOTHING)) for n in range(12)
    ]
    seen = await take(store, [deal], count=24, batch=5)
    assert seen == [event for events in stored for event in events]
    assert seen == sorted(seen, key=lambda e: e.position)


async def test_following_goes_on_after_a_position(store: EventStore, deal: str) -> None:
    stored = await store.append(f"{deal}-1", [happened() for _ in range(6)], expected=NOTHING)
    assert await take(store, [deal], after=stored[2].position, count=3) == stored[3:]


async def test_a_follower_is_woken_by_what_is_new(store: EventStore, deal: str) -> None:
    following = asyncio.create_task(take(store, [deal], count=1))
    other = await store.append(f"other{deal}-1", [happened()], expected=NOTHING)
    assert await take(store, [f"other{deal}"], count=1) == other
    assert not following.done()
    stored = await store.append(f"{deal}-1", [happened()], expected=NOTHING)
    assert await following == stored


async def test_a_follower_sees_only_its_categories(store: EventStore, deal: str) -> None:
    order, longer = f"order{deal}", f"{deal}er"
    mine, other, _, also = [
        (await store.append(stream, [happened()], expected=NOTHING))[0]
        for stream in (f"{deal}-1", f"{order}-1", f"{longer}-1", f"{deal}-2")
    ]
    assert await take(store, [deal], count=2) == [mine, also]
    assert await take(store, [order, deal], count=3) == [mine, other, also]


async def test_what_a_follower_does_not_want_does_not_stop_it(store: EventStore, deal: str) -> None:
    for n in range(30):
        await store.append(f"other{deal}-{n}", [happened()], expected=NOTHING)
    wanted = await store.append(f"{deal}-1", [happened()], expected=NOTHING)
    assert await take(store, [deal], count=1, batch=2) == wanted


async def test_many_followers_all_see_everything(store: EventStore, deal: str) -> None:
    followers = [asyncio.create_task(take(store, [deal], count=40, batch=n + 1)) for n in range(12)]
    stored = [
        (await store.append(f"{deal}-{n}", [happened(), happened()], expected=NOTHING)) for n in range(20)
    ]
    expected = [event for events in stored for event in events]
    assert all(seen == expected for seen in await asyncio.gather(*followers))


def _tasks() -> set[asyncio.Task[Any]]:
    """The tasks of this loop, without those of a server that happens to run on it."""
    return {t for t in asyncio.all_tasks() if "AioServer" not in repr(t)}


async def test_a_cancelled_follower_leaves_nothing_behind(store: EventStore, deal: str) -> None:
    await store.append(f"{deal}-1", [happened()], expected=NOTHING)
    await take(store, [deal], count=1)  # a client may start tasks of its own when first used
    tasks = _tasks()
    started = asyncio.Event()

    async def follow() -> None:
        async for _ in store.follow([deal]):
            started.set()

    following = asyncio.create_task(follow())
    await started.wait()
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    if ending := _tasks() - tasks:
        _, left = await asyncio.wait(ending, timeout=5)
        assert not left
    assert await store.append(f"{deal}-1", [happened()], expected=0)


async def test_a_cancelled_append_does_not_disturb_the_others(store: EventStore, deal: str) -> None:
    appends = [
        asyncio.create_task(store.append(f"{deal}-{n}", [happened()], expected=NOTHING)) for n in range(10)
    ]
    await asyncio.sleep(0)
    appends[3].cancel()
    answers = await asyncio.gather(*appends, return_exceptions=True)
    assert isinstance(answers.pop(3), asyncio.CancelledError)
    assert all(isinstance(answer, list) for answer in answers)


async def test_the_head_is_the_last_position(store: EventStore, deal: str) -> None:
    stored = await store.append(f"{deal}-1", [happened(), happened()], expected=NOTHING)
    assert await store.head() == stored[-1].position


async def test_the_head_of_categories_is_the_last_position_in_them(store: EventStore, deal: str) -> None:
    assert await store.head([deal]) == NOTHING
    [first] = await store.append(f"{deal}-1", [happened()], expected=NOTHING)
    [other] = await store.append(f"{deal}other-1", [happened()], expected=NOTHING)
    assert await store.head([deal]) == first.position
    assert await store.head([deal, f"{deal}other"]) == other.position


async def test_the_last_event_of_categories_is_read_whole(store: EventStore, deal: str) -> None:
    assert await store.last([deal]) is None
    [first] = await store.append(f"{deal}-1", [happened()], expected=NOTHING)
    [other] = await store.append(f"{deal}other-1", [happened()], expected=NOTHING)
    assert await store.last([deal]) == first
    assert await store.last([deal, f"{deal}other"]) == other


async def test_a_megabyte_is_kept_whole(store: EventStore, deal: str) -> None:
    large = happened("deal-opened.v1", b'{"note":"' + "销售".encode() * 166_000 + b'"}')
    stored = await store.append(f"{deal}-1", [large], expected=NOTHING)
    assert stored[0].data == large.data
    assert await take(store, [deal], count=1) == stored


async def test_a_follower_ends_when_the_store_is_closed(store: EventStore, deal: str) -> None:
    await store.append(f"{deal}-1", [happened()], expected=NOTHING)
    started = asyncio.Event()

    async def follow() -> list[StoredEvent]:
        seen: list[StoredEvent] = []
        async for events in store.follow([deal]):
            seen += events
            started.set()
        return seen

    following = asyncio.create_task(follow())
    await started.wait()
    await store.close()
    async with asyncio.timeout(10):
        assert len(await following) == 1
    with pytest.raises(StoreUnavailable):
        await store.append(f"{deal}-1", [happened()], expected=0)
    with pytest.raises(StoreUnavailable):
        await store.read(f"{deal}-1")
    await store.close()
