"""Databases of SQLite as they all were at one moment, whoever writes to them meanwhile."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

WAIT_SECONDS: Final = 30.0
"""For whoever is in the middle of a commit."""


class Cut(NamedTuple):
    """What the databases held at a moment, each to be read through its connection."""

    at: datetime
    readers: Sequence[sqlite3.Connection]


@contextmanager
def at_one_moment(paths: Sequence[Path]) -> Iterator[Cut]:
    """For that moment nobody can commit to any of them, so none shows an effect whose cause another lacks.

    Raises ``sqlite3.Error``.
    """
    with ExitStack() as reading:
        readers = [reading.enter_context(closing(existing(path))) for path in paths]
        with ExitStack() as holding:
            for path in paths:
                holder = holding.enter_context(closing(existing(path)))
                holder.execute("begin immediate")
            at = datetime.now(UTC)
            for reader in readers:
                reader.execute("begin")
                reader.execute("select count(*) from sqlite_master").fetchone()  # from here on it sees this
        yield Cut(at, readers)


def existing(path: Path, mode: str = "mode=rw") -> sqlite3.Connection:
    """A database that is there already; raises ``sqlite3.Error``."""
    uri = f"{path.resolve().as_uri()}?{mode}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=WAIT_SECONDS)


def copy(reader: sqlite3.Connection, to: Path) -> None:
    """What the reader sees, as one file; raises ``sqlite3.Error``."""
    with closing(sqlite3.connect(to)) as target:
        reader.backup(target)
        target.execute("pragma journal_mode = delete")  # nothing of it is in a log beside it
