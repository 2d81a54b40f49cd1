"""Cells move by the difference between what an entity adds now and what it added before."""

from datetime import timedelta

from shared.projections.database import Database, micros
from shared.projections.projection import Cell
from shared.projections.runner import Runner
from tests.unit.projections.reading import Reader, all_cells_in, cells_in, empty, log_in, sums_of_log_in
from tests.unit.projections.sales import (
    DAY,
    MORNING,
    opened,
    reassigned,
    reopened,
    repriced,
    sales,
    stream,
    won,
)


def test_a_reopened_deal_takes_back_its_win_and_winning_again_restores_it(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    reader.take(*stream("deal-1", opened(), won()))
    assert cells_in(database) == {Cell("won", DAY, "wang"): 1, Cell("won_amount", DAY, "wang"): 100}
    reader.take(*stream("deal-1", reopened(), first=2))
    assert all_cells_in(database) == {
        Cell("won", DAY, "wang"): 0,
        Cell("won_amount", DAY, "wang"): 0,
        Cell("open", person="wang"): 1,
        Cell("open_amount", person="wang"): 100,
    }
    reader.take(*stream("deal-1", won(), first=3))
    assert cells_in(database) == {Cell("won", DAY, "wang"): 1, Cell("won_amount", DAY, "wang"): 100}


def test_a_reassigned_deal_moves_whole_and_comes_back_whole(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    reader.take(*stream("deal-1", opened("wang"), reassigned("li")))
    assert all_cells_in(database)[Cell("open_amount", person="wang")] == 0
    assert cells_in(database) == {Cell("open", person="li"): 1, Cell("open_amount", person="li"): 100}
    reader.take(*stream("deal-1", reassigned("wang"), first=2))
    assert cells_in(database) == {Cell("open", person="wang"): 1, Cell("open_amount", person="wang"): 100}


def test_another_price_changes_the_amount_by_the_difference_alone(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    reader.take(*stream("deal-1", opened(minor=100), repriced(70)))
    assert [(measure, change) for measure, _, _, change in log_in(database)] == [
        ("open", 1),
        ("open_amount", 100),
        ("open_amount", -30),
    ]


def test_every_cell_is_the_sum_of_its_log_zero_or_not(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    reader.take(*stream("deal-1", opened(), repriced(250), reassigned("li"), won(), reopened()))
    reader.take(*stream("deal-2", opened("li", minor=40), won()), *stream("deal-3", opened("chen")))
    assert sums_of_log_in(database) == all_cells_in(database)
    assert 0 in all_cells_in(database).values()


def test_the_log_says_when_the_event_was_recorded_not_when_it_was_read(database: Database) -> None:
    late = MORNING + timedelta(days=3, microseconds=7)
    (event,) = stream("deal-1", opened())
    Reader(Runner(database, "test", [sales()])).take(event._replace(recorded_at=late))
    assert {recorded for _, _, recorded, _ in log_in(database)} == {micros(late)}


def test_reading_everything_again_writes_the_same_log(database: Database) -> None:
    events = [
        *stream("deal-1", opened(), reassigned("li"), won(), reopened()),
        *stream("deal-2", opened("li")),
    ]
    runner = Runner(database, "test", [sales()])
    Reader(runner).take(*events)
    once = log_in(database)
    empty(database)
    runner.begin_anew()
    for event in events:
        reader = Reader(runner, at=runner.positions().get(Reader(runner).source))
        reader.take(event)
    assert log_in(database) == once
