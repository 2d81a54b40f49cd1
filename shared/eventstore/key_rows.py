"""The table behind the keyring, in SQLite or PostgreSQL: one row for each person, for ever."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from shared.table_making import make_tables

MOST_AT_ONCE: Final = 500
NOBODY: Final = ""
"""Its row only tells whether the master key is the right one."""

metadata = MetaData()
keys = Table(
    "personal_keys",
    metadata,
    Column("person", String(200), primary_key=True),
    Column("wrapped", LargeBinary),  # null: destroyed
    Column("destroyed_at", String(40)),  # ISO 8601, UTC
    Column("followed_at", String(40)),  # when nothing derived from the person's data was left
)


class Row(NamedTuple):
    person: str
    wrapped: bytes | None
    destroyed_at: datetime | None
    followed_at: datetime | None


class KeyRows:
    """Every change is on the disk when its method returns."""

    def __init__(self, url: str) -> None:
        """Opens ``sqlite:///path`` (its folder is made) or ``postgresql+psycopg://…``; makes the table."""
        parsed = make_url(url)
        self._sqlite = parsed.get_backend_name() == "sqlite"
        if self._sqlite:
            Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
        self._insert = sqlite.insert if self._sqlite else postgresql.insert
        self._engine: Engine = create_engine(parsed, hide_parameters=True)
        if self._sqlite:
            event.listen(self._engine, "connect", _tune_sqlite)
        with self._engine.begin() as tx:
            make_tables(tx, metadata)

    def find(self, persons: Iterable[str]) -> Mapping[str, Row]:
        with self._engine.connect() as tx:
            return {row.person: row for row in _found(tx, persons)}

    def keep(self, wrapped: Mapping[str, bytes]) -> Mapping[str, Row]:
        """The rows of these persons; who has none gets this key, who was destroyed gets none."""
        with self._engine.begin() as tx:
            rows = [{"person": person, "wrapped": key} for person, key in wrapped.items()]
            tx.execute(self._insert(keys).on_conflict_do_nothing(), rows)
            return {row.person: row for row in _found(tx, wrapped)}

    def destroy(self, person: str, *, at: datetime) -> None:
        """No copy of the key is in the file afterwards; the first time counts."""
        gone = {"wrapped": None, "destroyed_at": at.astimezone(UTC).isoformat()}
        with self._engine.begin() as tx:
            tx.execute(self._insert(keys).values(person=person, **gone).on_conflict_do_nothing())
            still = (keys.c.person == person, keys.c.destroyed_at.is_(None))
            tx.execute(update(keys).where(*still).values(gone))
        if self._sqlite:
            self._empty_log()

    def destroyed(self) -> int:
        """How many there are no more."""
        with self._engine.connect() as tx:
            gone = select(func.count()).where(keys.c.destroyed_at.is_not(None))
            return tx.scalar(gone) or 0

    def unfollowed(self) -> list[str]:
        """Those whose key was destroyed while something derived from their data may be left."""
        waiting = (keys.c.destroyed_at.is_not(None), keys.c.followed_at.is_(None))
        with self._engine.connect() as tx:
            return list(tx.scalars(select(keys.c.person).where(*waiting)))

    def followed(self, persons: Sequence[str], *, at: datetime) -> None:
        with self._engine.begin() as tx:
            for some in _some(persons):
                these = update(keys).where(keys.c.person.in_(some), keys.c.followed_at.is_(None))
                tx.execute(these.values(followed_at=at.astimezone(UTC).isoformat()))

    def close(self) -> None:
        self._engine.dispose()

    def _empty_log(self) -> None:
        """The write-ahead log still has the page as it was before."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
            if tx.scalar(text("PRAGMA wal_checkpoint(TRUNCATE)")) != 0:
                raise TimeoutError("the log of the keys could not be emptied: somebody reads it")


def _found(tx: Connection, persons: Iterable[str]) -> Iterator[Row]:
    for some in _some(persons):
        for row in tx.execute(select(keys).where(keys.c.person.in_(some))):
            yield Row(row.person, row.wrapped, _instant(row.destroyed_at), _instant(row.followed_at))


def _some(persons: Iterable[str]) -> Iterator[Sequence[str]]:
    """Few enough for one statement."""
    rest = list(persons)
    for start in range(0, len(rest), MOST_AT_ONCE):
        yield rest[start : start + MOST_AT_ONCE]


def _instant(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


def _tune_sqlite(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
