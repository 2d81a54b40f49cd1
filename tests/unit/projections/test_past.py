"""Boards look back: what was known at a moment stays what it was, and now is what is shown."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from shared.events.seen import Seen
from shared.projections.database import open_database
from shared.projections.lists import Kept
from shared.projections.projection import Cell
from shared.projections.runner import Runner
from shared.projections.tables import causes, cell_log, entities
from tests.unit.projections.histories import PROJECTIONS, histories, readings
from tests.unit.projections.reading import Reader, cells_as_of, cells_in
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
"""An entity fed by several streams takes their events in no order of time, so its past is not kept exactly."""

OPEN = Cell("open", person="wang")
AMOUNT = Cell("open_amount", person="wang")
MONTH = timedelta(days=31)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path: Path = tmp_path_factory.mktemp("past")
    engine = open_database(f"sqlite:///{path}/read.db")
    with engine.connect() as tx:
        tx.connection.dbapi_connection.execute("PRAGMA synchronous=OFF")  # type: ignore[union-attr]  # it is open
    yield engine
    engine.dispose()


def _read(engine: Engine, batches: list[list[Seen]]) -> dict[Cell, int]:
    runner = Runner(engine, "test", OF_ONE_STREAM)
    runner.reset()
    reader = Reader(runner)
    for batch in batches:
        reader.take(*batch)
    return cells_in(engine)


@BOUNDED
@given(st.data())
def test_a_past_moment_shows_what_a_board_showed_then_and_later_events_leave_it_so(
    database: Engine, data: st.DataObject
) -> None:
    history = data.draw(histories())
    events = [seen for stream in history.values() for seen in stream]
    moment = data.draw(st.sampled_from(sorted({seen.recorded_at for seen in events})))
    then = _read(database, [[seen for seen in events if seen.recorded_at <= moment]])
    assert cells_as_of(database, moment) == then
    now = _read(database, data.draw(readings(history)))
    assert cells_as_of(database, moment) == then
    assert cells_as_of(database, max(seen.recorded_at for seen in events)) == now


def test_a_standing_is_known_for_every_month_of_a_long_history(engine: Engine) -> None:
    reader = Reader(Runner(engine, "test", [sales()]))
    for month in range(14):
        at = MORNING + month * MONTH
        deal = stream(f"deal-{month}", opened(minor=10, at=at), repriced(25))
        reader.take(deal[0], deal[1]._replace(recorded_at=at + timedelta(hours=1)))
    for month in range(14):
        at = MORNING + month * MONTH
        assert cells_as_of(engine, at)[AMOUNT] == month * 25 + 10
        assert cells_as_of(engine, at + timedelta(days=2))[AMOUNT] == month * 25 + 25
    assert cells_as_of(engine, MORNING - timedelta(seconds=1)) == {}


def test_a_moment_before_a_reopening_still_shows_the_win(engine: Engine) -> None:
    reader = Reader(Runner(engine, "test", [sales()]))
    deal = stream("deal-1", opened(), won(), reopened(), reassigned("li"))
    reader.take(*(seen._replace(recorded_at=MORNING + n * MONTH) for n, seen in enumerate(deal)))
    assert cells_as_of(engine, MORNING + MONTH) == {
        Cell("won", DAY, "wang"): 1,
        Cell("won_amount", DAY, "wang"): 100,
    }
    assert cells_as_of(engine, MORNING + 2 * MONTH) == {OPEN: 1, AMOUNT: 100}
    assert cells_as_of(engine, MORNING + 3 * MONTH) == cells_in(engine)


def test_a_dated_projection_knows_every_state_its_entities_had(engine: Engine) -> None:
    dated = sales(dated=True)
    kept = Kept(engine, dated)
    deal = stream("deal-1", opened(), reassigned("li"), repriced(7))
    Reader(Runner(engine, "test", [dated])).take(
        *(seen._replace(recorded_at=MORNING + n * MONTH) for n, seen in enumerate(deal))
    )
    with engine.connect() as tx:
        owners = [
            [(sale.owner, sale.minor) for _, sale in kept.rows(tx, as_of=MORNING + moment)]
            for moment in (-MONTH, timedelta(), MONTH, 2 * MONTH - timedelta(seconds=1), 3 * MONTH)
        ]
    assert owners == [[], [("wang", 100)], [("li", 100)], [("li", 100)], [("li", 7)]]


def test_every_line_of_the_log_names_its_entity_and_the_event_that_caused_it(engine: Engine) -> None:
    reader = Reader(Runner(engine, "test", [sales()]))
    reader.take(*stream("deal-1", opened(), repriced(70)), *stream("deal-2", opened()))
    reader.take(*stream("deal-1", won(), first=2))
    query = (
        select(entities.c.entity, causes.c.event_id, causes.c.type, causes.c.stream, causes.c.revision)
        .join(cell_log, cell_log.c.entity_id == entities.c.id)
        .join(causes, causes.c.id == cell_log.c.cause_id)
        .order_by(cell_log.c.seq)
    )
    with engine.connect() as tx:
        found = [tuple(row) for row in tx.execute(query)]
    assert list(dict.fromkeys(found)) == [
        ("deal-1", "deal-1/0", "deal-opened.v1", "deal-1", 0),
        ("deal-1", "deal-1/1", "deal-repriced.v1", "deal-1", 1),
        ("deal-2", "deal-2/0", "deal-opened.v1", "deal-2", 0),
        ("deal-1", "deal-1/2", "deal-won.v1", "deal-1", 2),
    ]
