"""The ledger of every event store: what it seals, who seals it, and what it never seals."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from shared.audit import page as pages
from shared.audit.ledger import MOST_ENTRIES, Ledger, NotAsSealed, last_page
from shared.eventstore.store import NOTHING, EventStore, NewEvent, WrongRevision
from tests.unit.audit.sealing import (
    SECRET,
    SERVICE,
    found_in,
    happened,
    lines_of,
    newest,
    sealed_in_turns,
    work,
)

MANY: Final = MOST_ENTRIES * 2 + 1


@pytest.fixture(params=["sqlite", "sqlite, sealed", "kurrent's protocol"])
def a_store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A server that outlives the test is not asked: the ledger is of all that a service ever stored."""
    return f"sqlite:///{tmp_path}/events.db" if request.param.startswith("sqlite") else ""


async def test_everything_is_sealed_in_order(store: EventStore) -> None:
    lines = await sealed_in_turns(store, pages=3, events=4)
    assert len(lines) == 3 * (1 + 4)
    assert found_in(lines) == []


async def test_an_empty_store_has_no_page_and_one_that_rests_gets_no_more(store: EventStore) -> None:
    ledger = Ledger(store, SERVICE, SECRET)
    await ledger.seal()
    assert await last_page(store, SERVICE) is None
    assert await lines_of(store) == []
    await work(store, "order-1", events=1)
    for _ in range(3):
        await ledger.seal()
    assert (await ledger_end(store)).number == 0


async def test_what_was_stored_before_there_was_a_ledger_is_sealed_in_several_pages(
    store: EventStore,
) -> None:
    for first in range(0, MANY, 500):
        events = [happened(n) for n in range(first, min(first + 500, MANY))]
        await store.append("order-1", events, expected=first - 1)
    await Ledger(store, SERVICE, SECRET).seal()
    lines = await lines_of(store)
    assert (await ledger_end(store)).number == 2
    assert len(lines) == MANY + 3
    assert found_in(lines) == []


async def test_two_that_seal_at_once_do_not_fork_the_chain(store: EventStore) -> None:
    ledgers = [Ledger(store, SERVICE, SECRET) for _ in range(3)]

    async def seal(ledger: Ledger) -> None:
        for _ in range(10):
            try:
                await ledger.seal()
            except WrongRevision:
                await asyncio.sleep(0)  # as `run` does, which looks again

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(work(store, "order-1", "order-2", events=20))
        for ledger in ledgers:
            tasks.create_task(seal(ledger))
    await Ledger(store, SERVICE, SECRET).seal()
    lines = await lines_of(store)
    assert found_in(lines) == []
    assert sum(line.startswith(b'{"event"') for line in lines) == 40


async def test_the_chain_goes_on_after_a_start_and_reaches_what_was_noted_down(store: EventStore) -> None:
    noted = newest(await sealed_in_turns(store, pages=2, events=2))
    lines = await sealed_in_turns(store, pages=2, events=2)
    assert found_in(lines, at_least=[noted]) == []
    assert (await ledger_end(store)).number == 3


async def test_events_of_other_services_are_in_other_ledgers(store: EventStore) -> None:
    await sealed_in_turns(store, pages=1, events=2)
    lead = NewEvent(happened(1).id, "lead-claimed.v1", b"{}", b"{}")
    await store.append("lead-1", [lead], expected=NOTHING)
    await Ledger(store, "customers", SECRET).seal()
    assert len(await lines_of(store)) == 3
    assert pages.end(((await last_page(store, "customers")) or pytest.fail("no page")).data).number == 0


async def test_nothing_is_sealed_behind_a_page_whose_last_event_is_not_there(store: EventStore) -> None:
    """As when the events were restored, and the ledger was not."""
    await work(store, "order-1", events=1)
    [real] = await store.read("order-1")
    entries = [pages.entry(pages.told(real._replace(revision=1)))]
    await store.append(pages.stream(SERVICE), [_page(entries)], expected=NOTHING)
    await work(store, "order-2", events=1)
    with pytest.raises(NotAsSealed, match=r"is not there as it was sealed.*docs/operations/audit.md"):
        await Ledger(store, SERVICE, SECRET).seal()


async def ledger_end(store: EventStore) -> pages.End:
    kept = await last_page(store, SERVICE)
    assert kept is not None
    return pages.end(kept.data)


def _page(entries: Sequence[pages.Entry]) -> NewEvent:
    page = pages.Page(SERVICE, 0, pages.BEFORE_THE_FIRST, pages.now(), entries)
    return NewEvent(happened(0).id, pages.PAGE, pages.signed(page, pages.signing_key(SECRET)), b"{}")
