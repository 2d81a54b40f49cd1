"""The embedded store on a real disk: processes that die, disks that fill, and what is there afterwards."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.sqlite_file import StoreInUse, connect
from shared.eventstore.store import NOTHING, NewEvent, StoredEvent, StoreUnavailable, WrongRevision
from tests.counted import counting
from tests.full_disk import a_full_disk

WRITERS = 20
TOGETHER = 3
"""Events in each append of the child."""


def happened(data: bytes = b"{}") -> NewEvent:
    return NewEvent(uuid4(), "deal-opened.v1", data, b"{}")


async def everything(store: SqliteStore, *categories: str) -> list[StoredEvent]:
    head, seen = await store.head(), list[StoredEvent]()
    if head != NOTHING:
        async for events in store.follow(categories, batch=100):
            seen += events
            if seen[-1].position >= head:
                break
    return seen


async def test_what_is_committed_together_counts_as_one(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "events.db")
    with (
        counting("baton_store_commit_seconds_count", 1),
        counting("baton_store_commit_events_count", 1),
        counting("baton_store_commit_events_sum", 10),
    ):
        two = [[happened(), happened()] for _ in range(5)]
        await asyncio.gather(*(store.append(f"deal-{n}", it, expected=NOTHING) for n, it in enumerate(two)))
        with pytest.raises(WrongRevision):
            await store.append("deal-1", [happened()], expected=NOTHING)
    await store.close()


async def append_until_killed(path: str) -> None:
    """The child: says ``ready``, then the ids of each append once it is acknowledged."""
    store = SqliteStore(Path(path))
    print("ready", flush=True)  # noqa: T201 - the pipe to the parent

    async def write(writer: int) -> None:
        stream = f"deal-{writer}"
        revision = len(await store.read(stream)) - 1
        while True:
            events = [happened() for _ in range(TOGETHER)]
            revision = (await store.append(stream, events, expected=revision))[-1].revision
            print(stream, revision, *(e.id for e in events), flush=True)  # noqa: T201 - as above

    await asyncio.gather(*(write(writer) for writer in range(WRITERS)))


@contextmanager
def child(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the store open and appends without end."""
    code = "import asyncio, sys; from tests.integration import test_sqlite_store as t; "
    code += "asyncio.run(t.append_until_killed(sys.argv[1]))"
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as it:
        assert it.stdout is not None
        assert it.stdout.readline() == "ready\n"
        try:
            yield it
        finally:
            it.kill()


async def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    acknowledged: dict[tuple[str, int], list[UUID]] = {}
    for more in (1, 100, 2000):
        with child(path) as killed:
            assert killed.stdout is not None
            lines = [killed.stdout.readline() for _ in range(more)]
            killed.kill()
            lines += killed.stdout.readlines()
        for line in lines:
            if line.endswith("\n"):  # the last may be cut in the middle
                stream, last, *told = line.split()
                acknowledged[stream, int(last)] = [UUID(id_) for id_ in told]
    store = SqliteStore(path)
    kept = {f"deal-{n}": await store.read(f"deal-{n}") for n in range(WRITERS)}
    await store.close()
    assert len(acknowledged) >= 2101
    for (name, revision), ids in acknowledged.items():
        assert [e.id for e in kept[name][revision + 1 - TOGETHER : revision + 1]] == ids
    for events in kept.values():
        assert [e.revision for e in events] == list(range(len(events)))
        assert len(events) % TOGETHER == 0, "an append was kept in part"


