"""The tables of the queue: no part of any read model, for no log could bring them back."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from shared.table_making import RowKey

metadata: Final = MetaData()

lease: Final = Table(
    "webhook_lease",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("owner", Text, nullable=False),
    Column("term", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)
"""One row: which process sends, in which term of office, and until when unless it says so again."""

readings: Final = Table(
    "webhook_readings",
    metadata,
    Column("webhook", Text, primary_key=True),
    Column("reading", BigInteger, nullable=False),
    Column("paused_until", BigInteger, nullable=False),
)
"""Which reading of a webhook its rows are of, and how long its endpoint is let alone."""

cursors: Final = Table(
    "webhook_cursors",
    metadata,
    Column("webhook", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("offset", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
)
"""The next offset to read, and the store position of the last event that was taken."""

waiting: Final = Table(
    "webhook_waiting",
    metadata,
    Column("id", RowKey, primary_key=True, autoincrement=True),
    Column("webhook", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Index("webhook_waiting_by_webhook", "webhook", "id"),
    sqlite_autoincrement=True,  # who reads on after an id must not miss one that is given again
)
"""Events that were taken and are not delivered; those of one stream in the order of their ids."""

dead: Final = Table(
    "webhook_dead",
    metadata,
    Column("id", RowKey, primary_key=True, autoincrement=True),
    Column("webhook", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("died_at", BigInteger, nullable=False),
    Column("error", Text, nullable=False),
    UniqueConstraint("webhook", "event_id"),
    sqlite_autoincrement=True,
)

attempts: Final = Table(
    "webhook_attempts",
    metadata,
    Column("id", RowKey, primary_key=True, autoincrement=True),
    Column("webhook", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("status", Integer),
    Column("latency_ms", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("error", Text),
    Index("webhook_attempts_by_webhook", "webhook", "id"),
    sqlite_autoincrement=True,
)
"""The log of deliveries; ``error`` is empty where it went well."""
