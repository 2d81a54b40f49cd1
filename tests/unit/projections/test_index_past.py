"""Lists look back: who had an index value at a moment is who was known to have it then."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.seen import Seen
from shared.projections.database import Database, open_database
from shared.projections.lists import Kept
from shared.projections.projection import Projection
from shared.projections.runner import Runner
from tests.unit.projections.reading import Reader, empty
from tests.unit.projections.sales import MORNING, opened, reassigned, reopened, sales, stream, won
from tests.unit.projections.test_any_order import BOUNDED

DATED: Projection[Any] = sales(dated=True)
VALUES = (("owner", "wang"), ("owner", "li"), ("state", "open"), ("state", "won"))
MOVES = st.sampled_from((reassigned("wang"), reassigned("li"), won(), reopened()))
PAUSES = st.sampled_from([timedelta(**it) for it in ({}, {"microseconds": 1}, {"hours": 3}, {"days": 400})])


@pytest.fixture(scope="module")
def used_again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("index-past")
    database = open_database(f"sqlite:///{path}/read.db")
    with database.connect() as tx:
        tx.connection.dbapi_connection.execute("PRAGMA synchronous=OFF")  # type: ignore[union-attr]  # it is open
    yield database
    database.dispose()


@st.composite
def deals(draw: st.DrawFn) -> list[Seen]:
    """What happened in a few deals, in the order it was recorded."""
    found = []
    for key in range(draw(st.integers(1, 3))):
        events = stream(f"deal-{key}", opened(), *draw(st.lists(MOVES, max_size=6)))
        at = MORNING
        for seen in events:
            found.append(seen._replace(recorded_at=at))
            at += draw(PAUSES)
    return sorted(found, key=lambda seen: seen.recorded_at)


def _by_index(kept: Kept[Any], moment: datetime, field: str, value: str) -> list[Any]:
    return list(kept.all(as_of=moment, where={field: value}))


def _by_state(kept: Kept[Any], moment: datetime, field: str, value: str) -> list[Any]:
    return [(key, state) for key, state in kept.all(as_of=moment) if DATED.index(state).get(field) == value]


def _same(kept: Kept[Any], moments: Sequence[datetime]) -> None:
    for moment in moments:
        for field, value in VALUES:
            assert _by_index(kept, moment, field, value) == _by_state(kept, moment, field, value)


@BOUNDED
@given(deals(), st.data())
def test_at_any_moment_the_index_is_what_the_states_of_then_say(
    used_again: Database, events: list[Seen], data: st.DataObject
) -> None:
    empty(used_again)
    reader = Reader(Runner(used_again, "test", [DATED], cached=data.draw(st.sampled_from((1, 1000)))))
    cut = data.draw(st.integers(0, len(events)))
    for some in (events[:cut], events[cut:]):
        reader.take(*some)
    recorded = data.draw(st.sampled_from([seen.recorded_at for seen in events]))
    _same(Kept(used_again, DATED), [recorded + n * timedelta.resolution for n in (-1, 0, 1)])


def test_now_is_the_moment_without_an_end(database: Database) -> None:
    kept = Kept(database, DATED)
    reader = Reader(Runner(database, "test", [DATED]))
    reader.take(*stream("deal-1", opened(), won()), *stream("deal-2", opened("li")))
    long_after = MORNING + timedelta(days=10_000)
    assert [key for key, _ in _by_index(kept, long_after, "state", "open")] == ["deal-2"]
    assert _by_index(kept, long_after, "state", "won") == list(kept.all(where={"state": "won"}))
    assert _by_index(kept, MORNING - timedelta(days=1), "state", "open") == []
