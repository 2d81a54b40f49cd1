"""A store whose file was damaged at rest tells no other story: it says so, and how to mend it."""

import asyncio
import os
import random
import shutil
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest

from baton.backup import restoring
from baton.backup.taking import back_up
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NewEvent, StoreDamaged, StoredEvent
from tests.torture.judging import everything
from tests.torture.writing import WRITERS, written
from tests.unit.baton.keeping import at_work, create_lead
from tests.unit.baton.keeping import everything as told_by

ROUNDS: Final = int(os.environ.get("TORTURE_ROUNDS", "1000")) // 4
SEED: Final = int(os.environ.get("TORTURE_SEED", "1"))
APPENDS: Final = 240
PAGE: Final = 4096
LOGGED: Final = 60
"""Appends that are in the log only."""


@pytest.mark.timeout(3600)
async def test_whatever_happens_to_its_bytes_no_event_is_told_that_was_not_stored(memory: Path) -> None:
    sound = memory / "sound"
    sound.mkdir()
    await asyncio.to_thread(written, sound / "events.db", APPENDS, SEED)
    was = await _all_of(sound / "events.db")
    chance = random.Random(SEED)
    noticed = 0
    for turn in range(ROUNDS):
        here = memory / "damaged"
        shutil.copytree(sound, here)
        how = _damage(here / "events.db", chance)
        try:
            noticed += await _notices(here / "events.db", was)
        except BaseException as error:
            error.add_note(f"seed {SEED}, round {turn}: {how}")
            raise
        shutil.rmtree(here)
    assert noticed > ROUNDS / 2


def _damage(path: Path, chance: random.Random) -> str:
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    match chance.choice(["bit", "bytes", "page", "end"]):
        case "bit":
            content[at] ^= 1 << chance.randrange(8)
            how = f"a bit of byte {at}"
        case "bytes":
            content[at : at + 16] = chance.randbytes(len(content[at : at + 16]))
            how = f"sixteen bytes from {at}"
        case "page":
            start = at // PAGE * PAGE
            content[start : start + PAGE] = bytes(PAGE)
            how = f"the page at {start}"
        case _:
            del content[at:]
            how = f"all from {at}"
    path.write_bytes(content)
    return how


async def _notices(path: Path, was: list[StoredEvent]) -> bool:
    """A stream may be cut short until the whole file was looked at, but never tells anything else."""
    try:
        store = SqliteStore(path)
    except StoreDamaged as error:
        return f"{path} is damaged" in str(error) and "`baton restore`" in str(error)
    try:
        for writer in range(WRITERS):
            stream = f"deal-{SEED}.{writer}"
            told = await store.read(stream)
            assert told == [event for event in was if event.stream == stream][: len(told)]
        await store.check()
        assert await everything(store) == was
    except StoreDamaged:
        assert store.damage
        return True
    finally:
        await store.close()
    return False


async def _checked(path: Path) -> None:
    store = SqliteStore(path)
    try:
        await store.check()
        await store.read("lead-1")
    finally:
        await store.close()


async def _all_of(path: Path) -> list[StoredEvent]:
    store = SqliteStore(path)
    try:
        return await everything(store)
    finally:
        await store.close()


async def test_a_damaged_log_tells_the_story_up_to_there_and_no_other(memory: Path) -> None:
    """What stands behind the damage is lost, as if it had been torn: docs/reliability.md says who notices."""
    sound = memory / "sound"
    sound.mkdir()
    store = SqliteStore(sound / "events.db")
    for n in range(LOGGED):
        events = [NewEvent(uuid4(), "deal-opened.v1", b"{}", b"{}") for _ in range(2)]
        await store.append("deal-1", events, expected=2 * n - 1)
    was = await everything(store)
    await asyncio.to_thread(shutil.copytree, sound, memory / "killed")  # as `kill -9` leaves it
    await store.close()
    chance = random.Random(SEED)
    for turn in range(ROUNDS):
        here = memory / "damaged"
        shutil.copytree(memory / "killed", here)
        how = _damage(here / "events.db-wal", chance)
        told = await _all_of(here / "events.db")
        assert told == was[: len(told)], f"seed {SEED}, round {turn}: {how}"
        assert len(told) % 2 == 0, "an append was told in part"
        shutil.rmtree(here)


async def test_a_restore_is_the_way_back(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    async with at_work(data) as house:
        for n in range(200):
            await create_lead(house["customers"], n)
        was = await told_by(house["customers"], "lead")
        back_up(data, backup)
    path = data / "customers" / "events.db"
    content = bytearray(path.read_bytes())
    content[PAGE * 3 : PAGE * 20] = bytes(PAGE * 17)
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match="`baton restore`"):
        await _checked(path)
    restoring.restore(backup, data, replace=True, erased={}, environment={})
    async with at_work(data) as house:
        assert await told_by(house["customers"], "lead") == was
