"""The tables of every read model: entities, cells, totals and their log, causes, checkpoints, parked."""

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
from shared.table_making import RowKey

metadata = MetaData()

DIMENSIONS: Final = tuple(name for name in Cell.__struct_fields__ if name != "bucket")
TOTALLED: Final = ("measure", "month", "person", "line", "currency", "department", "team", "region")


FOR_WRITING: Final = "entity_index_spans_by_entity"
"""The one index that writing needs; the others are for those who read."""


def _moved() -> list[Column[int]]:
    """What something is worth by now, and when its first and its last change were recorded."""
    return [Column(name, BigInteger, nullable=False) for name in ("value", "first_at", "last_at")]


projections = Table(
    "projections",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
)

entities = Table(
    "entities",
    metadata,
    Column("id", RowKey, primary_key=True, autoincrement=True),
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
    Column("id", RowKey, primary_key=True, autoincrement=True),
    Column("entity_id", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Index("entity_states_by_entity", "entity_id", "recorded_at", "id"),
)
"""Every state that an entity of a dated projection ever had."""

entity_index_spans = Table(
    "entity_index_spans",
    metadata,
    Column("id", RowKey, primary_key=True, autoincrement=True),
    Column("entity_id", BigInteger, nullable=False),
    Column("projection", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("length", Integer, nullable=False),
    Index(
        "entity_index_spans_by_value",
        *("projection", "field", "value", "length", "since", "until", "entity_id"),
    ),
    Index(FOR_WRITING, "entity_id", "until"),
)
"""When an entity of a dated projection had which index: from ``since`` on, until before ``until``.

``length`` is the bit length of the span in microseconds: those of one length that were going on at a moment
began not long before it, so that nobody has to look at all that ever began.
"""

cells = Table(
    "cells",
    metadata,
    Column("id", RowKey, primary_key=True, autoincrement=False),
    Column("projection", Text, nullable=False),
    *(Column(name, Text, nullable=False) for name in DIMENSIONS),
    Column("month", Text, nullable=False),
    Column("bucket", BigInteger, nullable=False),
    *_moved(),
    Index(
        "cells_by_measure",
        *("measure", "month", "person", "day", "line", "product", "customer", "currency", "bucket"),
        *("value", "first_at", "last_at"),
    ),
)
"""``month`` is the day's (``2025-03``), empty for a standing. The index has all that boards ask for."""

names = Table(
    "names",
    metadata,
    Column("dimension", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("projection", Text, primary_key=True),
    Column("first_at", BigInteger, nullable=False),
)
"""The lines, products and departments that cells are about, and since when."""

totals = Table(
    "totals",
    metadata,
    Column("id", RowKey, primary_key=True, autoincrement=False),
    Column("projection", Text, nullable=False),
    Column("kept_by", Text, nullable=False),
    *(Column(name, Text, nullable=False) for name in TOTALLED),
    Column("known", Boolean, nullable=False),
    Column("bucket", BigInteger, nullable=False),
    *_moved(),
    Index(
        "totals_by_measure",
        *("kept_by", "measure", "month", "person", "line", "currency", "known", "bucket"),
        *("value", "first_at", "last_at", "department", "team", "region", "id"),
    ),
)
"""What the cells of a month come to; see ``totals.py``."""

total_shifts = Table(
    "total_shifts",
    metadata,
    Column("total_id", BigInteger, primary_key=True, autoincrement=False),
    Column("shift", Integer, primary_key=True, autoincrement=False),
    Column("change", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""What each shift of recording (six hours, counted since 1970) changed a total that is kept by line."""

cell_log = Table(
    "cell_log",
    metadata,
    Column("seq", RowKey, primary_key=True, autoincrement=True),
    Column("cell_id", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Column("entity_id", BigInteger, nullable=False),
    Column("cause_id", BigInteger, nullable=False),
    Index("cell_log_by_cell", "cell_id", "recorded_at", "change", "entity_id"),
    Index("cell_log_by_time", "recorded_at", "cell_id", "change"),
    sqlite_autoincrement=True,  # the number of a line that is gone is never given again
)

cell_months = Table(
    "cell_months",
    metadata,
    Column("cell_id", BigInteger, primary_key=True, autoincrement=False),
    Column("month", Integer, primary_key=True, autoincrement=False),
    Column("change", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""What each month of recording changed a standing: its log is as long as history."""

causes = Table(
    "causes",
    metadata,
    Column("id", RowKey, primary_key=True, autoincrement=True),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    Column("traceparent", Text),
)
"""The events that changed a cell, and the trace of those that are traced."""

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
    Column("id", RowKey, primary_key=True, autoincrement=True),
    Column("stream", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("traceparent", Text),
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

FOR_READERS: Final = tuple(
    index for table in metadata.sorted_tables for index in table.indexes if index.name != FOR_WRITING
)
"""The indexes that writing has no use for: they are made fastest when everything is written."""
