"""The one thread that writes to the embedded store: what waits together is committed together."""

import json
import sqlite3
import time
from asyncio import Future
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, NamedTuple

from prometheus_client import Histogram

from shared.eventstore import sqlite_file
from shared.eventstore.sqlite_damage import NotAsWritten, trouble
from shared.eventstore.store import NOTHING, NewEvent, StoredEvent, WrongRevision

MOST_ROWS: Final = 500
"""Rows in one statement; ten values each must stay below SQLite's 32,766."""
MOST_HEADS: Final = 100_000
"""Streams whose present revision is remembered."""

COMMIT_SECONDS: Final = Histogram(
    "baton_store_commit_seconds",
    "Time of one commit of the embedded event store, from its first statement until the disk has it (fsync).",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
COMMIT_EVENTS: Final = Histogram(
    "baton_store_commit_events",
    "Events in one commit of the embedded event store: what waits together is committed together.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
)

Answer = list[StoredEvent] | Exception


class Append(NamedTuple):
    """One caller's events, to be kept whole or not at all."""

    stream: str
    events: Sequence[NewEvent]
    expected: int
    done: Future[list[StoredEvent]]


class Writer:
    """Commits appends in groups; ``answered`` gets an answer for each, in this thread, after the commit."""

    def __init__(self, path: Path, answered: Callable[[Sequence[Append], Sequence[Answer]], None]) -> None:
        """Raises ``sqlite3.Error`` when the file cannot be opened."""
        self._path = path
        self._answered = answered
        self._queue: SimpleQueue[Sequence[Append]] = SimpleQueue()
        self._db: sqlite3.Connection | None = None
        self._opened()
        self._thread = Thread(target=self._run, name="event-store-writer", daemon=True)
        self._thread.start()

    def add(self, appends: Sequence[Append]) -> None:
        self._queue.put(appends)

    def close(self) -> None:
        """Commit what was added and stop; blocks until that is done."""
        self._queue.put(())
        self._thread.join()
        self._forget()

    def _run(self) -> None:
        while group := list(self._queue.get()):
            last = False
            with suppress(Empty):
                while not last:
                    more = self._queue.get_nowait()
                    group += more
                    last = not more
            self._answered(group, self._commit(group))
            if last:
                return

    def _commit(self, group: Sequence[Append]) -> Sequence[Answer]:
        try:
            db = self._opened()
            heads = self._present(db, group)
            answers, kept = self._decide(db, group, heads)
            began = time.perf_counter()
            _insert(db, kept)
        except Exception as error:  # noqa: BLE001 - whatever it was, somebody waits for an answer
            if isinstance(error, sqlite3.Error) and _of_the_disk(error):
                self._forget()
                return [trouble(self._path, error) for _ in group]
            if len(group) == 1:
                return [ValueError(f"these events cannot be kept: {error}")]
            return [answer for append in group for answer in self._commit([append])]  # one spoils it for all
        self._heads |= heads
        if kept:
            self.head, self._recorded_at = kept[-1].position, kept[-1].recorded_at
            COMMIT_SECONDS.observe(time.perf_counter() - began)
            COMMIT_EVENTS.observe(len(kept))
        return answers

    def _decide(
        self, db: sqlite3.Connection, group: Sequence[Append], heads: dict[str, int]
    ) -> tuple[list[Answer], list[StoredEvent]]:
        """The answer to each append if all that is new is kept, and what is new; moves ``heads`` along."""
        at = max(datetime.now(UTC), self._recorded_at)
        answers: list[Answer] = []
        kept: list[StoredEvent] = []
        for append in group:
            stream, events, expected, _ = append
            if expected == heads[stream]:
                first = self.head + 1 + len(kept)
                stored = [
                    StoredEvent(e.id, stream, expected + 1 + n, first + n, e.type, at, e.data, e.metadata)
                    for n, e in enumerate(events)
                ]
                heads[stream] += len(stored)
                kept += stored
                answers.append(stored)
            else:
                held = sqlite_file.of_stream(db, stream, after=expected, most=len(events))
                held += [e for e in kept if e.stream == stream and e.revision > expected]
                answers.append(_again(append, held[: len(events)]))
        return answers, kept

    def _present(self, db: sqlite3.Connection, group: Sequence[Append]) -> dict[str, int]:
        """The revision of each stream of the group; one query for all that are not remembered."""
        if len(self._heads) > MOST_HEADS:
            self._heads.clear()
        heads = {append.stream: self._heads.get(append.stream) for append in group}
        unknown = json.dumps([stream for stream, revision in heads.items() if revision is None])
        found = {} if unknown == "[]" else dict(db.execute(_HEADS, (NOTHING, unknown)).fetchall())
        return {stream: found[stream] if known is None else known for stream, known in heads.items()}

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = sqlite_file.connect(self._path)
            self.head, self._recorded_at = sqlite_file.last(self._db)
            self._heads: dict[str, int] = {}
        return self._db

    def _forget(self) -> None:
        """After an error only the file says what was kept: it is read again before the next group."""
        if self._db is not None:
            self._db.close()
            self._db = None


_HEADS: Final = """
select value, (select coalesce(max(revision), ?) from events where stream = value) from json_each(?)
"""


def _again(append: Append, held: list[StoredEvent]) -> Answer:
    """What the stream holds at this place, if those are the events that were to be appended."""
    if [e.id for e in held] == [e.id for e in append.events]:
        return held
    return WrongRevision(append.stream, append.expected)


def _insert(db: sqlite3.Connection, events: Sequence[StoredEvent]) -> None:
    # One statement for many rows: the interpreter's lock is given up once and not for every row.
    if len(events) <= MOST_ROWS:
        _insert_rows(db, events)
        return
    db.execute("begin immediate")
    try:
        for start in range(0, len(events), MOST_ROWS):
            _insert_rows(db, events[start : start + MOST_ROWS])
        db.execute("commit")
    except BaseException:
        if db.in_transaction:
            db.execute("rollback")
        raise


def _insert_rows(db: sqlite3.Connection, events: Sequence[StoredEvent]) -> None:
    if events:
        rows = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(events))
        values = list(chain.from_iterable(sqlite_file.columns(e) for e in events))
        db.execute(f"insert into events values {rows}", values)  # noqa: S608 - only question marks


def _of_the_disk(error: sqlite3.Error) -> bool:
    """Whether the file failed us, and not the events."""
    failed = (sqlite3.OperationalError, sqlite3.DatabaseError, sqlite3.InternalError, NotAsWritten)
    return type(error) in failed
