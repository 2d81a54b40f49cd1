"""Several databases, seen as all of them were at one moment."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from baton.backup.cut import at_one_moment

BETWEEN = 60
"""So many databases that nobody writes to make the moment a long one."""


def test_nobody_commits_between_the_first_and_the_last(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.db" for n in range(BETWEEN + 2)]
    for path in paths:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("pragma journal_mode = wal")
            db.execute("create table told (n)")
    with one_after_the_other(paths[0], paths[-1]):
        for _ in range(20):
            with at_one_moment(paths) as cut:
                first, *_, last = (_rows(reader) for reader in cut.readers)
            assert first - last in {0, 1}


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError), at_one_moment([tmp_path / "none.db"]):
        pass
    assert list(tmp_path.iterdir()) == []


@contextmanager
def one_after_the_other(first: Path, second: Path) -> Iterator[None]:
    """Rows are told to the one, then to the other, while the block lasts."""
    ended = Event()

    def tell() -> None:
        several = [sqlite3.connect(path, isolation_level=None, timeout=30) for path in (first, second)]
        while not ended.is_set():
            for db in several:
                db.execute("insert into told values (1)")
        for db in several:
            db.close()

    telling = Thread(target=tell)
    telling.start()
    try:
        yield
    finally:
        ended.set()
        telling.join()


def _rows(reader: sqlite3.Connection) -> int:
    [count] = reader.execute("select count(*) from told").fetchone()
    return int(count)
