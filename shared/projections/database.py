"""The read model that is served, in SQLite or PostgreSQL, and those that are built beside it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

import structlog
from sqlalchemy import Connection, Dialect, Engine, inspect, text, update
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from shared.projections.locks import alone, put_out_the_silent
from shared.projections.places import Hold, Place, place_of
from shared.projections.served import began, latest, serve
from shared.projections.tables import FOR_READERS, checkpoints, dropped, metadata, served
from shared.table_making import make_tables

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
REPLACED: Final = "replaced"
"""Which log the checkpoints of a read model are of that is served no more."""


log = structlog.get_logger()


@dataclass(eq=False)
class ReadModel:
    """One read model, how many look at it now, and whether it goes when the last of them is done."""

    number: int
    engine: Engine
    hold: Hold
    """Against other processes, which would remove it."""
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
        self._switching = Lock()

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
        """Serve what was built beside; a ``kill -9`` at any instant leaves the old one or the new one.

        Another process that adds to the old one is fenced off, and looks again what is served.
        """
        built.index()
        with self._switching:
            with self.begin() as old:
                if self.shared:
                    alone(old, checkpoints)
                    old.execute(update(checkpoints).values(log=REPLACED))  # nobody moves them any more
                with built.begin() as tx:
                    serve(tx, last=latest(old))
            if built.dialect.name == "sqlite":
                with built.connect() as tx:  # on the disk before the old one goes
                    tx.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            self._show(built._model)  # noqa: SLF001 - of the same class

    def look_again(self) -> bool:
        """Show what another process serves by now; whether that is another read model than before."""
        if not self.shared:
            return False
        with self._switching:
            newer = _newest_served(self._place, above=self.number)
            model = _held(self._place, newer) if newer else None
            if model is not None:
                self._show(model)
            return model is not None

    @property
    def shared(self) -> bool:
        """Whether several processes may be here at once."""
        return self._place.shared

    def put_out_the_silent(self) -> int:
        """Nobody who does nothing holds up the others of a shared one for long; how many were put out."""
        with self.begin() as tx:
            return put_out_the_silent(tx)

    def copy_back(self) -> None:
        """Copy what is in SQLite's log into its file, while others read and write."""
        with self.connect() as tx:
            tx.execute(text("PRAGMA wal_checkpoint(PASSIVE)"))

    def turn(self) -> AbstractContextManager[Callable[[], bool]]:
        """Asked again and again whether it is our turn: until the block ends, it is nobody else's then."""
        return self._place.turn()

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
        self._model.hold.close()

    def _show(self, model: ReadModel) -> None:
        with self._lock:
            old, self._model = self._model, model
        self._let_go(old)

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
        model.hold.close()
        _remove(self._place, model.number)


def open_database(url: str) -> Database:
    """The read model at ``sqlite:///path`` or ``postgresql+psycopg://…`` with all tables made.

    One that the tables of today do not fit is not opened but begun anew; what builds left that were broken
    off is removed, as are read models that were replaced.
    """
    place = place_of(url)
    there = place.numbers()
    model = _served(place)
    if _fits(model.engine):
        _make_tables(model.engine)
        database = Database(place, model)
    else:
        model.engine.dispose()
        model.hold.close()
        database = _empty(place)
        with database.begin() as tx:
            serve(tx, last=0)
    for other in there - {database.number}:
        _remove(place, other)
    return database


def _served(place: Place) -> ReadModel:
    """The newest that is served; the one where the address leads, as long as there is none."""
    while True:
        if model := _held(place, _newest_served(place, above=0)):
            return model


def _newest_served(place: Place, *, above: int) -> int:
    """0 where there is none."""
    return max((n for n in place.numbers() if n > above and _is_served(place, n)), default=0)


def _held(place: Place, number: int) -> ReadModel | None:
    """It, if it is still there once it is held."""
    hold = place.hold(number)
    if number and not _is_served(place, number):
        hold.close()
        return None
    return ReadModel(number, place.engine(number), hold)


def open_beside(place: Place, number: int) -> Database:
    """A read model that another process made there and does not write meanwhile."""
    return Database(place, ReadModel(number, place.engine(number), place.hold(number)))


def micros(at: datetime) -> int:
    """Microseconds since 1970, exact."""
    return (at - EPOCH) // MICROSECOND


def instant(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


def _empty(place: Place, lock: "Lock | None" = None) -> Database:
    """The next read model there, with nothing in it."""
    number, hold = place.new()
    engine = place.engine(number)
    _make_tables(engine)
    return Database(place, ReadModel(number, engine, hold), lock)


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
    except ProgrammingError:  # another process removed it between these two questions
        return False
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
