"""How entities and checkpoints are read and written, a batch at a time."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Connection, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.projections.database import micros
from shared.projections.fold import Entity
from shared.projections.many import execute_many, execute_rows
from shared.projections.projection import Projection
from shared.projections.tables import (
    cell_log,
    cell_months,
    cells,
    checkpoints,
    entities,
    entity_index,
    entity_index_spans,
    entity_states,
    names,
    total_shifts,
    totals,
)

_IN_ONE_QUERY: Final = 500
_encode = msgspec.json.Encoder().encode
_revisions = msgspec.json.Decoder(dict[str, int]).decode


def upsert(dialect: str, table: Any) -> Any:
    """An insert that knows ``on_conflict_do_update`` in the database's own dialect."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def move_checkpoint(
    tx: Connection, source: Any, known: Any | None, new: Any, *, reached: datetime | None
) -> bool:
    """Move the source's checkpoint from ``known`` to ``new``; ``False`` when it is not at ``known``."""
    newest = None if reached is None else micros(reached)
    if known is None:
        row = {
            "source": source.name,
            "partition": source.partition,
            "position": new.position,
            "log": new.log,
            "reached_at": newest,
        }
        made = upsert(tx.dialect.name, checkpoints).values(row).on_conflict_do_nothing()
        # of an insert, no driver counts the rows alike
        return tx.scalar(made.returning(checkpoints.c.source)) is not None
    old = {"of": source.name, "part": source.partition, "was": known.position, "was_log": known.log}
    moved = {"now": new.position, "now_log": new.log, "newest": newest}
    return execute_many(tx, _move_checkpoint, [{**old, **moved}]) == 1


def _move_checkpoint(dialect: str) -> Any:
    c = checkpoints.c
    newest = func.coalesce(bindparam("newest", type_=BigInteger), c.reached_at)
    reached = later(dialect, newest, func.coalesce(c.reached_at, newest))
    return (
        update(checkpoints)
        .where(c.source == bindparam("of"), c.partition == bindparam("part"))
        .where(c.position == bindparam("was"), c.log.is_not_distinct_from(bindparam("was_log")))
        .values(position=bindparam("now"), log=bindparam("now_log"), reached_at=reached)
    )


def later(dialect: str, one: Any, other: Any) -> Any:
    return func.greatest(one, other) if dialect == "postgresql" else func.max(one, other)


def earlier(dialect: str, one: Any, other: Any) -> Any:
    return func.least(one, other) if dialect == "postgresql" else func.min(one, other)


_ENTITIES: Final = select(entities.c.id, entities.c.entity, entities.c.revisions, entities.c.state).where(
    entities.c.projection == bindparam("of"), entities.c.entity.in_(bindparam("some", expanding=True))
)
"""Made once: to put it together takes longer than to ask for a few."""


def read_entities(tx: Connection, projection: Projection[Any], keys: Collection[str]) -> Iterator[Entity]:
    """Those of the entities that exist."""
    decode = msgspec.json.Decoder(projection.state).decode
    for some in _pieces(list(keys), _IN_ONE_QUERY):
        for row in tx.execute(_ENTITIES, {"of": projection.name, "some": some}).all():
            state = decode(row.state)
            index = projection.index(state)
            contribution = projection.contribute(state)
            revisions = _revisions(row.revisions)
            yield Entity(projection, row.entity, state, revisions, row.id, contribution, index, index)


def write_entities(tx: Connection, touched: Collection[Entity]) -> None:
    new = [entity for entity in touched if entity.row is None]
    old = [entity for entity in touched if entity.row is not None]
    if new:
        for entity, number in zip(new, next_numbers(tx, entities, len(new)), strict=True):
            entity.row = number
        values = [(e.row, e.projection.name, e.key, _encode(e.revisions), _encode(e.state)) for e in new]
        execute_rows(tx, _insert_entities, ("id", "projection", "entity", "revisions", "state"), values)
    if old:
        newer = [(_encode(e.revisions), _encode(e.state), e.row) for e in old]
        execute_rows(tx, _update_entities, ("taken", "now", "row"), newer)
    _write_index(tx, [e for e in touched if e.index != e.written_index])


def _write_index(tx: Connection, changed: Sequence[Entity]) -> None:
    for some in _pieces([e.row for e in changed if e.written_index], _IN_ONE_QUERY):
        tx.execute(delete(entity_index).where(entity_index.c.entity_id.in_(some)))
    values = [
        {"entity_id": e.row, "projection": e.projection.name, "field": name, "value": value}
        for e in changed
        for name, value in e.index.items()
    ]
    if values:
        execute_many(tx, _insert_index, values)
    for entity in changed:
        entity.written_index = entity.index


def next_numbers(tx: Connection, table: Table, n: int) -> Sequence[int]:
    """So many numbers for new rows of the table that nobody else gets."""
    if tx.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        return tx.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, n))).all()
    last = tx.scalar(_greatest_id(table)) or 0  # nobody else writes until we commit
    return range(last + 1, last + 1 + n)


@cache
def _greatest_id(table: Table) -> Any:
    return select(func.max(table.c.id))


def _insert_entities(_dialect: str) -> Any:
    return insert(entities)


def _insert_index(_dialect: str) -> Any:
    return insert(entity_index)


def drop_projection(tx: Connection, name: str) -> None:
    """Forget everything a projection ever wrote."""
    owned = select(cells.c.id).where(cells.c.projection == name).scalar_subquery()
    added = select(totals.c.id).where(totals.c.projection == name).scalar_subquery()
    kept = select(entities.c.id).where(entities.c.projection == name).scalar_subquery()
    for table in (cell_log, cell_months):
        tx.execute(delete(table).where(table.c.cell_id.in_(owned)))
    tx.execute(delete(total_shifts).where(total_shifts.c.total_id.in_(added)))
    tx.execute(delete(entity_states).where(entity_states.c.entity_id.in_(kept)))
    for table in (cells, names, totals, entity_index, entity_index_spans, entities):
        tx.execute(delete(table).where(table.c.projection == name))


def _update_entities(_dialect: str) -> Any:
    entity = entities.c.id == bindparam("row")
    return update(entities).where(entity).values(revisions=bindparam("taken"), state=bindparam("now"))


def _pieces(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
