"""What came of commands is counted: each once, under the name of the function that decides."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import get_args

import pytest

from shared.eventstore.decider import (
    MOST_TRIES,
    Came,
    Contended,
    Decider,
    KeyReused,
    Refused,
    StaleRevision,
)
from shared.eventstore.sqlite import SqliteStore
from tests.counted import counting, said
from tests.unit.test_decider import (
    DEAL,
    Deal,
    DealEvent,
    Deals,
    Overtaken,
    asked,
    lose_it,
    lose_it_whatever_it_is,
    open_it,
)


@pytest.fixture
async def deals(tmp_path: Path) -> AsyncIterator[Deals]:
    """With one open deal."""
    deals = Decider(SqliteStore(tmp_path / "events.db"), DEAL)
    await deals.transact("1", open_it, asked())
    yield deals
    await deals._store.close()


def counts(decision: str) -> dict[Came, int]:
    return {
        came: int(said("baton_commands_total", category="deal", decision=decision, outcome=came))
        for came in get_args(Came)
    }


@contextmanager
def came(decision: str, **more: int) -> Iterator[None]:
    """In the block this came of commands with this decision, and nothing else."""
    before = counts(decision)
    yield
    after = counts(decision)
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == more


async def test_done_and_asked_again(deals: Deals) -> None:
    with came("lose_it", done=1), counting("baton_store_append_seconds_count", 1):
        await deals.transact("1", lose_it, asked())
    with came("lose_it", ignored=1), counting("baton_store_append_seconds_count", 0):
        await deals.transact("1", lose_it, asked())


async def test_the_same_key_again(deals: Deals) -> None:
    await deals.transact("1", lose_it, asked(command="key#body"))
    with came("lose_it", repeated=1):
        await deals.transact("1", lose_it, asked(command="key#body"))
    with came("lose_it", refused=1), pytest.raises(KeyReused):
        await deals.transact("1", lose_it, asked(command="key#another body"))


async def test_a_refusal_though_it_is_decided_twice(deals: Deals) -> None:
    with came("lose_it", refused=1), pytest.raises(Refused):
        await deals.transact("2", lose_it, asked())


async def test_an_older_revision(deals: Deals) -> None:
    with came("lose_it", stale=1), pytest.raises(StaleRevision):
        await deals.transact("1", lose_it, asked(), expected=7)


async def test_a_lost_race_counts_beside_what_comes_of_it_then(deals: Deals) -> None:
    await Decider(deals._store, DEAL).transact("1", lose_it, asked())
    with came("lose_it", lost_race=1, ignored=1), counting("baton_store_append_seconds_count", 0):
        await deals.transact("1", lose_it, asked())


async def test_losing_until_it_is_given_up(tmp_path: Path) -> None:
    store = Overtaken(tmp_path / "overtaken.db")
    # The first time the stream was only not in memory: that is no race.
    with came("lose_it_whatever_it_is", lost_race=MOST_TRIES - 1, contended=1), pytest.raises(Contended):
        await Decider(store, DEAL).transact("1", lose_it_whatever_it_is, asked())
    await store.close()


async def test_a_decision_has_the_name_of_its_function_whatever_is_bound_to_it(deals: Deals) -> None:
    with came("lose_it", done=1):
        await deals.transact("1", partial(partial(lose_it, reason="price")), asked())
    with came("lambda", ignored=1):
        await deals.transact("1", lambda _: [], asked())


async def test_all_that_can_come_of_a_decision_is_there_from_its_first_command_on(deals: Deals) -> None:
    def never_seen_before(_: Deal) -> list[DealEvent]:
        return []

    await deals.transact("1", never_seen_before, asked())
    assert counts("never_seen_before") == dict.fromkeys(get_args(Came), 0) | {"ignored": 1}


async def test_what_was_stored_is_told_once_with_the_state_after_it(deals: Deals) -> None:
    told: list[tuple[Deal, list[str]]] = []
    telling = Decider(
        deals._store,
        DEAL,
        recorded=lambda state, events: told.append((state, [event.type for event in events])),
    )
    for decide in (open_it, open_it, lose_it, lose_it):
        await telling.transact("2", decide, asked())
    assert told == [("open", ["deal-opened.v1"]), ("lost", ["deal-lost.v1"])]
