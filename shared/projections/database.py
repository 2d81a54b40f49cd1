"""The read model that is served, in SQLite or PostgreSQL, and those that are built beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

import structlog
from sqlalchemy import Connection, Dialect, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from shared.projections.places import Place, place_of
from shared.projections.served import began, latest, serve
from shared.projections.tables import FOR_READERS, dropped, metadata, served
from shared.table_making import make_tables

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


log = structlog.get_logger()


@dataclass(eq=False)
class ReadModel:
    """One read model, how many look at it now, and whether it goes when the last of them is done."""

    number: int
    engine: Engine
    looking: int = 0
    going: bool = False


class Database:
    """What everybody reads and writes; another read model, built beside, can take the place of the one in it.

    Who looks at the old one then sees it to the end of that look; it is removed after the last.
    """

    def __init__(self, place: Place, model: ReadModel, lock: "Lock | None" = None) -> None:
        self._place = place
        self._model = model
        self._lock = lock or Lock()
        self._making = Lock()
        """Those that are made at once must not get the same number."""

    @property
    def dialect(self) -> Dialect:
        return self._model.engine.dialect

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        with self._looking() as engine, engine.connect() as tx:
            yield tx

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self._looking() as engine, engine.begin() as tx:
            yield tx

    @contextmanager
    def moment(self) -> Iterator[Connection]:
        """All that is read here is of one moment, however long it takes and whoever writes meanwhile."""
        several = self.dialect.name == "postgresql"  # where each statement sees a moment of its own
        with self._looking() as engine, engine.connect() as tx:
            yield tx.execution_options(isolation_level="REPEATABLE READ") if several else tx

    @contextmanager
    def beside(self) -> Iterator["Database"]:
        """An empty read model beside this one; gone at the end unless it has taken this one's place.

        It has no indexes for readers yet: see ``index``.
        """
        with self._making:
            built = _empty(self._place, self._lock)
        try:
            with built.begin() as tx:
                for index in FOR_READERS:
                    index.drop(tx)
            yield built
        finally:
            if built._model is not self._model:  # noqa: SLF001 - of the same class
                built._let_go(built._model)  # noqa: SLF001 - as above

    def index(self) -> None:
        """Make the indexes that readers need, where they are not there yet."""
        with self.begin() as tx:
            for index in FOR_READERS:
                index.create(tx, checkfirst=True)

    def take_over(self, built: "Database") -> None:
        """Serve what was built beside; a ``kill -9`` at any instant leaves the old one or the new one."""
        built.index()
        with self.connect() as tx:
            last = latest(tx)
        with built.begin() as tx:
            serve(tx, last=last)
        if built.dialect.name == "sqlite":
            with built.connect() as tx:  # on the disk before the old one goes
                tx.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        with self._lock:
            old, self._model = self._model, built._model  # noqa: SLF001 - of the same class
        self._let_go(old)

    def others(self) -> set[int]:
        """The read models that are there beside this one: built, compared or not gone yet."""
        return self._place.numbers() - {self.number}

    @property
    def place(self) -> Place:
        return self._place

    @property
    def file(self) -> str:
        """Where it is, in SQLite."""
        return str(self._model.engine.url.database)

    @property
    def number(self) -> int:
        """Tells read models apart; a newer one has a greater number."""
        return self._model.number

    def dispose(self) -> None:
        self._model.engine.dispose()

    @contextmanager
    def _looking(self) -> Iterator[Engine]:
        with self._lock:
            model = self._model
            if model.going:
                raise LookupError("this read model was given up")
            model.looking += 1
        try:
            yield model.engine
        finally:
            with self._lock:
                model.looking -= 1
                last = model.going and model.looking == 0
            if last:
                self._remove(model)

    def _let_go(self, model: ReadModel) -> None:
        with self._lock:
            model.going = True
            last = model.looking == 0
        if last:
            self._remove(model)

    def _remove(self, model: ReadModel) -> None:
        model.engine.dispose()
        _remove(self._place, model.number)


def open_database(url: str) -> Database:
    """The read model at ``sqlite:///path`` or ``postgresql+psycopg://…`` with all tables made.

    One that the tables of today do not fit is not opened but begun anew; what builds left that were broken
    off is removed, as are read models that were replaced.
    """
    place = place_of(url)
    there = place.numbers()
    number = max((n for n in there if n and _is_served(place, n)), default=0)
    model = ReadModel(number, place.engine(number))
    if _fits(model.engine):
        _make_tables(model.engine)
        database = Database(place, model)
    else:
        model.engine.dispose()
        database = _empty(place)
        with database.begin() as tx:
            serve(tx, last=0)
    for other in there - {database.number}:
        _remove(place, other)
    return database


def open_beside(place: Place, number: int) -> Database:
    """A read model that another process made there and does not write meanwhile."""
    return Database(place, ReadModel(number, place.engine(number)))


def micros(at: datetime) -> int:
    """Microseconds since 1970, exact."""
    return (at - EPOCH) // MICROSECOND


def instant(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


def _empty(place: Place, lock: "Lock | None" = None) -> Database:
    """The next read model there, with nothing in it."""
    number = max(place.numbers(), default=0) + 1
    engine = place.engine(number)
    _make_tables(engine)
    return Database(place, ReadModel(number, engine), lock)


def _make_tables(engine: Engine) -> None:
    with engine.begin() as tx:
        make_tables(tx, metadata)


def _remove(place: Place, number: int) -> None:
    try:
        place.remove(number)
    except (SQLAlchemyError, OSError) as error:  # the next start tries again
        log.warning("a read model could not be removed", number=number, error=repr(error))


def _is_served(place: Place, number: int) -> bool:
    engine = place.engine(number)
    try:
        with engine.connect() as tx:
            return inspect(tx).has_table(served.name) and began(tx) > 0
    finally:
        engine.dispose()


def _fits(engine: Engine) -> bool:
    """Whether the tables that are there, if any, are those of today, with their columns.

    What people dropped is no part of the log's story: that table may come later, and begins empty.
    """
    with engine.connect() as tx:
        found = inspect(tx).get_multi_columns().items()
    columns = {name: {column["name"] for column in its} for (_, name), its in found}
    ours = {table.name: set(table.c.keys()) for table in metadata.sorted_tables}
    there = {name: columns[name] for name in ours if name in columns}
    return not there or ours == {dropped.name: ours[dropped.name]} | there