async def test_a_second_process_is_refused_until_the_first_is_dead(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    with child(path) as first:
        with pytest.raises(StoreInUse, match="open in another process"):
            SqliteStore(path)
        first.kill()
        first.wait()
        store = SqliteStore(path)
        await store.close()


async def test_a_store_is_opened_once_in_a_process_too(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "events.db")
    with pytest.raises(StoreInUse):
        SqliteStore(tmp_path / "events.db")
    await store.close()
    await SqliteStore(tmp_path / "events.db").close()


async def test_a_reopened_store_goes_on_where_it_stood(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "events.db")
    assert await store.head() == NOTHING
    before = await store.append("deal-1", [happened(), happened()], expected=NOTHING)
    await store.close()
    store = SqliteStore(tmp_path / "events.db")
    assert await store.head() == before[-1].position
    with pytest.raises(WrongRevision):
        await store.append("deal-1", [happened()], expected=NOTHING)
    after = await store.append("deal-1", [happened()], expected=1)
    assert (after[0].revision, after[0].position) == (2, before[-1].position + 1)
    assert await store.read("deal-1") == before + after
    await store.close()


async def test_recorded_times_never_go_backwards(tmp_path: Path) -> None:
    path, tomorrow = tmp_path / "events.db", datetime.now(UTC) + timedelta(days=1)
    store = SqliteStore(path)
    await store.append("deal-1", [happened()], expected=NOTHING)
    await store.close()
    db = connect(path)
    db.execute("update events set recorded_at = ?", (int(tomorrow.timestamp() * 1_000_000),))
    db.close()
    store = SqliteStore(path)  # on a machine whose clock was put back
    later = await store.append("deal-1", [happened()], expected=0)
    assert later[0].recorded_at >= tomorrow - timedelta(seconds=1)
    await store.close()


async def test_following_everything_is_the_sum_of_all_streams(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "events.db")
    streams = [f"{name}-{n}" for name in ("deal", "order", "lead") for n in range(15)]

    async def fill(stream: str) -> None:
        for revision in range(0, 8, 2):
            await store.append(stream, [happened(), happened()], expected=revision - 1)

    await asyncio.gather(*map(fill, streams))
    seen = await everything(store, "deal", "order", "lead", "deal")
    read = [event for stream in streams for event in await store.read(stream)]
    assert seen == sorted(read, key=lambda e: e.position)
    assert len(seen) == len(streams) * 8
    await store.close()


async def test_an_id_is_kept_once_and_spoils_nobody_elses_append(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "events.db")
    kept = happened()
    await store.append("deal-1", [kept], expected=NOTHING)
    good, bad, twice, later = await asyncio.gather(
        store.append("deal-2", [happened()], expected=NOTHING),
        store.append("deal-3", [happened(), kept], expected=NOTHING),
        store.append("deal-4", [kept], expected=NOTHING),
        store.append("deal-2", [happened()], expected=0),
        return_exceptions=True,
    )
    assert isinstance(bad, ValueError)
    assert isinstance(twice, ValueError)
    assert await store.read("deal-3") == []
    assert isinstance(good, list)
    assert isinstance(later, list)
    assert await store.read("deal-2") == good + later
    await store.close()


async def test_closing_keeps_what_was_waiting(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "events.db")
    appends = [
        asyncio.create_task(store.append(f"deal-{n}", [happened()], expected=NOTHING)) for n in range(50)
    ]
    await asyncio.sleep(0)
    await store.close()
    assert len(await asyncio.gather(*appends)) == 50
    store = SqliteStore(tmp_path / "events.db")
    assert len(await everything(store, "deal")) == 50
    await store.close()


async def test_a_full_disk_is_said_and_forgotten_when_it_has_room_again(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "events.db")
    kept = await store.append("deal-1", [happened()], expected=NOTHING)
    with a_full_disk():
        answers = await asyncio.gather(
            store.append("deal-1", [happened(b" " * 2_000_000)], expected=0),
            store.append("deal-2", [happened()], expected=NOTHING),
            return_exceptions=True,
        )
    assert [type(answer) for answer in answers] == [StoreUnavailable, StoreUnavailable]
    assert await store.read("deal-1") == kept
    kept += await store.append("deal-1", [happened()], expected=0)
    kept += await store.append("deal-2", [happened()], expected=NOTHING)
    assert await everything(store, "deal") == kept
    assert [e.position for e in kept] == list(range(kept[0].position, kept[0].position + 3))
    await store.close()


async def test_a_file_that_is_no_store_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "events.db").write_bytes(b"not a database, and long enough to be seen as none" * 100)
    for _ in range(2):  # the second time too: the lock was given back
        with pytest.raises(StoreUnavailable, match="not a database"):
            SqliteStore(tmp_path / "events.db")


async def test_the_category_is_found_without_reading_the_whole_log(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "events.db")
    await store.close()
    with sqlite3.connect(tmp_path / "events.db") as db:
        arm = "select position from events where category = ? and position > ?"
        plan = db.execute(f"explain query plan {arm} union all {arm} order by position", ("a", 1, "b", 1))
        steps = " ".join(row[3] for row in plan)
    db.close()
    assert "MERGE" in steps
    assert "events_by_category (category=? AND rowid>?)" in steps
    assert "TEMP B-TREE" not in steps


async def test_a_look_at_the_whole_file_does_not_hold_up_who_closes_the_store(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "events.db")
    for n in range(20):
        await store.append(f"deal-{n}", [happened() for _ in range(500)], expected=NOTHING)
    looking = asyncio.create_task(store.check())
    await asyncio.sleep(0)  # now it has begun
    await store.close()
    await looking
    assert store.damage == ""
