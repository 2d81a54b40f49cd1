"""How cells, their totals and their log are written, a batch at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter, itemgetter
from typing import Any, Final
from zlib import crc32

import msgspec
from msgspec.structs import astuple
from sqlalchemy import Connection, Table, and_, insert

from shared.projections.database import micros
from shared.projections.fold import Change
from shared.projections.locks import alone
from shared.projections.many import Statement, execute_many, execute_rows
from shared.projections.projection import Cell
from shared.projections.rows import earlier, later, next_numbers, upsert
from shared.projections.tables import causes, cell_log, cell_months, cells, names, total_shifts, totals
from shared.projections.totals import A_SHIFT, Total, month_of_day, totals_of
from shared.traces import sampled

_DAYS_APART: Final = 10
"""Bits of a number that are the same for all cells of a day."""
NAMED: Final = ("line", "product", "department")
_cause = attrgetter("cause")
_encode = msgspec.msgpack.Encoder().encode
_VALUE: Final = ("value", "first_at", "last_at")
OF_CELLS: Final = ("id", "projection", *Cell.__struct_fields__, "month", *_VALUE)
OF_TOTALS: Final = ("id", "projection", *Total.__struct_fields__, *_VALUE)
OF_LOG: Final = ("cell_id", "recorded_at", "change", "entity_id", "cause_id")
OF_CAUSES: Final = ("id", "event_id", "type", "stream", "revision", "occurred_at", "traceparent")


class _Moved:
    """By how much a cell or a total moved, and when first and last."""

    __slots__ = ("first_at", "last_at", "number", "spans", "value")

    def __init__(self, number: int, at: int) -> None:
        self.number = number
        self.value = 0
        self.first_at = self.last_at = at
        self.spans: dict[int, int] = {}
        """By how much in each month of recording, of a standing; in each shift, of a total by line."""

    def add(self, change: int, first_at: int, last_at: int) -> None:
        self.value += change
        self.first_at = min(self.first_at, first_at)
        self.last_at = max(self.last_at, last_at)


class _Moves:
    """Everything that a batch of changes moves."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.cells: dict[Cell, tuple[_Moved, _Moved, _Moved | None]] = {}
        """Each with its totals by line and by person."""
        self.totals: dict[Total, _Moved] = {}
        self.projections: dict[str, str] = {}
        """Measure → the projection that it is of."""
        self.log: list[tuple[int, int, int, int | None, int]] = []
        """Rows of ``OF_LOG``."""
        for change in changes:
            cell, by, cause = change.cell, change.change, change.cause
            at = cause.recorded
            itself, of_line, _ = self.cells.get(cell) or self._begin(change)
            itself.value += by
            if at > itself.last_at:
                itself.last_at = at
            elif at < itself.first_at:
                itself.first_at = at
            shift, shifts = at // A_SHIFT, of_line.spans
            shifts[shift] = shifts.get(shift, 0) + by
            if not cell.day:
                month, months = month_of(cause.seen.recorded_at), itself.spans
                months[month] = months.get(month, 0) + by
            self.log.append((itself.number, at, by, change.entity.row, cause.number))
        for itself, *its_totals in self.cells.values():
            for total in its_totals:
                if total is not None:
                    total.add(itself.value, itself.first_at, itself.last_at)

    def _begin(self, change: Change) -> tuple[_Moved, _Moved, _Moved | None]:
        cell, at = change.cell, change.cause.recorded
        self.projections[cell.measure] = change.entity.projection.name
        itself = _Moved(number_of(cell, cell.day), at)
        of_line, of_person = totals_of(cell)
        person = None if of_person is None else self._total(of_person, at)
        its = (itself, self._total(of_line, at), person)
        self.cells[cell] = its
        return its

    def _total(self, total: Total, at: int) -> _Moved:
        moved = self.totals.get(total)
        if moved is None:
            moved = self.totals[total] = _Moved(number_of(total, total.month), at)
        return moved

    def rows_of_cells(self) -> list[tuple[Any, ...]]:
        return [
            (it.number, self.projections[cell.measure], *astuple(cell), month_of_day(cell.day), *_worth(it))
            for cell, (it, *_) in self.cells.items()
        ]

    def rows_of_totals(self) -> list[tuple[Any, ...]]:
        return [
            (it.number, self.projections[total.measure], *astuple(total), *_worth(it))
            for total, it in self.totals.items()
        ]


