"""The file behind the embedded event store: its table, its lock, and how a row is an event."""

import fcntl
import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any, Final
from uuid import UUID

from shared.eventstore import sqlite_damage
from shared.eventstore.sqlite_damage import NotAsWritten, checksum
from shared.eventstore.store import NOTHING, StoredEvent, category

COLUMNS: Final = "position, id, stream, revision, category, type, recorded_at, data, metadata, checksum"
WAL_PAGES: Final = 4000
"""About 16 MB of log before SQLite copies it into the file."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_OTHER: Final = "the event at position {} is not what was written"

# Every index ends with the row's position by itself, so that of the category is in order of position.
_SCHEMA: Final = """
create table if not exists events (
    position    integer primary key,
    id          blob    not null unique,
    stream      text    not null,
    revision    integer not null,
    category    text    not null,
    type        text    not null,
    recorded_at integer not null, -- microseconds since 1970, UTC
    data        blob    not null,
    metadata    blob    not null,
    checksum    integer, -- of all other columns; null in rows from before there was one
    unique (stream, revision)
);
create index if not exists events_by_category on events (category);
"""


class StoreInUse(Exception):
    """Another process writes to this store; two would interleave."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"the event store {path} is open in another process; stop that one first")


def lock(path: Path) -> int:
    """Take the store for this process; the kernel gives it back when the process dies, however it dies.

    Returns the descriptor to close. Raises ``StoreInUse``.
    """
    held = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise StoreInUse(path) from None
    return held


def connect(path: Path, *, reading: bool = False) -> sqlite3.Connection:
    """A connection whose commits return when the disk has them; raises ``sqlite3.Error``."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    try:
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = full")
        db.execute(f"pragma wal_autocheckpoint = {WAL_PAGES}")
        db.executescript(_SCHEMA)
        _add_checksum(db)
        if reading:
            db.execute("pragma query_only = on")
    except BaseException:
        db.close()
        raise
    return db


def _add_checksum(db: sqlite3.Connection) -> None:
    """To a table from before there was one."""
    if not db.execute("select 1 from pragma_table_info('events') where name = 'checksum'").fetchone():
        db.execute("alter table events add column checksum integer")


def look(path: Path, stop: Event) -> None:
    """Whether all of it is as it was written; raises ``sqlite3.Error``."""
    sqlite_damage.look(path, f"select {COLUMNS} from events", _stored, stop)  # noqa: S608 - constants


def last(db: sqlite3.Connection) -> tuple[int, datetime]:
    """Position and time of the last event, ``NOTHING`` and 1970 when there is none."""
    row = db.execute("select position, recorded_at from events order by position desc limit 1").fetchone()
    return (NOTHING, _EPOCH) if row is None else (row[0], _EPOCH + row[1] * _MICROSECOND)


def of_stream(db: sqlite3.Connection, stream: str, *, after: int, most: int = -1) -> list[StoredEvent]:
    rows = db.execute(
        f"select {COLUMNS} from events where stream = ? and revision > ? order by revision limit ?",  # noqa: S608 - constants
        (stream, after, most),
    )
    events = [_stored(row) for row in rows]
    if [event.revision for event in events] != list(range(after + 1, after + 1 + len(events))):
        raise NotAsWritten(f"an event of {stream} is missing")
    return events


def of_categories(
    db: sqlite3.Connection, categories: Sequence[str], *, after: int, most: int
) -> list[StoredEvent]:
    # One arm a category: SQLite merges them as it goes, where `in (...)` would sort the whole log.
    categories = tuple(dict.fromkeys(categories))
    arm = f"select {COLUMNS} from events where category = ? and position > ?"  # noqa: S608 - constants
    arms = " union all ".join([arm] * len(categories))
    bounds = [bound for name in categories for bound in (name, after)]
    rows = db.execute(f"{arms} order by position limit ?", (*bounds, most))
    events = [_stored(row) for row in rows]
    for before, event in pairwise(events):
        if before.position >= event.position:
            raise NotAsWritten(f"the events after position {before.position} are out of order")
    if strange := [event for event in events if category(event.stream) not in categories]:
        raise NotAsWritten(f"the event at position {strange[0].position} stands in another category")
    return events


def head_of_categories(db: sqlite3.Connection, categories: Sequence[str]) -> int:
    """The position of their last event, ``NOTHING`` when there is none."""
    query = "select max(position) from events where category = ?"
    found = [db.execute(query, (name,)).fetchone()[0] for name in categories]
    return max((position for position in found if position is not None), default=NOTHING)


def last_of_categories(db: sqlite3.Connection, categories: Sequence[str]) -> StoredEvent | None:
    head = head_of_categories(db, categories)
    row = db.execute(f"select {COLUMNS} from events where position = ?", (head,)).fetchone()  # noqa: S608 - constants
    return _stored(row) if row else None


def columns(event: StoredEvent) -> tuple[Any, ...]:
    """The event's row, in the order of the table."""
    row = (
        event.position,
        event.id.bytes,
        event.stream,
        event.revision,
        category(event.stream),
        event.type,
        (event.recorded_at - _EPOCH) // _MICROSECOND,
        event.data,
        event.metadata,
    )
    return (*row, checksum(*row))


def _stored(row: tuple[Any, ...]) -> StoredEvent:
    """Raises ``NotAsWritten``."""
    *fields, expected = row
    position, id_, stream, revision, kind, type_, recorded_at, data, metadata = fields
    try:
        if expected not in {None, checksum(*fields)} or kind != category(stream) or position < 0:
            raise NotAsWritten(_OTHER.format(position))
        at = _EPOCH + recorded_at * _MICROSECOND
        return StoredEvent(UUID(bytes=id_), stream, revision, position, type_, at, data, metadata)
    except (TypeError, ValueError, OverflowError, AttributeError) as error:  # a value of another kind
        raise NotAsWritten(_OTHER.format(position)) from error
