"""Whatever the order between streams, the batches and the repeats: the read model ends the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from shared.events.seen import Seen
from shared.projections.database import Database, open_database
from shared.projections.projection import Cell, Projection
from shared.projections.runner import Runner
from shared.projections.tables import entities
from tests.unit.projections.histories import PROJECTIONS, histories, readings, repeated
from tests.unit.projections.reading import (
    Reader,
    all_cells_in,
    cells_in,
    empty,
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
def used_again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("any-order")
    database = open_database(f"sqlite:///{path}/read.db")
    with database.connect() as tx:
        tx.connection.dbapi_connection.execute("PRAGMA synchronous=OFF")  # type: ignore[union-attr]  # it is open
    yield database
    database.dispose()


def _model(database: Database, batches: list[list[Seen]], *, cached: int = 100_000) -> Model:
    """The read model of these batches, read into an empty database."""
    empty(database)
    runner = Runner(database, "test", PROJECTIONS, cached=cached)
    reader = Reader(runner)
    for batch in batches:
        reader.take(*batch)
    assert parked_in(database) == []
    return entities_in(database), cells_in(database)


@BOUNDED
@given(st.data())
def test_any_interleaving_in_any_batches_ends_in_the_same_read_model(
    used_again: Database, data: st.DataObject
) -> None:
    history = data.draw(histories())
    one = _model(used_again, [[seen for events in history.values() for seen in events]])
    assert _model(used_again, data.draw(readings(history))) == one


@BOUNDED
@given(st.data())
def test_going_back_and_reading_again_changes_nothing(used_again: Database, data: st.DataObject) -> None:
    batches = data.draw(readings(data.draw(histories())))
    once = _model(used_again, batches)
    assert _model(used_again, data.draw(repeated(batches))) == once


@BOUNDED
@given(st.data())
def test_every_cell_is_the_sum_of_all_contributions_and_of_its_log(
    used_again: Database, data: st.DataObject
) -> None:
    batches = data.draw(repeated(data.draw(readings(data.draw(histories())))))
    _model(used_again, batches)
    assert cells_in(used_again) == together(_contributions(used_again))
    assert sums_of_log_in(used_again) == all_cells_in(used_again)


@BOUNDED
@given(st.data())
def test_a_reader_that_forgets_nearly_everything_ends_the_same(
    used_again: Database, data: st.DataObject
) -> None:
    batches = data.draw(readings(data.draw(histories())))
    assert _model(used_again, batches, cached=1) == _model(used_again, batches)


def _contributions(database: Database) -> list[Any]:
    """What every entity adds, worked out anew from its kept state."""
    by_name: dict[str, Projection[Any]] = {projection.name: projection for projection in PROJECTIONS}
    with database.connect() as tx:
        found = tx.execute(select(entities.c.projection, entities.c.state)).all()
    return [
        by_name[row.projection].contribute(msgspec.json.decode(row.state, type=by_name[row.projection].state))
        for row in found
    ]