def write_cells(tx: Connection, changes: Sequence[Change]) -> None:
    """Add the changes to their cells, making those that are new, and write them into the log.

    The entities that changed are written already.
    """
    if not changes:
        return
    _write_causes(tx, changes)
    moves = _Moves(changes)
    _add(tx, _add_to_cells, OF_CELLS, moves.rows_of_cells())
    months = _spans(itself for itself, *_ in moves.cells.values())
    execute_rows(tx, _add_to_months, ("cell_id", "month", "change"), months)
    alone(tx, cell_log)  # lines are committed in the order of their numbers: who reads on misses none
    execute_rows(tx, _log_changes, OF_LOG, moves.log)
    # totals last: many workers add to the same ones, and wait for who did until that is committed
    _add(tx, _add_to_totals, OF_TOTALS, moves.rows_of_totals())
    execute_rows(tx, _add_to_shifts, ("total_id", "shift", "change"), _spans(moves.totals.values()))
    execute_many(tx, _add_to_names, list(_names(moves)))


def _add(tx: Connection, statement: Any, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    # in the order of their numbers: two workers that lock the same ones must not wait for each other
    rows.sort(key=itemgetter(0))
    if execute_rows(tx, statement, names, rows) != len(rows):
        raise RuntimeError("two cells or totals have the same number; nothing was written")


def _worth(moved: _Moved) -> tuple[int, int, int]:
    return moved.value, moved.first_at, moved.last_at


def _spans(moved: Iterable[_Moved]) -> list[tuple[int, int, int]]:
    return sorted((it.number, at, change) for it in moved for at, change in it.spans.items())


def _names(moves: _Moves) -> Iterator[dict[str, Any]]:
    together: dict[tuple[str, ...], int] = {}
    for cell, (moved, *_) in moves.cells.items():
        key = (moves.projections[cell.measure], cell.line, cell.product, cell.department)
        together[key] = min(together.get(key, moved.first_at), moved.first_at)
    found: dict[tuple[str, str, str], int] = {}
    for (projection, *its), first_at in together.items():
        for dimension, name in zip(NAMED, its, strict=True):
            if name:
                one = (dimension, name, projection)
                found[one] = min(found.get(one, first_at), first_at)
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
    digest = blake2b(_encode(place), digest_size=8).digest()
    return _near(day) | int.from_bytes(digest) >> (1 + _DAYS_APART)


@lru_cache(maxsize=4096)
def _near(day: str) -> int:
    return crc32(day.encode()) >> (32 - _DAYS_APART) << (63 - _DAYS_APART)


def _write_causes(tx: Connection, changes: Sequence[Change]) -> None:
    """Each event once; from here on it has a number."""
    events = dict.fromkeys(map(_cause, changes))
    rows = []
    for cause, number in zip(events, next_numbers(tx, causes, len(events)), strict=True):
        cause.number, seen = number, cause.seen
        trace = seen.traceparent if sampled(seen.traceparent) else None
        occurred = micros(cause.occurred_at)
        rows.append((number, seen.id, seen.type, seen.stream, seen.revision, occurred, trace))
    execute_rows(tx, _insert_causes, OF_CAUSES, rows)


def _insert_causes(_dialect: str) -> Any:
    return insert(causes)


def _add_to_cells(dialect: str) -> Any:
    return _add_to(dialect, cells, Cell.__struct_fields__)


def _add_to_totals(dialect: str) -> Any:
    return _add_to(dialect, totals, Total.__struct_fields__)


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


ADDED: Final[Mapping[Table, Statement]] = {
    cells: _add_to_cells,
    totals: _add_to_totals,
    cell_months: _add_to_months,
    total_shifts: _add_to_shifts,
    names: _add_to_names,
}
"""How a row is added to the one that is there: their numbers are the same in every read model."""
