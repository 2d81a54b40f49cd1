"""How cells, their totals and their log are written, a batch at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final
from zlib import crc32

from sqlalchemy import Connection, Table, and_, func, insert, select

from shared.projections.database import micros
from shared.projections.fold import Change
from shared.projections.many import execute_many
from shared.projections.projection import Cell
from shared.projections.rows import earlier, later, upsert
from shared.projections.tables import causes, cell_log, cell_months, cells, names, total_shifts, totals
from shared.projections.totals import A_SHIFT, Total, by_line, by_person, month_of_day

_DAYS_APART: Final = 10
"""Bits of a number that are the same for all cells of a day."""
NAMED: Final = ("line", "product", "department")


@dataclass(slots=True)
class _Moved:
    """By how much a cell or a total moved, and when first and last."""

    number: int
    projection: str
    place: Cell | Total
    first_at: int
    last_at: int
    value: int = 0


class _Moves:
    """Everything that a batch of changes moves."""

    def __init__(self) -> None:
        self.cells: dict[Cell, tuple[_Moved, ...]] = {}
        """Each with its totals, the one by line first."""
        self.totals: dict[Total, _Moved] = {}
        self.shifts: dict[tuple[int, int], int] = {}
        self.months: dict[tuple[int, int], int] = {}

    def add(self, change: Change, at: int) -> None:
        moved = self.cells.get(change.cell)
        if moved is None:
            moved = self.cells[change.cell] = self._begin(change, at)
        for one in moved:
            one.value += change.change
            if at < one.first_at:
                one.first_at = at
            elif at > one.last_at:
                one.last_at = at
        shift = (moved[1].number, at // A_SHIFT)
        self.shifts[shift] = self.shifts.get(shift, 0) + change.change
        if not change.cell.day:
            month = (moved[0].number, month_of(change.seen.recorded_at))
            self.months[month] = self.months.get(month, 0) + change.change

    def _begin(self, change: Change, at: int) -> tuple[_Moved, ...]:
        cell, projection = change.cell, change.entity.projection.name
        moved = [_Moved(number_of(cell, cell.day), projection, cell, at, at)]
        for total in (by_line(cell), by_person(cell)):
            if total is not None:
                its = self.totals.get(total)
                if its is None:
                    number = number_of(total, total.month)
                    its = self.totals[total] = _Moved(number, projection, total, at, at)
                moved.append(its)
        return tuple(moved)


def write_cells(tx: Connection, changes: Sequence[Change]) -> None:
    """Add the changes to their cells, making those that are new, and write them into the log.

    The entities that changed are written already.
    """
    if not changes:
        return
    moments = {id(change.seen): micros(change.seen.recorded_at) for change in changes}
    moves = _Moves()
    for change in changes:
        moves.add(change, moments[id(change.seen)])
    _add(tx, _add_to_cells, (moved[0] for moved in moves.cells.values()))
    execute_many(tx, _add_to_months, _rows("cell_id", "month", moves.months))
    caused = _write_causes(tx, changes)
    log = [
        {
            "cell_id": moves.cells[change.cell][0].number,
            "recorded_at": moments[id(change.seen)],
            "change": change.change,
            "entity_id": change.entity.row,
            "cause_id": caused[id(change.seen)],
        }
        for change in changes
    ]
    execute_many(tx, _log_changes, log)
    # totals last: many workers add to the same ones, and wait for who did until that is committed
    _add(tx, _add_to_totals, moves.totals.values())
    execute_many(tx, _add_to_shifts, _rows("total_id", "shift", moves.shifts))
    execute_many(tx, _add_to_names, list(_names(moves.cells.values())))


def _add(tx: Connection, statement: Any, moved: Iterable[_Moved]) -> None:
    # in the order of their numbers: two workers that lock the same ones must not wait for each other
    values = [_row(one) for one in sorted(moved, key=_by_number)]
    if execute_many(tx, statement, values) != len(values):
        raise RuntimeError("two cells or totals have the same number; nothing was written")


def _by_number(moved: _Moved) -> int:
    return moved.number


def _row(moved: _Moved) -> dict[str, Any]:
    place = moved.place
    row: dict[str, Any] = {"id": moved.number, "projection": moved.projection, **place._asdict()}
    if isinstance(place, Cell):
        row["month"] = month_of_day(place.day)
    return row | {"value": moved.value, "first_at": moved.first_at, "last_at": moved.last_at}


def _rows(of: str, when: str, changes: Mapping[tuple[int, int], int]) -> list[dict[str, int]]:
    return [{of: number, when: at, "change": changes[number, at]} for number, at in sorted(changes)]


def _names(moved: Iterable[tuple[_Moved, ...]]) -> Iterator[dict[str, Any]]:
    found: dict[tuple[str, str, str], int] = {}
    for cell, *_ in moved:
        for dimension in NAMED:
            if name := getattr(cell.place, dimension):
                key = (dimension, name, cell.projection)
                found[key] = min(found.get(key, cell.first_at), cell.first_at)
    for dimension, name, projection in sorted(found):
        first_at = found[dimension, name, projection]
        yield {"dimension": dimension, "name": name, "projection": projection, "first_at": first_at}


def month_of(recorded_at: datetime) -> int:
    """The month of recording, such as 202503 (UTC)."""
    return recorded_at.year * 100 + recorded_at.month


def number_of(place: Cell | Total, day: str) -> int:
    """The number a cell has in every database: made from its place, so that nobody has to look it up.

    Those of one day are neighbours: what is written together lies together.
    """
    digest = blake2b(repr(tuple(place)).encode(), digest_size=8).digest()
    near = crc32(day.encode()) >> (32 - _DAYS_APART)
    return near << (63 - _DAYS_APART) | int.from_bytes(digest) >> (1 + _DAYS_APART)


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


def _add_to_cells(dialect: str) -> Any:
    return _add_to(dialect, cells, Cell._fields)


def _add_to_totals(dialect: str) -> Any:
    return _add_to(dialect, totals, Total._fields)


def _add_to(dialect: str, table: Table, place: Sequence[str]) -> Any:
    made = upsert(dialect, table)
    there = table.c
    return made.on_conflict_do_update(
        index_elements=[there.id],
        set_={
            "value": there.value + made.excluded.value,
            "first_at": earlier(dialect, there.first_at, made.excluded.first_at),
            "last_at": later(dialect, there.last_at, made.excluded.last_at),
        },
        where=and_(*(there[name] == made.excluded[name] for name in place)),
    )


def _add_to_months(dialect: str) -> Any:
    return _add_change(dialect, cell_months)


def _add_to_shifts(dialect: str) -> Any:
    return _add_change(dialect, total_shifts)


def _add_change(dialect: str, table: Table) -> Any:
    made = upsert(dialect, table)
    changed = {"change": table.c.change + made.excluded.change}
    return made.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)


def _add_to_names(dialect: str) -> Any:
    made = upsert(dialect, names)
    first_at = earlier(dialect, names.c.first_at, made.excluded.first_at)
    return made.on_conflict_do_update(index_elements=list(names.primary_key), set_={"first_at": first_at})


def _log_changes(_dialect: str) -> Any:
    return insert(cell_log)
