"""What was built apart and added up is what one would have built, in every table."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError

from services.performance.measures.people import PEOPLE
from shared.events.catalogue import EVENTS, topic
from shared.events.seen import Seen
from shared.projections.cell_rows import ADDED
from shared.projections.comparison import compare
from shared.projections.database import Database
from shared.projections.merging import ALIKE, LEFT, MOVED, Unlike, merge
from shared.projections.runner import Batch, Position, Runner, Source
from shared.projections.side_by_side import Models
from shared.projections.tables import causes, cells, dropped, entities, metadata
from shared.service.shares import in_shares
from tests.unit.performance.world import joined, moved
from tests.unit.projections.histories import PROJECTIONS, Histories, histories
from tests.unit.projections.sales import lost, opened, sales, stream, won
from tests.unit.projections.test_any_order import BOUNDED

FOLDS = (*PROJECTIONS, PEOPLE)
NUMBERS = {"id", "seq", "entity_id", "cause_id"}
"""What such a column holds is another number in another read model, but for cells and totals."""
PARTITIONS = 4
Sources = Mapping[Source, Sequence[Seen]]


def test_every_table_is_known() -> None:
    """Whoever adds a table says in ``merging.py``, or beside its statement, how two of them become one."""
    assert sorted(map(str, [*MOVED, *ADDED, *ALIKE, *LEFT])) == sorted(metadata.tables)


@pytest.mark.parametrize("table", MOVED, ids=str)
def test_every_number_that_another_read_model_gives_anew_is_known(table: Table) -> None:
    assert MOVED[table].keys() == NUMBERS & set(table.c.keys())


@pytest.fixture(autouse=True)
def _little_is_worth_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.service.shares.FOR_ANOTHER", 1)


@BOUNDED
@given(st.data())
def test_any_history_in_shares_is_the_history_as_one(used_again: Database, data: st.DataObject) -> None:
    history = data.draw(histories(least=3))
    history["person-wang"] = stream("person-wang", joined("wang", "east"), moved("wang", "west", "03-02"))
    left_out = _damage_some(history, data)
    log = _log(history)
    to = {source: Position(len(events), source.name) for source, events in log.items()}
    shares = in_shares(to, FOLDS, workers=data.draw(st.integers(1, 4)))
    with ExitStack() as stack:
        one, first, *others = (stack.enter_context(used_again.beside()) for _ in range(1 + len(shares)))
        _build(one, log, left_out)
        for part, share in zip((first, *others), shares, strict=True):
            _build(part, {source: log[source] for source in log if source in share}, left_out)
        for part in others:
            merge(first, part)
        with one.moment() as alone, first.moment() as together:
            assert compare(Models(alone, together), FOLDS).first == []
            assert {str(t): _rows(together, t) for t in metadata.sorted_tables} == {
                str(t): _rows(alone, t) for t in metadata.sorted_tables
            }


def test_what_is_parked_queues_in_its_order_behind_what_was_parked(used_again: Database) -> None:
    log = {
        Source("baton.customers.events", 0): stream("deal-1", opened(), lost(), won()),
        Source("baton.customers.events", 1): stream("deal-2", opened(), lost(), won()),
    }
    with used_again.beside() as first, used_again.beside() as other:
        for part, (source, events) in zip((first, other), log.items(), strict=True):
            _build(part, {source: events}, folds=(sales(),))
        merge(first, other)
        runner = Runner(first, "test", (sales(),), quiet=True)
        assert runner.parking.streams() == {"deal-1", "deal-2"}
        with first.connect() as tx:
            for name in ("deal-1", "deal-2"):
                assert [seen.revision for _, seen in runner.parking.queue(tx, name)] == [1, 2]


def test_who_goes_on_after_that_gets_numbers_behind_all(used_again: Database) -> None:
    with used_again.beside() as first, used_again.beside() as other:
        _build(first, {Source("a"): stream("deal-1", opened())}, folds=(sales(),))
        _build(other, {Source("b"): stream("deal-2", opened(), won())}, folds=(sales(),))
        merge(first, other)
        runner = Runner(first, "test", (sales(),), quiet=True)
        runner.apply([Batch(Source("c"), stream("deal-3", opened()), None, Position(1))])
        with first.connect() as tx:
            assert list(tx.scalars(select(entities.c.entity).order_by(entities.c.id))) == [
                *("deal-1", "deal-2", "deal-3")
            ]


def test_an_entity_that_is_in_both_breaks_it_off(used_again: Database) -> None:
    with used_again.beside() as first, used_again.beside() as other:
        for part, source in ((first, "a"), (other, "b")):
            _build(part, {Source(source): stream("deal-1", opened())}, folds=(sales(),))
        with pytest.raises(IntegrityError, match=r"entities\.projection, entities\.entity"):
            merge(first, other)


def test_one_that_another_program_built_breaks_it_off(used_again: Database) -> None:
    with used_again.beside() as first, used_again.beside() as other:
        _build(first, {Source("a"): stream("deal-1", opened())}, folds=(sales(),))
        _build(other, {Source("b"): stream("deal-2", opened())}, folds=(sales(version=2),))
        with pytest.raises(Unlike, match="other projections"):
            merge(first, other)


def test_two_cells_with_the_same_number_break_it_off(used_again: Database) -> None:
    with used_again.beside() as first, used_again.beside() as other:
        for part, name in ((first, "deal-1"), (other, "deal-2")):
            _build(part, {Source(name): stream(name, opened())}, folds=(sales(),))
        with other.begin() as tx:
            tx.execute(cells.update().where(cells.c.measure == "open").values(person="li"))
        with pytest.raises(Unlike, match="two cells have the same number"):
            merge(first, other)


def _log(history: Histories) -> Sources:
    """Each stream in one partition of its service's topic."""
    log: dict[Source, list[Seen]] = {}
    for name, events in sorted(history.items()):
        source = Source(topic(EVENTS[events[0].type].service), crc32(name.encode()) % PARTITIONS)
        log.setdefault(source, []).extend(events)
    return log


