"""Totals are what their cells come to, whatever happened in whatever order, now and at any moment."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from shared.projections.database import Database, micros, open_database
from shared.projections.past import from_turn, total_at, total_there_at, value_at
from shared.projections.projection import Cell
from shared.projections.runner import Runner
from shared.projections.tables import cell_log, cells, total_shifts, totals
from shared.projections.totals import A_SHIFT, Total, totals_of
from tests.unit.projections.histories import PROJECTIONS, histories, readings, repeated
from tests.unit.projections.reading import Reader, empty
from tests.unit.projections.sales import MORNING, opened, reassigned, sales, stream, won
from tests.unit.projections.test_any_order import BOUNDED

CELL = [cells.c[name] for name in Cell.__struct_fields__]
TOTAL = [totals.c[name] for name in Total.__struct_fields__]


@pytest.fixture(scope="module")
def used_again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("totals")
    database = open_database(f"sqlite:///{path}/read.db")
    with database.connect() as tx:
        tx.connection.dbapi_connection.execute("PRAGMA synchronous=OFF")  # type: ignore[union-attr]  # it is open
    yield database
    database.dispose()


def _of(cell: Cell) -> list[Total]:
    return [total for total in totals_of(cell) if total is not None]


def _totals(tx: Connection) -> Mapping[Total, tuple[int, int, int]]:
    """Value, first and last change of each."""
    t = totals.c
    found = tx.execute(select(t.value, t.first_at, t.last_at, *TOTAL))
    return {Total(*place): (value, first, last) for value, first, last, *place in found}


def _added_up(tx: Connection) -> Mapping[Total, tuple[int, int, int]]:
    """The same from the cells."""
    parts: dict[Total, list[Any]] = defaultdict(list)
    c = cells.c
    for value, first, last, *place in tx.execute(select(c.value, c.first_at, c.last_at, *CELL)):
        for total in _of(Cell(*place)):
            parts[total].append((value, first, last))
    return {
        total: (sum(it[0] for it in its), min(it[1] for it in its), max(it[2] for it in its))
        for total, its in parts.items()
    }


def _shifts(tx: Connection) -> Mapping[tuple[Total, int], int]:
    d = total_shifts.c
    query = select(d.shift, d.change, *TOTAL).join(totals, totals.c.id == d.total_id)
    return {(Total(*place), day): change for day, change, *place in tx.execute(query)}


def _logged(tx: Connection) -> Mapping[tuple[Total, int], int]:
    """The same from the cell log."""
    found: Counter[tuple[Total, int]] = Counter()
    query = select(cell_log.c.recorded_at, cell_log.c.change, *CELL).join(
        cells, cells.c.id == cell_log.c.cell_id
    )
    for at, change, *place in tx.execute(query):
        found[totals_of(Cell(*place))[0], at // A_SHIFT] += change
    return found


def _at(tx: Connection, moment: datetime) -> dict[Total, int]:
    """What totals that are kept by line held at a moment."""
    found: Counter[Total] = Counter()
    begun = select(total_at(moment), *TOTAL).where(totals.c.kept_by == "line", total_there_at(moment))
    for value, *place in tx.execute(begun):
        found[Total(*place)] += int(value)
    lines, changed = from_turn(moment)
    for change, *place in tx.execute(lines.add_columns(changed, *CELL)):
        found[totals_of(Cell(*place))[0]] += change
    return {total: value for total, value in found.items() if value}


def _cells_at(tx: Connection, moment: datetime) -> dict[Total, int]:
    """The same from the cells."""
    found: Counter[Total] = Counter()
    for value, *place in tx.execute(select(value_at(moment), *CELL)):
        found[totals_of(Cell(*place))[0]] += int(value)
    return {total: value for total, value in found.items() if value}


@BOUNDED
@given(st.data())
def test_every_total_is_the_sum_of_its_cells_and_every_shift_of_its_log(
    used_again: Database, data: st.DataObject
) -> None:
    empty(used_again)
    reader = Reader(Runner(used_again, "test", PROJECTIONS))
    for batch in data.draw(repeated(data.draw(readings(data.draw(histories()))))):
        reader.take(*batch)
    with used_again.connect() as tx:
        assert _totals(tx) == _added_up(tx)
        assert _shifts(tx) == _logged(tx)


@BOUNDED
@given(st.data())
def test_a_total_at_any_moment_is_the_sum_of_its_cells_then(
    used_again: Database, data: st.DataObject
) -> None:
    empty(used_again)
    history = data.draw(histories())
    reader = Reader(Runner(used_again, "test", PROJECTIONS))
    for batch in data.draw(readings(history)):
        reader.take(*batch)
    recorded = sorted({seen.recorded_at for events in history.values() for seen in events})
    moment = (
        data.draw(st.sampled_from(recorded)) + data.draw(st.sampled_from((-1, 0, 1))) * timedelta.resolution
    )
    with used_again.connect() as tx:
        assert _at(tx, moment) == _cells_at(tx, moment)


def test_what_comes_late_is_in_the_total_of_its_own_month(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    deal = stream("deal-1", opened(), won(), reassigned("li"))
    later = MORNING + timedelta(days=200)
    reader.take(*deal[:2], deal[2]._replace(recorded_at=later))
    with database.connect() as tx:
        assert _totals(tx) == _added_up(tx)
        assert _shifts(tx) == _logged(tx)
        won_then = _at(tx, later - timedelta(days=1))
        assert won_then == _at(tx, later) == _cells_at(tx, later)
    shift = micros(later) // A_SHIFT
    with database.connect() as tx:
        moved = [n for (total, on), n in _shifts(tx).items() if on == shift and total.measure == "won"]
    assert moved == [0]


def test_a_projection_takes_its_totals_along(database: Database) -> None:
    Reader(Runner(database, "test", [sales()])).take(*stream("deal-1", opened(), won()))
    Runner(database, "test", [])
    with database.connect() as tx:
        assert _totals(tx) == {}
        assert tx.execute(select(total_shifts)).all() == []
