"""The ledger of a real store: tampered with, erased from, killed, restored."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest

from baton.backup import restoring
from baton.backup.taking import back_up
from shared.audit.ledger import Ledger, NotAsSealed
from shared.audit.page import End, end
from shared.audit.verification import Verification
from shared.events.examples import EXAMPLES
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NOTHING, EventStore, NewEvent
from tests.counted import said
from tests.house import ROOT
from tests.rewriting import rewritten
from tests.unit.audit.sealing import KEY, SECRET, SERVICE, found_in, lines_of, newest, sealed_in_turns, work
from tests.unit.baton.keeping import at_work, tick
from tests.unit.sealing import new, safe
from tests.waiting import until


@asynccontextmanager
async def stored(path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path)
    try:
        yield store
    finally:
        await store.close()


LEAD = EXAMPLES["lead-created.v1"]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("update events set data = cast('{}' as blob) where stream = 'order-1' and revision = 1", "changed"),
        ("update events set recorded_at = 1 where stream = 'order-1' and revision = 1", "changed"),
        ("delete from events where stream = 'order-1' and revision = 1", "removed"),
    ],
)
async def test_who_changes_the_file_is_found_out(tmp_path: Path, statement: str, kind: str) -> None:
    async with stored(tmp_path / "events.db") as store:
        await sealed_in_turns(store, pages=2, events=4)
        victim = (await store.read("order-1"))[1]
    assert rewritten(tmp_path / "events.db", statement) == 1
    async with stored(tmp_path / "events.db") as store:
        [finding] = found_in(await lines_of(store))
    assert finding.kind == kind
    assert finding.what == f"event {victim.id}, revision 1 of order-1, position {victim.position}"


async def test_an_event_that_was_slipped_in_between_is_found(tmp_path: Path) -> None:
    async with stored(tmp_path / "events.db") as store:
        await work(store, "order-1", events=1)
        other = NewEvent(uuid4(), "order-cancelled.v1", b"{}", b"{}")
        await store.append("elsewhere-1", [other], expected=NOTHING)  # what the service's ledger leaves out
        await work(store, "order-1", events=1)
        await Ledger(store, SERVICE, SECRET).seal()
    slipped = "update events set stream = 'order-2', category = 'order' where stream = 'elsewhere-1'"
    assert rewritten(tmp_path / "events.db", slipped) == 1
    async with stored(tmp_path / "events.db") as store:
        [finding] = found_in(await lines_of(store))
    assert (finding.kind, finding.what) == (
        "inserted",
        f"event {other.id}, revision 0 of order-2, position 1",
    )


async def test_a_ledger_of_a_store_that_lost_its_end_seals_nothing_and_says_so(tmp_path: Path) -> None:
    async with stored(tmp_path / "events.db") as store:
        await sealed_in_turns(store, pages=1, events=4)
    assert (
        rewritten(tmp_path / "events.db", "delete from events where stream = 'order-2' and revision = 1") == 1
    )
    async with stored(tmp_path / "events.db") as store:
        await work(store, "order-1", events=1)
        with pytest.raises(NotAsSealed, match="of order-2 is not there as it was sealed"):
            await Ledger(store, SERVICE, SECRET).seal()
        sealing = asyncio.create_task(Ledger(store, SERVICE, SECRET).run())
        await until(lambda: said("baton_ledger_healthy") == 0)
        sealing.cancel()
        with suppress(asyncio.CancelledError):
            await sealing
        assert (await _end(store)).number == 0


async def test_a_ledger_that_seals_says_so(tmp_path: Path) -> None:
    async with stored(tmp_path / "events.db") as store:
        await work(store, "order-1", events=1)
        sealing = asyncio.create_task(Ledger(store, SERVICE, SECRET).run())
        await until(lambda: said("baton_ledger_healthy") == 1)
        sealing.cancel()
        with suppress(asyncio.CancelledError):
            await sealing
        assert (await _end(store)).number == 0
        assert said("baton_ledger_unsealed_seconds") == 0


async def test_who_is_erased_leaves_the_ledger_as_it_was(tmp_path: Path) -> None:
    async with safe(tmp_path) as it:
        await it.store.append("lead-1", [new(LEAD)], expected=NOTHING)
        ledger = Ledger(it.log, "customers", SECRET)
        await ledger.seal()
        person = LEAD.person_in(LEAD.model_dump())
        await it.keyring.destroy(person)
        await it.store.append("lead-2", [new(LEAD)], expected=NOTHING)
        await ledger.seal()
        lines = await lines_of(it.log, "customers")
    verification = Verification([KEY.public_key()])
    found = [one for line in lines for one in verification.line(line)]
    assert (found, [*verification.end()]) == ([], [])
    assert verification.events == 2


def test_killed_before_any_line_it_goes_on_with_the_same_chain(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.unit.audit.killing", str(tmp_path), "7"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("killed") >= 5


async def test_a_restored_backup_goes_on_with_its_chain_and_what_was_noted_down_since_is_missed(
    tmp_path: Path,
) -> None:
    data, backup, again = tmp_path / "data", tmp_path / "backup", tmp_path / "again"
    async with at_work(data) as house:
        log = house[SERVICE].log
        then = newest(await sealed_in_turns(log, pages=2, events=4))
        await tick(house[SERVICE], "order-3", expected=NOTHING)  # and not sealed yet
        back_up(data, backup)
        since = newest(await sealed_in_turns(log, pages=1, events=4))
    restoring.restore(backup, again, replace=False, erased={}, environment={})
    async with safe(again / SERVICE) as it:
        lines = await sealed_in_turns(it.log, pages=1, events=4)
    assert found_in(lines, at_least=[then]) == []
    assert [it.kind for it in found_in(lines, at_least=[since])] == ["cut off"]


async def _end(store: EventStore) -> End:
    kept = await store.last([f"ledger.{SERVICE}"])
    assert kept is not None
    return end(kept.data)
