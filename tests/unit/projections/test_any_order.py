"""Whatever the order between streams, the batches and the repeats: the read model ends the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from shared.events.seen import Seen
from shared.projections.database import open_database
from shared.projections.projection import Cell, Projection
from shared.projections.runner import Runner
from shared.projections.tables import entities
from tests.unit.projections.histories import PROJECTIONS, histories, readings, repeated
from tests.unit.projections.reading import (
    Reader,
    all_cells_in,
    cells_in,
    entities_in,
    parked_in,
    sums_of_log_in,
    together,
)

BOUNDED: Final = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

Model = tuple[dict[tuple[str, str], tuple[Any, Any]], dict[Cell, int]]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path: Path = tmp_path_factory.mktemp("any-order")
    engine = open_database(f"sqlite:///{path}/read.db")
    with engine.connect() as tx:
        tx.connection.dbapi_connection.execute("PRAGMA synchronous=OFF")  # type: ignore[union-attr]  # it is open
    yield engine
    engine.dispose()


def _model(engine: Engine, batches: list[list[Seen]], *, cached: int = 100_000) -> Model:
    """The read model of these batches, read into an empty database."""
    runner = Runner(engine, "test", PROJECTIONS, cached=cached)
    runner.reset()
    reader = Reader(runner)
    for batch in batches:
        reader.take(*batch)
    assert parked_in(engine) == []
    return entities_in(engine), cells_in(engine)


@BOUNDED
@given(st.data())
def test_any_interleaving_in_any_batches_ends_in_the_same_read_model(
    database: Engine, data: st.DataObject
) -> None:
    history = data.draw(histories())
    one = _model(database, [[seen for events in history.values() for seen in events]])
    assert _model(database, data.draw(readings(history))) == one


@BOUNDED
@given(st.data())
def test_going_back_and_reading_again_changes_nothing(database: Engine, data: st.DataObject) -> None:
    batches = data.draw(readings(data.draw(histories())))
    once = _model(database, batches)
    assert _model(database, data.draw(repeated(batches))) == once


@BOUNDED
@given(st.data())
def test_every_cell_is_the_sum_of_all_contributions_and_of_its_log(
    database: Engine, data: st.DataObject
) -> None:
    batches = data.draw(repeated(data.draw(readings(data.draw(histories())))))
    _model(database, batches)
    assert cells_in(database) == together(_contributions(database))
    assert sums_of_log_in(database) == all_cells_in(database)


@BOUNDED
@given(st.data())
def test_a_reader_that_forgets_nearly_everything_ends_the_same(database: Engine, data: st.DataObject) -> None:
    batches = data.draw(readings(data.draw(histories())))
    assert _model(database, batches, cached=1) == _model(database, batches)


def _contributions(engine: Engine) -> list[Any]:
    """What every entity adds, worked out anew from its kept state."""
    by_name: dict[str, Projection[Any]] = {projection.name: projection for projection in PROJECTIONS}
    with engine.connect() as tx:
        found = tx.execute(select(entities.c.projection, entities.c.state)).all()
    return [
        by_name[row.projection].contribute(msgspec.json.decode(row.state, type=by_name[row.projection].state))
        for row in found
    ]
