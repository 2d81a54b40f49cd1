"""How entities, cells and checkpoints are read and written, a batch at a time."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from operator import itemgetter
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Connection, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.projections.database import micros
from shared.projections.fold import Change, Dated, Entity
from shared.projections.many import execute_many
from shared.projections.projection import Cell, Projection
from shared.projections.tables import (
    DIMENSIONS,
    causes,
    cell_log,
    cell_months,
    cells,
    checkpoints,
    entities,
    entity_index,
    entity_states,
)

_IN_ONE_QUERY: Final = 500
_PLACE: Final = (*DIMENSIONS, "bucket")
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
    reached = _later(dialect, newest, func.coalesce(c.reached_at, newest))
    return (
        update(checkpoints)
        .where(c.source == bindparam("of"), c.partition == bindparam("part"))
        .where(c.position == bindparam("was"), c.log.is_not_distinct_from(bindparam("was_log")))
        .values(position=bindparam("now"), log=bindparam("now_log"), reached_at=reached)
    )


def _later(dialect: str, one: Any, other: Any) -> Any:
    return func.greatest(one, other) if dialect == "postgresql" else func.max(one, other)


def _earlier(dialect: str, one: Any, other: Any) -> Any:
    return func.least(one, other) if dialect == "postgresql" else func.min(one, other)


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


def write_states(tx: Connection, states: Sequence[Dated]) -> None:
    """Keep these states; their entities are written already."""
    values = [
        {"entity_id": s.entity.row, "recorded_at": micros(s.recorded_at), "state": _encode(s.state)}
        for s in states
    ]
    execute_many(tx, _insert_states, values)


def _insert_states(_dialect: str) -> Any:
    return insert(entity_states)


def write_cells(tx: Connection, changes: Sequence[Change]) -> None:
    """Add the changes to their cells, making those that are new, and write them into the log.

    The entities that changed are written already.
    """
    if not changes:
        return
    moments = {id(change.seen): micros(change.seen.recorded_at) for change in changes}
    moved: dict[Cell, dict[str, Any]] = {}
    months: dict[tuple[int, int], int] = {}
    for change in changes:
        at = moments[id(change.seen)]
        row = moved.get(change.cell)
        if row is None:
            moved[change.cell] = row = {
                "id": number_of(change.cell),
                "projection": change.entity.projection.name,
                **change.cell._asdict(),
                "value": 0,
                "first_at": at,
                "last_at": at,
            }
        row["value"] += change.change
        row["first_at"], row["last_at"] = min(row["first_at"], at), max(row["last_at"], at)
        if not change.cell.day:
            place = (row["id"], month_of(change.seen.recorded_at))
            months[place] = months.get(place, 0) + change.change
    # in the order of their numbers: two workers that lock the same cells must not wait for each other
    values = sorted(moved.values(), key=itemgetter("id"))
    if execute_many(tx, _add_to_cells, values) != len(values):
        raise RuntimeError("two cells have the same number; nothing was written")
    execute_many(
        tx,
        _add_to_months,
        [{"cell_id": cell, "month": month, "change": months[cell, month]} for cell, month in sorted(months)],
    )
    caused = _write_causes(tx, changes)
    log = [
        {
            "cell_id": moved[change.cell]["id"],
            "recorded_at": moments[id(change.seen)],
            "change": change.change,
            "entity_id": change.entity.row,
            "cause_id": caused[id(change.seen)],
        }
        for change in changes
    ]
    execute_many(tx, _log_changes, log)


def month_of(recorded_at: datetime) -> int:
    """The month of recording, such as 202503 (UTC)."""
    return recorded_at.year * 100 + recorded_at.month


def _write_causes(tx: Connection, changes: Sequence[Change]) -> dict[int, int]:
    """Each event once; its number by the identity of what was seen."""
    events = {id(change.seen): change for change in changes}
    numbers = dict(zip(events, _numbers(tx, len(events)), strict=True))
    values = [
        {
            "id": numbers[key],
            "event_id": change.seen.id,
            "type": change.seen.type,
            "stream": change.seen.stream,
            "revision": change.seen.revision,
            "occurred_at": micros(change.occurred_at),
        }
        for key, change in events.items()
    ]
    execute_many(tx, _insert_causes, values)
    return numbers


def _numbers(tx: Connection, n: int) -> Sequence[int]:
    """So many numbers for causes that nobody else gets."""
    if tx.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence("causes", "id")
        return tx.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, n))).all()
    last = tx.scalar(select(func.max(causes.c.id))) or 0  # nobody else writes until we commit
    return range(last + 1, last + 1 + n)


def _insert_causes(_dialect: str) -> Any:
    return insert(causes)


def number_of(cell: Cell) -> int:
    """The number a cell has in every database: made from its place, so that nobody has to look it up."""
    digest = blake2b(repr(tuple(cell)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def _add_to_cells(dialect: str) -> Any:
    made = upsert(dialect, cells)
    same = [cells.c[name] == made.excluded[name] for name in _PLACE]
    return made.on_conflict_do_update(
        index_elements=[cells.c.id],
        set_={
            "value": cells.c.value + made.excluded.value,
            "first_at": _earlier(dialect, cells.c.first_at, made.excluded.first_at),
            "last_at": _later(dialect, cells.c.last_at, made.excluded.last_at),
        },
        where=and_(*same),
    )


def _add_to_months(dialect: str) -> Any:
    made = upsert(dialect, cell_months)
    return made.on_conflict_do_update(
        index_elements=[cell_months.c.cell_id, cell_months.c.month],
        set_={"change": cell_months.c.change + made.excluded.change},
    )


def _log_changes(_dialect: str) -> Any:
    return insert(cell_log)


def drop_projection(tx: Connection, name: str) -> None:
    """Forget everything a projection ever wrote."""
    owned = select(cells.c.id).where(cells.c.projection == name).scalar_subquery()
    kept = select(entities.c.id).where(entities.c.projection == name).scalar_subquery()
    for table in (cell_log, cell_months):
        tx.execute(delete(table).where(table.c.cell_id.in_(owned)))
    tx.execute(delete(entity_states).where(entity_states.c.entity_id.in_(kept)))
    for table in (cells, entity_index, entities):
        tx.execute(delete(table).where(table.c.projection == name))


def _update_entities(_dialect: str) -> Any:
    entity = entities.c.id == bindparam("row")
    return update(entities).where(entity).values(revisions=bindparam("taken"), state=bindparam("now"))


def _pieces(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
