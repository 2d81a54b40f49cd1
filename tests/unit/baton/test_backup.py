"""Backups are whole, of one moment, and say so only when they are."""

import asyncio
import json
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from baton.backup.manifest import NotWhole, checked, file
from baton.backup.taking import CannotBackUp, back_up
from shared.eventstore.store import NOTHING, StoredEvent
from tests.full_disk import a_full_disk
from tests.unit.baton.keeping import at_work, create_lead, everything, tick
from tests.unit.sealing import safe
from tests.waiting import until


async def test_it_holds_what_was_stored_and_says_what_that_is(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "备份 今天" / "1"
    async with at_work(data) as house:
        for n in range(3):
            await create_lead(house["customers"], n)
        await house["customers"].keyring.destroy("lead-1")
        told = await everything(house["customers"], "lead")
        made = back_up(data, folder)
    assert made == checked(folder)
    events, keys = made.of("customers", "events.db"), made.of("customers", "keys.db")
    assert events is not None
    assert (events.rows("events"), events.last_position) == (3, told[-1].position)
    assert events.last_recorded_at == told[-1].recorded_at
    assert keys is not None
    assert keys.rows("personal_keys") == 4  # of three people, and nobody's
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == made.files.keys() | {"manifest.json"}
    assert {Path(name).name for name in files} == {"events.db", "keys.db", "manifest.json"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    async with safe(folder / "customers") as copy:
        assert await everything(copy, "lead") == told


async def test_stores_that_are_empty_are_backed_up_too(tmp_path: Path) -> None:
    async with at_work(tmp_path / "data"):
        made = back_up(tmp_path / "data", tmp_path / "backup")
    events = made.of("orders", "events.db")
    assert events is not None
    assert (events.rows("events"), events.last_position, events.last_recorded_at) == (0, NOTHING, None)


async def test_no_store_shows_an_effect_whose_cause_another_lacks(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with at_work(data) as house:

        async def one_after_the_other() -> None:
            for n in range(NOTHING, 1_000_000):
                for service in ("customers", "orders", "performance", "coordination"):
                    await tick(house[service], "order-1", expected=n)

        async with working(one_after_the_other):
            for n in range(8):
                made = await asyncio.to_thread(back_up, data, tmp_path / f"{n}")
                counts = [
                    found.rows("events")
                    for service in ("customers", "orders", "performance", "coordination")
                    if (found := made.of(service, "events.db"))
                ]
                assert counts == sorted(counts, reverse=True)
                assert counts[0] - counts[-1] in {0, 1}


async def test_what_was_acknowledged_before_it_began_is_in_it_and_can_be_read(tmp_path: Path) -> None:
    data = tmp_path / "data"
    acknowledged: list[StoredEvent] = []
    async with at_work(data) as house:

        async def tell_of_new_people(first: int) -> None:
            for lead in range(first, first + 100_000):
                told = await create_lead(house["customers"], lead)
                acknowledged.append(told)

        async with working(*(partial(tell_of_new_people, first) for first in range(0, 1_000_000, 100_000))):
            for n in range(5):
                await until(lambda many=len(acknowledged): len(acknowledged) > many + 50)  # type: ignore[misc]  # a lambda with a default
                before = list(acknowledged)
                await asyncio.to_thread(back_up, data, tmp_path / f"{n}")
                async with safe(tmp_path / f"{n}" / "customers") as copy:
                    told = await everything(copy, "lead")
                    assert {event.id for event in before} <= {event.id for event in told}
                    assert not any(b"sealed" in event.data for event in told)


async def test_what_a_crash_left_in_the_log_is_in_it(tmp_path: Path) -> None:
    data, crashed = tmp_path / "data", tmp_path / "crashed"
    async with at_work(data) as house:
        await create_lead(house["customers"], 1)
        shutil.copytree(data, crashed, ignore=shutil.ignore_patterns("*-shm"))
    assert (crashed / "customers" / "events.db-wal").stat().st_size > 0
    found = back_up(crashed, tmp_path / "backup").of("customers", "events.db")
    assert found is not None
    assert found.rows("events") == 1


async def test_secrets_are_in_it_only_when_they_are_asked_for(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with at_work(data):
        assert not {"master.key", "token.key"} & back_up(data, tmp_path / "1").files.keys()
        assert {"master.key", "token.key"} <= back_up(data, tmp_path / "2", secrets=True).files.keys()
        (data / "master.key").unlink()
        with pytest.raises(CannotBackUp, match=r"master\.key"):
            back_up(data, tmp_path / "3", secrets=True)
    assert stat.S_IMODE((tmp_path / "2" / "master.key").stat().st_mode) == 0o600
    assert left_in(tmp_path) == {"1", "2", "data"}


async def test_what_cannot_be_done_leaves_nothing_behind(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (tmp_path / "there").mkdir()
    (tmp_path / "file").touch()
    async with at_work(data):
        for folder, why in (
            (tmp_path / "there", "is there already"),
            (tmp_path / "file", "is there already"),
            (tmp_path / "file" / "deeper", "was not made"),
            (Path("/proc/backup"), "was not made"),
            (data / "backup", "would be lost with it"),
        ):
            with pytest.raises(CannotBackUp, match=why):
                back_up(data, folder)
        (data / "restoring").touch()
        with pytest.raises(CannotBackUp, match="was broken off"):
            back_up(data, tmp_path / "backup")
        (data / "restoring").unlink()
        (data / "orders" / "events.db").unlink()
        with pytest.raises(CannotBackUp, match="has no event store of orders"):
            back_up(data, tmp_path / "backup")
    with pytest.raises(CannotBackUp, match="has no event store of customers"):
        back_up(tmp_path / "nothing", tmp_path / "backup")
    assert left_in(tmp_path) == {"data", "file", "there"}
    assert left_in(tmp_path / "there") == set()


async def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async with at_work(tmp_path / "data") as house:
        for n in range(20):
            await create_lead(house["customers"], n)
        with a_full_disk(most=10_000), pytest.raises(CannotBackUp, match="was not made"):
            back_up(tmp_path / "data", tmp_path / "backup")
        assert left_in(tmp_path) == {"data"}
        back_up(tmp_path / "data", tmp_path / "backup")


async def test_a_damaged_store_is_not_taken_for_a_backup(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with at_work(data) as house:
        for n in range(200):
            await create_lead(house["customers"], n)
    scratch(data / "customers" / "events.db", 3 * 4096)
    with pytest.raises(CannotBackUp, match=r"customers/events\.db is damaged|malformed"):
        back_up(data, tmp_path / "backup")
    assert left_in(tmp_path) == {"data"}


async def test_killed_in_the_middle_there_is_no_backup(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "backup"
    async with at_work(data) as house:
        await create_lead(house["customers"], 1)
        (data / "master.key").unlink()
        os.mkfifo(data / "master.key")  # who reads it waits: every store was copied by then
        code = "import sys; from pathlib import Path; from baton.backup.taking import back_up; "
        code += "back_up(Path(sys.argv[1]), Path(sys.argv[2]), secrets=True)"
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", code, data, folder)
        try:
            await until(lambda: list(tmp_path.glob("backup.unfinished-*/token.key")))
        finally:
            child.kill()
            await child.wait()
        [left] = left_in(tmp_path) - {"data"}
        assert left.startswith("backup.unfinished-")
        with pytest.raises(NotWhole, match=r"has no manifest\.json"):
            checked(tmp_path / left)
        back_up(data, folder)  # nobody holds anything any more
        checked(folder)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda it: scratch(it / "orders" / "events.db", 50), r"orders/events\.db was changed"),
        (lambda it: (it / "orders" / "events.db").unlink(), r"orders/events\.db is missing"),
        (lambda it: (it / "manifest.json").unlink(), r"has no manifest\.json"),
        (lambda it: (it / "manifest.json").write_text("{"), "not what this Baton writes"),
        (lambda it: said(it, format=2), "not what this Baton writes: format"),
        (lambda it: said(it, files={}), "names no events of customers"),
        (lambda it: also(it, "../../etc/passwd"), "which belongs in no backup"),
        (lambda it: also(it, "orders/events.db", bytes=1), r"orders/events\.db was changed"),
        (lambda it: also(it, "orders/events.db", content={"tables": {}}), "does not hold what"),
    ],
)
async def test_what_is_not_whole_is_found(tmp_path: Path, harm: Callable[[Path], Any], said: str) -> None:
    async with at_work(tmp_path / "data"):
        back_up(tmp_path / "data", tmp_path / "backup")
    checked(tmp_path / "backup")
    harm(tmp_path / "backup")
    with pytest.raises(NotWhole, match=said):
        checked(tmp_path / "backup")


def test_a_folder_that_is_none_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in ("nothing", "file"):
        with pytest.raises(NotWhole, match="is no backup"):
            checked(tmp_path / path)


async def test_a_store_changed_together_with_its_hash_is_still_counted(tmp_path: Path) -> None:
    async with at_work(tmp_path / "data") as house:
        await create_lead(house["customers"], 1)
        back_up(tmp_path / "data", tmp_path / "backup")
    store = tmp_path / "backup" / "customers" / "events.db"
    with closing(sqlite3.connect(store)) as db, db:
        db.execute("delete from events")
    now = file(store)
    also(tmp_path / "backup", "customers/events.db", bytes=now.bytes, sha256=now.sha256)
    with pytest.raises(NotWhole, match="does not hold what"):
        checked(tmp_path / "backup")


@asynccontextmanager
async def working(*several: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """They go on while the block lasts."""
    tasks = [asyncio.create_task(work()) for work in several]
    try:
        yield
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def scratch(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff" * 40)


def said(backup: Path, **changes: Any) -> None:
    """The manifest says something else."""
    path = backup / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def also(backup: Path, name: str, **changes: Any) -> None:
    """It says something else of one file."""
    files = json.loads((backup / "manifest.json").read_text())["files"]
    said(backup, files=files | {name: files.get(name, {"bytes": 0, "sha256": ""}) | changes})
