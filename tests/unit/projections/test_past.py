"""Boards look back: what was known at a moment stays what it was, and now is what is shown."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from shared.events.seen import Seen
from shared.projections.database import Database, open_database
from shared.projections.lists import Kept
from shared.projections.projection import Cell
from shared.projections.runner import Runner
from shared.projections.tables import causes, cell_log, entities
from tests.unit.projections.histories import PROJECTIONS, histories, readings
from tests.unit.projections.reading import Reader, cells_as_of, cells_in, empty
from tests.unit.projections.sales import (
    DAY,
    FIRST_PURCHASE,
    MORNING,
    opened,
    reassigned,
    reopened,
    repriced,
    sales,
    stream,
    won,
)
from tests.unit.projections.test_any_order import BOUNDED

OF_ONE_STREAM = [projection for projection in PROJECTIONS if projection is not FIRST_PURCHASE]
"""An entity fed by several streams takes their events in no order of time: its past is not kept exactly."""

OPEN = Cell("open", person="wang")
AMOUNT = Cell("open_amount", person="wang")
MONTH = timedelta(days=31)


@pytest.fixture(scope="module")
def used_again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("past")
    database = open_database(f"sqlite:///{path}/read.db")
    with database.connect() as tx:
        tx.connection.dbapi_connection.execute("PRAGMA synchronous=OFF")  # type: ignore[union-attr]  # it is open
    yield database
    database.dispose()


def _read(database: Database, batches: list[list[Seen]]) -> dict[Cell, int]:
    empty(database)
    runner = Runner(database, "test", OF_ONE_STREAM)
    reader = Reader(runner)
    for batch in batches:
        reader.take(*batch)
    return cells_in(database)


@BOUNDED
@given(st.data())
def test_a_past_moment_shows_what_a_board_showed_then_and_later_events_leave_it_so(
    used_again: Database, data: st.DataObject
) -> None:
    history = data.draw(histories())
    events = [seen for stream in history.values() for seen in stream]
    moment = data.draw(st.sampled_from(sorted({seen.recorded_at for seen in events})))
    then = _read(used_again, [[seen for seen in events if seen.recorded_at <= moment]])
    assert cells_as_of(used_again, moment) == then
    now = _read(used_again, data.draw(readings(history)))
    assert cells_as_of(used_again, moment) == then
    assert cells_as_of(used_again, max(seen.recorded_at for seen in events)) == now


def test_a_standing_is_known_for_every_month_of_a_long_history(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    for month in range(14):
        at = MORNING + month * MONTH
        deal = stream(f"deal-{month}", opened(minor=10, at=at), repriced(25))
        reader.take(deal[0], deal[1]._replace(recorded_at=at + timedelta(hours=1)))
    for month in range(14):
        at = MORNING + month * MONTH
        assert cells_as_of(database, at)[AMOUNT] == month * 25 + 10
        assert cells_as_of(database, at + timedelta(days=2))[AMOUNT] == month * 25 + 25
    assert cells_as_of(database, MORNING - timedelta(seconds=1)) == {}


def test_a_moment_before_a_reopening_still_shows_the_win(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    deal = stream("deal-1", opened(), won(), reopened(), reassigned("li"))
    reader.take(*(seen._replace(recorded_at=MORNING + n * MONTH) for n, seen in enumerate(deal)))
    assert cells_as_of(database, MORNING + MONTH) == {
        Cell("won", DAY, "wang"): 1,
        Cell("won_amount", DAY, "wang"): 100,
    }
    assert cells_as_of(database, MORNING + 2 * MONTH) == {OPEN: 1, AMOUNT: 100}
    assert cells_as_of(database, MORNING + 3 * MONTH) == cells_in(database)


def test_a_dated_projection_knows_every_state_its_entities_had(database: Database) -> None:
    dated = sales(dated=True)
    kept = Kept(database, dated)
    deal = stream("deal-1", opened(), reassigned("li"), repriced(7))
    Reader(Runner(database, "test", [dated])).take(
        *(seen._replace(recorded_at=MORNING + n * MONTH) for n, seen in enumerate(deal))
    )
    with database.connect() as tx:
        owners = [
            [(sale.owner, sale.minor) for _, sale in kept.rows(tx, as_of=MORNING + moment)]
            for moment in (-MONTH, timedelta(), MONTH, 2 * MONTH - timedelta(seconds=1), 3 * MONTH)
        ]
    assert owners == [[], [("wang", 100)], [("li", 100)], [("li", 100)], [("li", 7)]]


def test_every_line_of_the_log_names_its_entity_and_the_event_that_caused_it(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    reader.take(*stream("deal-1", opened(), repriced(70)), *stream("deal-2", opened()))
    reader.take(*stream("deal-1", won(), first=2))
    query = (
        select(entities.c.entity, causes.c.event_id, causes.c.type, causes.c.stream, causes.c.revision)
        .join(cell_log, cell_log.c.entity_id == entities.c.id)
        .join(causes, causes.c.id == cell_log.c.cause_id)
        .order_by(cell_log.c.seq)
    )
    with database.connect() as tx:
        found = [tuple(row) for row in tx.execute(query)]
    assert list(dict.fromkeys(found)) == [
        ("deal-1", "deal-1/0", "deal-opened.v1", "deal-1", 0),
        ("deal-1", "deal-1/1", "deal-repriced.v1", "deal-1", 1),
        ("deal-2", "deal-2/0", "deal-opened.v1", "deal-2", 0),
        ("deal-1", "deal-1/2", "deal-won.v1", "deal-1", 2),
    ]
