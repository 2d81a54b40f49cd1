"""How entities, cells and checkpoints are read and written, a batch at a time."""

from collections.abc import Collection, Iterator, MutableMapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Insert, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.projections.database import micros
from shared.projections.fold import Change, Entity
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
_encode = msgspec.json.Encoder().encode
_revisions = msgspec.json.Decoder(dict[str, int]).decode


def upsert(tx: Connection, table: Any) -> Any:
    """An insert that knows ``on_conflict_do_update`` in the database's own dialect."""
    return (postgresql if tx.dialect.name == "postgresql" else sqlite).insert(table)


def move_checkpoint(tx: Connection, source: Any, known: Any | None, new: Any) -> bool:
    """Move the source's checkpoint from ``known`` to ``new``; ``False`` when it is not at ``known``."""
    c = checkpoints.c
    values = {"position": new.position, "log": new.log}
    if known is None:
        row = {"source": source.name, "partition": source.partition, **values}
        made = upsert(tx, checkpoints).values(row).on_conflict_do_nothing().returning(c.source)
        return tx.scalar(made) is not None  # of an insert, no driver counts the rows alike
    moved = tx.execute(
        update(checkpoints)
        .where(c.source == source.name, c.partition == source.partition)
        .where(c.position == known.position, c.log.is_not_distinct_from(known.log))
        .values(values)
    )
    return moved.rowcount == 1


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
        tx.execute(_UPDATE_ENTITY, newer)
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
        tx.execute(insert(entity_index), values)
    for entity in changed:
        entity.written_index = entity.index


def write_cells(tx: Connection, changes: Sequence[Change], ids: MutableMapping[Cell, int]) -> None:
    """Add the changes to the cells and to the log, making the cells that are new; ``ids`` is a cache."""
    if not changes:
        return
    owners = {change.cell: change.projection for change in changes}
    _find_cells(tx, [cell for cell in owners if cell not in ids], ids)
    made = sorted(cell for cell in owners if cell not in ids)
    if made:
        values = [{**cell._asdict(), "projection": owners[cell], "value": 0} for cell in made]
        tx.execute(_make_cell(tx), values)
        _find_cells(tx, made, ids)
    sums: dict[int, int] = {}
    for change in changes:
        cell_id = ids[change.cell]
        sums[cell_id] = sums.get(cell_id, 0) + change.change
    # in the order of their numbers: two workers that lock the same cells must not wait for each other
    tx.execute(_ADD_TO_CELL, [{"row": cell_id, "change": change} for cell_id, change in sorted(sums.items())])
    tx.execute(
        insert(cell_log),
        [{"cell_id": ids[c.cell], "recorded_at": micros(c.recorded_at), "change": c.change} for c in changes],
    )


def drop_projection(tx: Connection, name: str) -> None:
    """Forget everything a projection ever wrote."""
    owned = select(cells.c.id).where(cells.c.projection == name).scalar_subquery()
    tx.execute(delete(cell_log).where(cell_log.c.cell_id.in_(owned)))
    for table in (cells, entity_index, entities):
        tx.execute(delete(table).where(table.c.projection == name))


_UPDATE_ENTITY: Final = (
    update(entities)
    .where(entities.c.id == bindparam("row"))
    .values(revisions=bindparam("taken"), state=bindparam("now"))
)
_ADD_TO_CELL: Final = (
    update(cells).where(cells.c.id == bindparam("row")).values(value=cells.c.value + bindparam("change"))
)
_PLACE: Final = tuple(cells.c[name] for name in (*DIMENSIONS, "bucket"))


def _make_cell(tx: Connection) -> Insert:
    made: Insert = upsert(tx, cells).on_conflict_do_nothing()
    return made


def _find_cells(tx: Connection, wanted: Sequence[Cell], ids: MutableMapping[Cell, int]) -> None:
    for some in _pieces(wanted, _IN_ONE_QUERY // len(_PLACE)):
        found = tx.execute(select(cells.c.id, *_PLACE).where(tuple_(*_PLACE).in_([_place(c) for c in some])))
        for row_id, *place in found.all():
            ids[Cell(**dict(zip((*DIMENSIONS, "bucket"), place, strict=True)))] = row_id


def _place(cell: Cell) -> tuple[Any, ...]:
    return tuple(getattr(cell, name) for name in (*DIMENSIONS, "bucket"))


def _pieces(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
