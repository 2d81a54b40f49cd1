"""How damage of the embedded store is noticed: a checksum with each event, and a look at the whole file."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any, Final
from zlib import crc32

from shared.eventstore.store import StoreDamaged, StoreUnavailable

AT_ONCE: Final = 500
STEPS: Final = 100_000
"""Of SQLite, some milliseconds: so often it looks whether to stop."""
PAUSE_SECONDS: Final = 0.02
"""After so many events looked at: whoever is served must not wait for this."""

_OF_SQLITE: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRIMARY: Final = 0xFF
_NO_TEXT: Final = "Could not decode to UTF-8"


class NotAsWritten(sqlite3.DatabaseError):
    """A row is not what was once written to it."""


def checksum(
    position: int,
    id_: bytes,
    stream: str,
    revision: int,
    category: str,
    type_: str,
    recorded_at: int,
    data: bytes,
    metadata: bytes,
) -> int:
    """CRC-32 over an event's columns: finds accidents. Whoever means it is found by the ledger."""
    place = f"{position} {revision} {recorded_at} {len(data)} {category} {stream} {type_}"
    return crc32(metadata, crc32(data, crc32(id_, crc32(place.encode()))))


def trouble(path: Path, error: sqlite3.Error) -> StoreUnavailable:
    """What the store says to whoever asked."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if isinstance(error, NotAsWritten) or code in _OF_SQLITE or str(error).startswith(_NO_TEXT):
        return StoreDamaged(
            f"the event store {path} is damaged: {error}. Stop Baton, and put a backup in its place:"
            " `baton restore` (docs/operations/backup.md)"
        )
    return StoreUnavailable(f"{path}: {error}")


def look(path: Path, query: str, read: Callable[[tuple[Any, ...]], object], stop: Event) -> None:
    """Read the whole file without haste, each row of the query with ``read``; raises ``sqlite3.Error``.

    Ends early, without a word, when it is told to stop.
    """
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        db.set_progress_handler(stop.is_set, STEPS)
        try:
            for (found,) in db.execute("pragma integrity_check(1)"):
                if found != "ok":
                    raise NotAsWritten(found)
            rows = db.execute(query)
            while some := rows.fetchmany(AT_ONCE):
                for row in some:
                    read(row)
                stop.wait(PAUSE_SECONDS)
        except sqlite3.OperationalError:
            if not stop.is_set():
                raise