def _build(
    database: Database, log: Sources, left_out: Sequence[Seen] = (), *, folds: Sequence[Any] = FOLDS
) -> None:
    with database.begin() as tx:
        for seen in left_out:
            tx.execute(dropped.insert().values(stream=seen.stream, event_id=seen.id))
    runner = Runner(database, "test", folds, quiet=True)
    for source, events in log.items():
        half = len(events) // 2
        at = None
        for some in (events[:half], events[half:]):
            if some:
                now = Position((at.position if at else 0) + len(some), source.name)
                runner.apply([Batch(source, some, at, now)])
                at = now


def _damage_some(history: Histories, data: st.DataObject) -> list[Seen]:
    """Some events cannot be read, and some of those a person has dropped."""
    left_out = []
    for name in data.draw(st.sets(st.sampled_from(sorted(history)), max_size=2)):
        n = data.draw(st.integers(0, len(history[name]) - 1))
        history[name][n] = history[name][n]._replace(data=b"{")
        if data.draw(st.booleans()):
            left_out.append(history[name][n])
    return left_out


def _rows(tx: Any, table: Table) -> list[Any]:
    """Every row, with names where it has numbers of others, and without its own."""
    whose = {row.id: f"{row.projection} {row.entity}" for row in tx.execute(select(entities))}
    why = {row.id: row.event_id for row in tx.execute(select(causes))}
    names: dict[str, Mapping[int, str]] = {"entity_id": whose, "cause_id": why}
    own = {"parked_at"} | ({"id", "seq"} if table in MOVED else set())
    return sorted(
        tuple(
            (name, repr(names[name][value] if name in names else value))
            for name, value in row._asdict().items()
            if name not in own
        )
        for row in tx.execute(select(table))
    )
