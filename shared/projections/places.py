"""Where read models stand side by side, each under a number: files of SQLite, or schemas of PostgreSQL."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text

from shared.projections.tables import metadata

SCHEMA: Final = "read_model_"
LOCK: Final = 0x6261746F
"""PostgreSQL's advisory locks of read models: (LOCK, number) is shared by all who look at that one."""
NUMBERING: Final = -1
TURN: Final = -2
SILENCE: Final = "20s"
"""Whoever does not ask for so long whether it is their turn, frozen or on a host that died, loses it."""
PATIENCE: Final = "10s"
"""Somebody from outside who still reads an old read model keeps it from going for so long."""
WAL_PAGES: Final = 16_000
"""64 MB of log before a commit waits until it is copied into the file, which ``copy_back`` does beside. One
event changes a hundred pages, the next one nearly the same: to copy them every 4 MB took a third of the time.
"""


class Hold(Protocol):
    """Somebody looks at a read model; ``close`` when they are done. A process that dies closes all of its."""

    def close(self) -> None: ...


class Place(Protocol):
    """Number 0 stands where the address points itself; the others stand beside it."""

    shared: bool
    """Whether several processes may be here at once."""

    def numbers(self) -> set[int]:
        """Which there are."""

    def engine(self, number: int) -> Engine:
        """Connects to one."""

    def hold(self, number: int) -> Hold:
        """Nobody removes it until this is closed."""

    def new(self) -> tuple[int, Hold]:
        """Room for one, under a number that nobody else gets, held."""

    def remove(self, number: int) -> None:
        """Nothing of it stays, unless somebody holds it: who lets go of it last removes it.

        Whoever is stopped half-way can do it again.
        """

    def turn(self) -> AbstractContextManager[Callable[[], bool]]:
        """Asked again and again whether it is our turn: until the block ends, it is nobody else's then."""


def place_of(url: str) -> Place:
    """Where the read models of ``sqlite:///path`` or ``postgresql+psycopg://…`` stand."""
    parsed = make_url(url)
    return Files(parsed) if parsed.get_backend_name() == "sqlite" else Schemas(parsed)


class Files:
    """``read.db``, then ``read-1.db``, ``read-2.db`` and so on in the same folder."""

    shared = False

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

    def hold(self, number: int) -> Hold:  # noqa: ARG002 - nobody else is here
        return ExitStack()

    def new(self) -> tuple[int, Hold]:
        number = max(self.numbers(), default=0) + 1
        return number, self.hold(number)

    def remove(self, number: int) -> None:
        path = self._path(number)
        for part in ("-wal", "-shm", ""):  # a log that outlived its file would be read into the next one
            path.with_name(path.name + part).unlink(missing_ok=True)

    @contextmanager
    def turn(self) -> Iterator[Callable[[], bool]]:
        yield lambda: True

    def _path(self, number: int) -> Path:
        first = self._first
        return first.with_name(f"{first.stem}-{number}{first.suffix}") if number else first


class Schemas:
    """The schema where the address leads, then ``read_model_1``, ``read_model_2`` and so on beside it."""

    shared = True

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine = create_engine(url, poolclass=NullPool, hide_parameters=True)

    def numbers(self) -> set[int]:
        there = text("select to_regclass('checkpoints') is not null")
        named = text(f"select nspname from pg_namespace where nspname ~ '^{SCHEMA}[0-9]+$'")  # noqa: S608 - a constant
        with self._engine.begin() as tx:
            found = {0} if tx.scalar(there) else set[int]()
            return found | {int(name.removeprefix(SCHEMA)) for name in tx.scalars(named)}

    def engine(self, number: int) -> Engine:
        if number == 0:
            return create_engine(self._url, hide_parameters=True)
        given = str(self._url.query.get("options", ""))
        path = f"{given} -csearch_path={SCHEMA}{number}".strip()
        return create_engine(self._url, connect_args={"options": path}, hide_parameters=True)

    def hold(self, number: int) -> Hold:
        holding = self._standing()
        _lock(holding, "pg_advisory_lock_shared", number)
        return holding

    def new(self) -> tuple[int, Hold]:
        holding = self._standing()
        _lock(holding, "pg_advisory_lock", NUMBERING)
        number = max(self.numbers(), default=0) + 1
        holding.execute(text(f"create schema {SCHEMA}{number}"))
        _lock(holding, "pg_advisory_lock_shared", number)
        _lock(holding, "pg_advisory_unlock", NUMBERING)
        return number, holding

    def remove(self, number: int) -> None:
        with self._engine.begin() as tx:
            if not _lock(tx, "pg_try_advisory_xact_lock", number):
                return
            tx.execute(text(f"set local lock_timeout = '{PATIENCE}'"))
            if number:
                tx.execute(text(f"drop schema if exists {SCHEMA}{number} cascade"))
            else:
                metadata.drop_all(tx)

    @contextmanager
    def turn(self) -> Iterator[Callable[[], bool]]:
        with closing(self._standing()) as standing:
            standing.execute(text(f"set idle_session_timeout = '{SILENCE}'"))
            yield lambda: bool(_lock(standing, "pg_try_advisory_lock", TURN))  # what is ours is ours again

    def _standing(self) -> Connection:
        """A connection of its own, whose locks go with it."""
        return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _lock(tx: Connection, function: str, number: int) -> Any:
    return tx.scalar(text(f"select {function}(:kind, :number)"), {"kind": LOCK, "number": number})


def _tune_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, below
    tuned = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000", "cache_size=-65536")
    for pragma in (*tuned, f"wal_autocheckpoint={WAL_PAGES}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
