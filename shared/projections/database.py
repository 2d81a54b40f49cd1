"""Opens a read-model database: SQLite embedded, PostgreSQL by URL."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, func, make_url, select

from shared.projections.tables import metadata

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

_MAKING_TABLES: Final = 0xBA70


def open_database(url: str) -> Engine:
    """An engine with all tables made; ``sqlite:///path`` or ``postgresql+psycopg://…``."""
    parsed = make_url(url)
    engine = create_engine(parsed)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin)
    with engine.begin() as tx:
        if tx.dialect.name == "postgresql":  # workers that start together make the tables one after the other
            tx.execute(select(func.pg_advisory_xact_lock(_MAKING_TABLES)))
        metadata.create_all(tx)
    return engine


def micros(at: datetime) -> int:
    """Microseconds since 1970, exact."""
    return (at - EPOCH) // MICROSECOND


def instant(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


def _tune_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, below
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
