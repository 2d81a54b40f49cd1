"""Gives a runner events as a source would, and looks at what the database has then."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, func, select

from shared.events.seen import Seen
from shared.projections.database import Database
from shared.projections.past import value_at
from shared.projections.projection import Cell
from shared.projections.runner import Batch, Position, Runner, Source
from shared.projections.tables import cell_log, cells, checkpoints, entities, metadata, parked

TOPIC = Source("baton.customers.events")


@dataclass
class Reader:
    """Reads one source in batches, remembering how far it came."""

    runner: Runner
    source: Source = TOPIC
    at: Position | None = None

    def take(self, *events: Seen) -> None:
        now = Position((self.at.position if self.at else 0) + len(events))
        self.runner.apply([Batch(self.source, events, self.at, now)])
        self.at = now


def empty(database: Database) -> None:
    """Forget everything, as if nothing had been read yet; the log goes on counting."""
    with database.begin() as tx:
        for table in metadata.sorted_tables:
            tx.execute(delete(table))


def latest(database: Database) -> int:
    """The number of the newest line in the cell log."""
    with database.connect() as tx:
        return tx.scalar(select(func.max(cell_log.c.seq))) or 0


PLACE = [cells.c[name] for name in Cell.__struct_fields__]


def cells_in(database: Database) -> dict[Cell, int]:
    """The cells that are not zero."""
    return {cell: value for cell, value in all_cells_in(database).items() if value}


def all_cells_in(database: Database) -> dict[Cell, int]:
    with database.connect() as tx:
        found = tx.execute(select(*PLACE, cells.c.value)).all()
    return {Cell(*place): value for *place, value in found}


def cells_as_of(database: Database, moment: datetime) -> dict[Cell, int]:
    """The cells that were not zero, as they were known at that moment."""
    with database.connect() as tx:
        found = tx.execute(select(*PLACE, value_at(moment))).all()
    return {Cell(*place): int(value) for *place, value in found if value}


def sums_of_log_in(database: Database) -> dict[Cell, int]:
    """For every cell, zero or not, what its log adds up to."""
    query = (
        select(*PLACE, func.coalesce(func.sum(cell_log.c.change), 0))
        .outerjoin(cell_log, cell_log.c.cell_id == cells.c.id)
        .group_by(*PLACE)
    )
    with database.connect() as tx:
        return {Cell(*place): int(value) for *place, value in tx.execute(query).all()}


def log_in(database: Database) -> list[tuple[str, str, int, int]]:
    """Measure, person, recorded at and change of every line."""
    query = (
        select(cells.c.measure, cells.c.person, cell_log.c.recorded_at, cell_log.c.change)
        .join(cells, cells.c.id == cell_log.c.cell_id)
        .order_by(cell_log.c.seq)
    )
    with database.connect() as tx:
        return [(row[0], row[1], row[2], row[3]) for row in tx.execute(query)]


def entities_in(database: Database) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Projection and entity → its state and the revisions taken from its streams."""
    query = select(entities.c.projection, entities.c.entity, entities.c.state, entities.c.revisions)
    with database.connect() as tx:
        return {
            (row.projection, row.entity): (msgspec.json.decode(row.state), msgspec.json.decode(row.revisions))
            for row in tx.execute(query)
        }


def parked_in(database: Database) -> list[tuple[str, int, bool]]:
    """Stream and revision of what is parked, and whether it is what the stream stumbled over."""
    query = select(parked.c.stream, parked.c.revision, parked.c.error).order_by(parked.c.id)
    with database.connect() as tx:
        return [(row.stream, row.revision, row.error is not None) for row in tx.execute(query)]


def sizes(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    with database.connect() as tx:
        return {
            table.name: tx.scalar(select(func.count()).select_from(table)) or 0
            for table in (entities, cells, cell_log, checkpoints, parked)
        }


def together(contributions: Sequence[Any]) -> dict[Cell, int]:
    total: Counter[Cell] = Counter()
    for contribution in contributions:
        total.update(contribution)
    return {cell: value for cell, value in total.items() if value}
