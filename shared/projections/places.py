"""Where read models stand side by side, each under a number: files of SQLite, or schemas of PostgreSQL."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text

from shared.projections.tables import metadata

SCHEMA: Final = "read_model_"
PATIENCE: Final = "10s"
"""Somebody from outside who still reads an old read model keeps it from going for so long."""


class Place(Protocol):
    """Number 0 stands where the address points itself; the others stand beside it."""

    def numbers(self) -> set[int]:
        """Which there are."""

    def engine(self, number: int) -> Engine:
        """Connects to one, and makes room for it where there is none."""

    def remove(self, number: int) -> None:
        """Nothing of it stays; whoever is stopped half-way can do it again."""


def place_of(url: str) -> Place:
    """Where the read models of ``sqlite:///path`` or ``postgresql+psycopg://…`` stand."""
    parsed = make_url(url)
    return Files(parsed) if parsed.get_backend_name() == "sqlite" else Schemas(parsed)


class Files:
    """``read.db``, then ``read-1.db``, ``read-2.db`` and so on in the same folder."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._first = Path(url.database or "")

    def numbers(self) -> set[int]:
        first = self._first
        named = re.compile(rf"{re.escape(first.stem)}-(\d+){re.escape(first.suffix)}")
        found = {0} if first.is_file() else set[int]()
        beside = first.parent.iterdir() if first.parent.is_dir() else ()
        return found | {int(name[1]) for path in beside if (name := named.fullmatch(path.name))}

    def engine(self, number: int) -> Engine:
        self._first.parent.mkdir(parents=True, exist_ok=True)
        made = create_engine(self._url.set(database=str(self._path(number))), hide_parameters=True)
        event.listen(made, "connect", _tune_sqlite)
        event.listen(made, "begin", _begin)
        return made

    def remove(self, number: int) -> None:
        path = self._path(number)
        for part in ("-wal", "-shm", ""):  # a log that outlived its file would be read into the next one
            path.with_name(path.name + part).unlink(missing_ok=True)

    def _path(self, number: int) -> Path:
        first = self._first
        return first.with_name(f"{first.stem}-{number}{first.suffix}") if number else first


class Schemas:
    """The schema where the address leads, then ``read_model_1``, ``read_model_2`` and so on beside it."""

    def __init__(self, url: URL) -> None:
        self._url = url

    def numbers(self) -> set[int]:
        there = text("select to_regclass('checkpoints') is not null")
        named = text(f"select nspname from pg_namespace where nspname ~ '^{SCHEMA}[0-9]+$'")  # noqa: S608 - a constant
        with self._alone() as tx:
            found = {0} if tx.scalar(there) else set[int]()
            return found | {int(name.removeprefix(SCHEMA)) for name in tx.scalars(named)}

    def engine(self, number: int) -> Engine:
        if number == 0:
            return create_engine(self._url, hide_parameters=True)
        with self._alone() as tx:
            tx.execute(text(f"create schema if not exists {SCHEMA}{number}"))
        given = str(self._url.query.get("options", ""))
        path = f"{given} -csearch_path={SCHEMA}{number}".strip()
        return create_engine(self._url, connect_args={"options": path}, hide_parameters=True)

    def remove(self, number: int) -> None:
        with self._alone() as tx:
            tx.execute(text(f"set local lock_timeout = '{PATIENCE}'"))
            if number:
                tx.execute(text(f"drop schema if exists {SCHEMA}{number} cascade"))
            else:
                metadata.drop_all(tx)

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        engine = create_engine(self._url, poolclass=NullPool)
        with engine.begin() as tx:
            yield tx


def _tune_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, below
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
