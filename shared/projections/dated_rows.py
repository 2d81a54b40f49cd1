"""How the past of dated projections is written: the states their entities had, and when which index."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from shared.projections.database import micros
from shared.projections.fold import Dated
from shared.projections.many import execute_many
from shared.projections.tables import entity_index_spans, entity_states

FOREVER: Final = 2**62
ENDLESS: Final = FOREVER.bit_length()
"""The length of spans that are not over."""
_IN_ONE_QUERY: Final = 500
_encode = msgspec.json.Encoder().encode

_Of = tuple[int, str]
"""An entity's row and a field of its index."""


def write_states(tx: Connection, states: Sequence[Dated]) -> None:
    """Keep these states, in the order they came; their entities are written already."""
    values = [
        {"entity_id": s.entity.row, "recorded_at": micros(s.recorded_at), "state": _encode(s.state)}
        for s in states
    ]
    execute_many(tx, _insert_states, values)
    _write_spans(tx, states)


def _write_spans(tx: Connection, states: Sequence[Dated]) -> None:
    going_on: dict[_Of, dict[str, Any]] = {}
    ended: list[dict[str, Any]] = []
    before = _going_on(tx, [s.entity.row for s in states if s.before and s.before != s.fields])
    for state in states:
        at = micros(state.recorded_at)
        for field, value in _changed(state):
            of = (state.entity.row or 0, field)
            if (last := going_on.pop(of, None)) or (last := before.pop(of, None)):
                ended.append({**last, "until": at, "length": length(at - last["since"])})
            if value is not None:
                going_on[of] = _span(state, field, value, at)
    execute_many(tx, _end_spans, [_only(it, "row", "until", "length") for it in ended if "row" in it])
    made = [it for it in (*ended, *going_on.values()) if "row" not in it and it["until"] > it["since"]]
    execute_many(tx, _insert_spans, made)


def length(microseconds: int) -> int:
    return max(0, microseconds).bit_length()


def _changed(state: Dated) -> Iterator[tuple[str, str | None]]:
    """Each field of its index that is another now; ``None`` when there is none any more."""
    for field in (*state.fields, *(field for field in state.before if field not in state.fields)):
        if state.fields.get(field) != state.before.get(field):
            yield field, state.fields.get(field)


def _span(state: Dated, field: str, value: str, since: int) -> dict[str, Any]:
    return {
        "entity_id": state.entity.row,
        "projection": state.entity.projection.name,
        "field": field,
        "value": value,
        "since": since,
        "until": FOREVER,
        "length": ENDLESS,
    }


def _going_on(tx: Connection, entity_rows: Sequence[int | None]) -> dict[_Of, dict[str, Any]]:
    s = entity_index_spans.c
    found: dict[_Of, dict[str, Any]] = {}
    for start in range(0, len(entity_rows), _IN_ONE_QUERY):
        some = entity_rows[start : start + _IN_ONE_QUERY]
        query = select(s.id, s.entity_id, s.field, s.since).where(s.entity_id.in_(some), s.until == FOREVER)
        found |= {(it.entity_id, it.field): {"row": it.id, "since": it.since} for it in tx.execute(query)}
    return found


def _only(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _insert_states(_dialect: str) -> Any:
    return insert(entity_states)


def _insert_spans(_dialect: str) -> Any:
    return insert(entity_index_spans)


def _end_spans(_dialect: str) -> Any:
    s = entity_index_spans.c
    ended = update(entity_index_spans).where(s.id == bindparam("row"))
    return ended.values(until=bindparam("until"), length=bindparam("length"))
