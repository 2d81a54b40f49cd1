"""How a decision becomes events, when all goes well and when others are faster."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal, assert_never
from uuid import uuid4

import pytest

from shared.events.deal import DealLost, DealOpened, DealReopened
from shared.events.event import Envelope, Money
from shared.eventstore.decider import (
    MOST_TRIES,
    Aggregate,
    Contended,
    Decider,
    KeyReused,
    Refused,
    StaleRevision,
)
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NOTHING, NewEvent, StoredEvent, StoreUnavailable

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
Deal = Literal["absent", "open", "lost"]
DealEvent = DealOpened | DealLost | DealReopened


def evolve(_: Deal, event: DealEvent) -> Deal:
    match event:
        case DealOpened() | DealReopened():
            return "open"
        case DealLost():
            return "lost"
        case _:
            assert_never(event)


def open_it(deal: Deal) -> list[DealEvent]:
    if deal != "absent":
        return []
    opened = DealOpened(
        deal_id="1",
        title="大单",
        owner="li-lei",
        product="GTX Pro",
        line="GTX",
        amount=Money(minor=100),
        occurred_at=NOW,
    )
    return [opened]


def lose_it(deal: Deal, *, reason: str = "price") -> list[DealEvent]:
    match deal:
        case "open":
            return [DealLost(deal_id="1", reason=reason, occurred_at=NOW)]
        case "lost":
            return []
        case "absent":
            raise Refused("There is no such deal.", code="not-found")


def reopen_it(deal: Deal) -> list[DealEvent]:
    if deal != "lost":
        raise Refused("Only a lost deal can be reopened.")
    return [DealReopened(deal_id="1", reason="they called", stage="engaging", occurred_at=NOW)]


DEAL: Aggregate[Deal, DealEvent] = Aggregate("deal", "absent", evolve)


def asked(*, command: str | None = None, cause: str | None = None) -> Envelope:
    return Envelope(actor="li-lei", role="sales", correlation_id="c", command=command, causation_id=cause)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "events.db")
    yield opened
    await opened.close()


@pytest.fixture
def deals(store: SqliteStore) -> Decider[Deal, DealEvent]:
    return Decider(store, DEAL)


@pytest.fixture
def others(store: SqliteStore) -> Decider[Deal, DealEvent]:
    """The same deals, as another process sees them."""
    return Decider(store, DEAL)


Deals = Decider[Deal, DealEvent]


async def types(store: SqliteStore) -> list[str]:
    return [e.type for e in await store.read("deal-1")]


async def test_it_happens(store: SqliteStore, deals: Deals) -> None:
    outcome = await deals.transact("1", open_it, asked())
    assert (outcome.state, outcome.revision) == ("open", 0)
    assert await store.read("deal-1") == outcome.events
    kept = outcome.events[0]
    assert DealOpened.read(kept.data) == open_it("absent")[0]
    assert Envelope.model_validate_json(kept.metadata) == asked()


async def test_asked_again_it_is_ignored(store: SqliteStore, deals: Deals) -> None:
    await deals.transact("1", open_it, asked())
    again = await deals.transact("1", open_it, asked())
    assert (again.state, again.revision, list(again.events)) == ("open", 0, [])
    assert await types(store) == ["deal-opened.v1"]


async def test_a_refused_decision_changes_nothing(store: SqliteStore, deals: Deals) -> None:
    with pytest.raises(Refused) as refused:
        await deals.transact("1", lose_it, asked())
    assert refused.value.code == "not-found"
    assert await store.read("deal-1") == []


async def test_the_state_of_an_unknown_stream_is_the_initial_one(deals: Deals) -> None:
    outcome = await deals.load("1")
    assert (outcome.state, outcome.revision) == ("absent", NOTHING)


async def test_loading_sees_what_others_did(deals: Deals, others: Deals) -> None:
    await deals.load("1")
    await others.transact("1", open_it, asked())
    outcome = await deals.load("1")
    assert (outcome.state, outcome.revision) == ("open", 0)


async def test_a_lost_race_is_decided_again(store: SqliteStore, deals: Deals, others: Deals) -> None:
    await deals.transact("1", open_it, asked())
    await others.transact("1", lose_it, asked())
    await others.transact("1", reopen_it, asked())
    decided_on: list[Deal] = []

    def lose(deal: Deal) -> list[DealEvent]:
        decided_on.append(deal)
        return lose_it(deal)

    outcome = await deals.transact("1", lose, asked())
    assert (outcome.state, outcome.revision) == ("lost", 3)
    assert decided_on == ["open", "open"]
    assert len(await types(store)) == 4


async def test_of_two_who_decide_at_once_the_second_sees_the_first(
    store: SqliteStore, deals: Deals, others: Deals
) -> None:
    first, second = await asyncio.gather(
        deals.transact("1", open_it, asked()), others.transact("1", open_it, asked())
    )
    assert sorted((len(first.events), len(second.events))) == [0, 1]
    assert (first.state, first.revision) == (second.state, second.revision) == ("open", 0)
    assert await types(store) == ["deal-opened.v1"]


async def test_many_at_once_in_one_process_lose_nothing(store: SqliteStore, deals: Deals) -> None:
    await deals.transact("1", open_it, asked())
    turns = [lose_it, reopen_it]

    async def turn(n: int) -> None:
        with suppress(Refused):
            await deals.transact("1", turns[n % 2], asked())

    await asyncio.gather(*(turn(n) for n in range(8)))
    kept = await types(store)
    assert kept[1:] == (["deal-lost.v1", "deal-reopened.v1"] * 4)[: len(kept) - 1]
    outcome = await Decider(store, DEAL).load("1")
    assert outcome == await deals.load("1")


async def test_a_refusal_on_an_old_state_is_decided_again(deals: Deals, others: Deals) -> None:
    await deals.transact("1", open_it, asked())
    await others.transact("1", lose_it, asked())
    outcome = await deals.transact("1", reopen_it, asked())  # its own last look said: open
    assert (outcome.state, outcome.revision) == ("open", 2)


async def test_nothing_to_do_on_an_old_state_is_decided_again(deals: Deals, others: Deals) -> None:
    await deals.transact("1", open_it, asked())
    await deals.transact("1", lose_it, asked())
    await others.transact("1", reopen_it, asked())
    outcome = await deals.transact("1", lose_it, asked())  # its own last look said: lost already
    assert (outcome.state, outcome.revision) == ("lost", 3)


async def test_the_same_key_again_adds_nothing(store: SqliteStore, deals: Deals, others: Deals) -> None:
    await deals.transact("1", open_it, asked())
    once = await deals.transact("1", lose_it, asked(command="key#body"))
    await deals.transact("1", reopen_it, asked())
    for decider in (deals, others, Decider(store, DEAL)):
        again = await decider.transact("1", lose_it, asked(command="key#body"))
        assert (again.state, list(again.events)) == ("open", [])
    assert once.revision == 1
    assert await types(store) == ["deal-opened.v1", "deal-lost.v1", "deal-reopened.v1"]


async def test_the_same_key_at_once_is_done_once(store: SqliteStore, deals: Deals, others: Deals) -> None:
    await deals.transact("1", open_it, asked())
    lose = asked(command="key#body")
    await asyncio.gather(*(d.transact("1", lose_it, lose) for d in (deals, others, deals, others)))
    assert await types(store) == ["deal-opened.v1", "deal-lost.v1"]


async def test_a_key_with_another_command_is_refused(store: SqliteStore, deals: Deals) -> None:
    await deals.transact("1", open_it, asked(command="key#with#hash#1"))
    with pytest.raises(KeyReused):
        await deals.transact("1", lose_it, asked(command="key#with#hash#2"))
    assert await types(store) == ["deal-opened.v1"]


async def test_a_decision_on_an_older_revision_is_stale(deals: Deals, others: Deals) -> None:
    await deals.transact("1", open_it, asked())
    await others.transact("1", lose_it, asked())
    with pytest.raises(StaleRevision) as stale:
        await deals.transact("1", lose_it, asked(), expected=0)
    assert stale.value.actual == 1
    outcome = await deals.transact("1", reopen_it, asked(), expected=1)
    assert outcome.revision == 2
    with pytest.raises(StaleRevision):
        await deals.transact("2", open_it, asked(), expected=0)
    assert (await deals.transact("2", open_it, asked(), expected=NOTHING)).revision == 0


async def test_the_same_key_is_no_stale_revision(deals: Deals) -> None:
    command = asked(command="key#body")
    await deals.transact("1", open_it, command, expected=NOTHING)
    again = await deals.transact("1", open_it, command, expected=NOTHING)
    assert (again.revision, list(again.events)) == (0, [])


def lose_it_whatever_it_is(_: Deal) -> Sequence[DealEvent]:
    """A decision that forgets to look, so that only the ids can tell that it was taken before."""
    return lose_it("open")


async def test_a_reaction_that_comes_again_is_the_same_event(
    store: SqliteStore, deals: Deals, others: Deals
) -> None:
    await deals.transact("1", open_it, asked())
    reaction = asked(cause=str(uuid4()))
    once = await deals.transact("1", lose_it_whatever_it_is, reaction)
    assert len(once.events) == 1
    for decider in (deals, others, Decider(store, DEAL)):
        again = await decider.transact("1", lose_it_whatever_it_is, reaction)
        assert list(again.events) == []
    assert await types(store) == ["deal-opened.v1", "deal-lost.v1"]


async def test_of_a_reaction_that_says_something_else_later_the_first_counts(store: SqliteStore) -> None:
    titled: Aggregate[str, DealOpened] = Aggregate("deal", "", lambda _, event: event.title)

    def opening(title: str, state: str) -> list[DealOpened]:
        deal = {"deal_id": "1", "owner": "li-lei", "product": "GTX Pro", "line": "GTX"}
        amount = Money(minor=100)
        return [] if state else [DealOpened(**deal, title=title, amount=amount, occurred_at=NOW)]

    reaction = asked(cause=str(uuid4()))
    await Decider(store, titled).transact("1", partial(opening, "first"), reaction)
    outcome = await Decider(store, titled).transact("1", partial(opening, "second"), reaction)
    assert (outcome.state, outcome.revision) == ("first", 0)
    assert len(await store.read("deal-1")) == 1


async def test_the_ids_of_a_reaction_follow_from_its_cause(
    tmp_path: Path, store: SqliteStore, deals: Deals
) -> None:
    elsewhere = SqliteStore(tmp_path / "elsewhere.db")
    reaction = asked(cause=str(uuid4()))
    here = await deals.transact("1", open_it, reaction)
    there = await Decider(elsewhere, DEAL).transact("1", open_it, reaction)
    other = await deals.transact("2", open_it, reaction)
    another = await deals.transact("1", lose_it, reaction)
    await elsewhere.close()
    assert [e.id for e in here.events] == [e.id for e in there.events]
    assert len({e.id for e in (*here.events, *other.events, *another.events)}) == 3
    assert len(await types(store)) == 2


class Overtaken(SqliteStore):
    """A store where somebody else is always a little faster."""

    times = 0

    async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int) -> list[StoredEvent]:
        self.times += 1
        (opened,) = open_it("absent")
        theirs = NewEvent(uuid4(), opened.type, opened.wire(), asked().model_dump_json().encode())
        await super().append(stream, [theirs], expected=expected)
        return await super().append(stream, events, expected=expected)


async def test_who_always_loses_gives_up(tmp_path: Path) -> None:
    store = Overtaken(tmp_path / "events.db")
    deals = Decider(store, DEAL)
    with pytest.raises(Contended):
        await deals.transact("1", lose_it_whatever_it_is, asked())
    assert store.times == MOST_TRIES
    assert await types(store) == ["deal-opened.v1"] * MOST_TRIES
    assert (await deals.load("1")).state == "open"
    await store.close()


class Mute(SqliteStore):
    """A store that keeps what it is given, and whose answer is lost."""

    async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int) -> list[StoredEvent]:
        await super().append(stream, events, expected=expected)
        raise StoreUnavailable("the answer was lost")


async def test_after_an_unknown_outcome_the_stream_is_read_again(tmp_path: Path) -> None:
    store = Mute(tmp_path / "events.db")
    deals = Decider(store, DEAL)
    with pytest.raises(StoreUnavailable):
        await deals.transact("1", open_it, asked())
    outcome = await deals.transact("1", open_it, asked())
    assert (outcome.state, outcome.revision, list(outcome.events)) == ("open", 0, [])
    await store.close()


async def test_a_state_that_left_the_memory_is_read_again(store: SqliteStore) -> None:
    deals = Decider(store, DEAL, cached=2)
    for key in "12345":
        await deals.transact(key, open_it, asked())
    for key in "12345":
        assert (await deals.transact(key, partial(lose_it, reason="budget"), asked())).revision == 1
