"""The tables of every read model: entities, cells and their log, causes, checkpoints and parked records."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from shared.projections.projection import Cell

metadata = MetaData()

_Key = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column that is called INTEGER."""

DIMENSIONS: Final = tuple(name for name in Cell._fields if name != "bucket")

projections = Table(
    "projections",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
)

entities = Table(
    "entities",
    metadata,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("projection", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("revisions", LargeBinary, nullable=False),
    Column("state", LargeBinary, nullable=False),
    UniqueConstraint("projection", "entity"),
)

entity_index = Table(
    "entity_index",
    metadata,
    Column("entity_id", BigInteger, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("projection", Text, nullable=False),
    Column("value", Text, nullable=False),
    Index("entity_index_by_value", "projection", "field", "value", "entity_id"),
)

entity_states = Table(
    "entity_states",
    metadata,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("entity_id", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Index("entity_states_by_entity", "entity_id", "recorded_at", "id"),
)
"""Every state that an entity of a dated projection ever had."""

cells = Table(
    "cells",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("projection", Text, nullable=False),
    *(Column(name, Text, nullable=False) for name in DIMENSIONS),
    Column("bucket", BigInteger, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Index("cells_by_measure", "measure", "day"),
)
"""``first_at`` and ``last_at`` say when its first and its last change were recorded."""

cell_log = Table(
    "cell_log",
    metadata,
    Column("seq", _Key, primary_key=True, autoincrement=True),
    Column("cell_id", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Column("entity_id", BigInteger, nullable=False),
    Column("cause_id", BigInteger, nullable=False),
    Index("cell_log_by_cell", "cell_id", "recorded_at"),
    sqlite_autoincrement=True,  # the number of a line that is gone is never given again
)

cell_months = Table(
    "cell_months",
    metadata,
    Column("cell_id", BigInteger, primary_key=True, autoincrement=False),
    Column("month", Integer, primary_key=True, autoincrement=False),
    Column("change", BigInteger, nullable=False),
)
"""What each month of recording changed a standing: its log is as long as history."""

causes = Table(
    "causes",
    metadata,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
)
"""The events that changed a cell."""

served = Table("served", metadata, Column("after", BigInteger, primary_key=True, autoincrement=False))
"""One row once a read model that was built beside another has taken its place; see ``served.py``."""

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("source", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("log", Text),
    Column("reached_at", BigInteger),
)
"""``reached_at``: when the newest event that was taken from there was recorded."""

parked = Table(
    "parked",
    metadata,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("stream", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("error", Text),
    Column("parked_at", BigInteger, nullable=False),
    Column("announced", Boolean, nullable=False, default=False),
    UniqueConstraint("stream", "event_id"),
)

dropped = Table(
    "dropped",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
)
"""Events that a redrive left out: a rebuild leaves them out too, as long as they cannot be taken."""
