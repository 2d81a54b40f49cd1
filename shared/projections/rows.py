"""How entities, cells and checkpoints are read and written, a batch at a time."""

from collections.abc import Collection, Iterator, Sequence
from hashlib import blake2b
from operator import itemgetter
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.projections.database import micros
from shared.projections.fold import Change, Entity
from shared.projections.many import execute_many
from shared.projections.projection import Cell, Projection
from shared.projections.tables import (
    DIMENSIONS,
    cell_log,
    cells,
    checkpoints,
    entities,
    entity_index,
)

_IN_ONE_QUERY: Final = 500
_PLACE: Final = (*DIMENSIONS, "bucket")
_encode = msgspec.json.Encoder().encode
_revisions = msgspec.json.Decoder(dict[str, int]).decode


def upsert(dialect: str, table: Any) -> Any:
    """An insert that knows ``on_conflict_do_update`` in the database's own dialect."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def move_checkpoint(tx: Connection, source: Any, known: Any | None, new: Any) -> bool:
    """Move the source's checkpoint from ``known`` to ``new``; ``False`` when it is not at ``known``."""
    row = {"source": source.name, "partition": source.partition, "position": new.position, "log": new.log}
    if known is None:
        made = upsert(tx.dialect.name, checkpoints).values(row).on_conflict_do_nothing()
        # of an insert, no driver counts the rows alike
        return tx.scalar(made.returning(checkpoints.c.source)) is not None
    old = {"of": source.name, "part": source.partition, "was": known.position, "was_log": known.log}
    return execute_many(tx, _move_checkpoint, [{**old, "now": new.position, "now_log": new.log}]) == 1


def _move_checkpoint(_dialect: str) -> Any:
    c = checkpoints.c
    return (
        update(checkpoints)
        .where(c.source == bindparam("of"), c.partition == bindparam("part"))
        .where(c.position == bindparam("was"), c.log.is_not_distinct_from(bindparam("was_log")))
        .values(position=bindparam("now"), log=bindparam("now_log"))
    )


def read_entities(tx: Connection, projection: Projection[Any], keys: Collection[str]) -> Iterator[Entity]:
    """Those of the entities that exist."""
    decode = msgspec.json.Decoder(projection.state).decode
    for some in _pieces(list(keys), _IN_ONE_QUERY):
        found = tx.execute(
            select(entities.c.id, entities.c.entity, entities.c.revisions, entities.c.state).where(
                entities.c.projection == projection.name, entities.c.entity.in_(some)
            )
        )
        for row in found.all():
            state = decode(row.state)
            index = projection.index(state)
            contribution = projection.contribute(state)
            revisions = _revisions(row.revisions)
            yield Entity(projection, row.entity, state, revisions, row.id, contribution, index, index)


def write_entities(tx: Connection, touched: Collection[Entity]) -> None:
    new = [entity for entity in touched if entity.row is None]
    old = [entity for entity in touched if entity.row is not None]
    if new:
        values = [
            {
                "projection": e.projection.name,
                "entity": e.key,
                "revisions": _encode(e.revisions),
                "state": _encode(e.state),
            }
            for e in new
        ]
        made = tx.execute(insert(entities).returning(entities.c.id, sort_by_parameter_order=True), values)
        for entity, row in zip(new, made.all(), strict=True):
            entity.row = row.id
    if old:
        newer = [{"row": e.row, "taken": _encode(e.revisions), "now": _encode(e.state)} for e in old]
        execute_many(tx, _update_entities, newer)
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


def _insert_index(_dialect: str) -> Any:
    return insert(entity_index)


def write_cells(tx: Connection, changes: Sequence[Change]) -> None:
    """Add the changes to their cells, making those that are new, and write them into the log."""
    if not changes:
        return
    sums: dict[Cell, int] = {}
    owners: dict[Cell, str] = {}
    for change in changes:
        sums[change.cell] = sums.get(change.cell, 0) + change.change
        owners[change.cell] = change.projection
    ids = {cell: number_of(cell) for cell in sums}
    values = [
        {"id": ids[cell], "projection": owners[cell], **cell._asdict(), "value": value}
        for cell, value in sums.items()
    ]
    # in the order of their numbers: two workers that lock the same cells must not wait for each other
    values.sort(key=itemgetter("id"))
    if execute_many(tx, _add_to_cells, values) != len(values):
        raise RuntimeError("two cells have the same number; nothing was written")
    log = [
        {"cell_id": ids[c.cell], "recorded_at": micros(c.recorded_at), "change": c.change} for c in changes
    ]
    execute_many(tx, _log_changes, log)


def number_of(cell: Cell) -> int:
    """The number a cell has in every database: made from its place, so that nobody has to look it up."""
    digest = blake2b(repr(tuple(cell)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def _add_to_cells(dialect: str) -> Any:
    made = upsert(dialect, cells)
    same = [cells.c[name] == made.excluded[name] for name in _PLACE]
    return made.on_conflict_do_update(
        index_elements=[cells.c.id],
        set_={"value": cells.c.value + made.excluded.value},
        where=and_(*same),
    )


def _log_changes(_dialect: str) -> Any:
    return insert(cell_log)


def drop_projection(tx: Connection, name: str) -> None:
    """Forget everything a projection ever wrote."""
    owned = select(cells.c.id).where(cells.c.projection == name).scalar_subquery()
    tx.execute(delete(cell_log).where(cell_log.c.cell_id.in_(owned)))
    for table in (cells, entity_index, entities):
        tx.execute(delete(table).where(table.c.projection == name))


def _update_entities(_dialect: str) -> Any:
    entity = entities.c.id == bindparam("row")
    return update(entities).where(entity).values(revisions=bindparam("taken"), state=bindparam("now"))


def _pieces(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
