"""Entities, cells, log, parked events and checkpoint are written together, or not at all."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import DBAPIError

from shared.projections.database import Database
from shared.projections.projection import Cell
from shared.projections.runner import Batch, Fenced, Position, Runner
from tests.unit.projections.reading import TOPIC, Reader, cells_in, sizes, sums_of_log_in
from tests.unit.projections.sales import Sale, opened, repriced, sales, stream, won

PRICE_THAT_FITS_NO_COLUMN = 10**15


def _too_much_for_a_column(sale: Sale) -> Mapping[Cell, int]:
    return {Cell("open"): 2**70 if sale.minor == PRICE_THAT_FITS_NO_COLUMN else sale.minor}


def test_a_worker_that_was_overtaken_is_fenced_and_writes_nothing(database: Database) -> None:
    slow, quick = Reader(Runner(database, "test", [sales()])), Reader(Runner(database, "test", [sales()]))
    first, second = stream("deal-1", opened(), won())
    slow.take(first)
    quick.at = slow.at
    quick.take(second)
    before = sizes(database)
    with pytest.raises(Fenced):
        slow.take(*stream("deal-2", opened(), repriced(300)), second._replace(stream="deal-3", data=b"{"))
    assert sizes(database) == before


def test_of_two_that_begin_a_source_the_second_is_fenced(database: Database) -> None:
    one, other = Reader(Runner(database, "test", [sales()])), Reader(Runner(database, "test", [sales()]))
    one.take(*stream("deal-1", opened()))
    with pytest.raises(Fenced):
        other.take(*stream("deal-1", opened()))


def test_a_checkpoint_of_another_log_is_another_checkpoint(database: Database) -> None:
    runner = Runner(database, "test", [sales()])
    runner.apply([Batch(TOPIC, stream("deal-1", opened()), None, Position(1, "first log"))])
    with pytest.raises(Fenced):
        runner.apply([Batch(TOPIC, (), Position(1, "second log"), Position(2, "second log"))])
    runner.apply([Batch(TOPIC, (), Position(1, "first log"), Position(0, "second log"))])
    assert runner.positions() == {TOPIC: Position(0, "second log")}


def test_one_source_overtaken_stops_the_whole_batch(database: Database) -> None:
    runner = Runner(database, "test", [sales()])
    partitions = [TOPIC._replace(partition=n) for n in range(2)]
    runner.apply([Batch(partitions[1], (), None, Position(5))])
    with pytest.raises(Fenced):
        runner.apply(
            [
                Batch(partitions[0], stream("deal-1", opened()), None, Position(1)),
                Batch(partitions[1], stream("deal-2", opened()), Position(4), Position(6)),
            ]
        )
    assert cells_in(database) == {}
    assert runner.positions() == {partitions[1]: Position(5)}


def test_after_being_fenced_a_fresh_start_takes_what_is_new(database: Database) -> None:
    runner = Runner(database, "test", [sales()])
    first, second = stream("deal-1", opened(minor=100), repriced(300))
    with pytest.raises(Fenced):
        Reader(runner, at=Position(7)).take(first, second)
    assert cells_in(database) == {}
    Reader(runner, at=runner.positions().get(TOPIC)).take(first, second)
    assert cells_in(database)[Cell("open_amount", person="wang")] == 300


def test_what_the_database_refuses_leaves_no_trace_in_memory_either(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales(contribute=_too_much_for_a_column)]))
    reader.take(*stream("deal-1", opened()))
    before = sizes(database)
    with pytest.raises((OverflowError, DBAPIError)):
        reader.take(*stream("deal-1", repriced(PRICE_THAT_FITS_NO_COLUMN), first=1))
    assert sizes(database) == before
    reader.take(*stream("deal-1", repriced(5), first=1))  # had memory kept the first try, this were "seen"
    assert cells_in(database) == {Cell("open"): 5}


def test_workers_that_start_and_write_at_the_same_time_meet_in_the_same_cells(database: Database) -> None:
    def work(partition: int) -> None:
        reader = Reader(Runner(database, "test", [sales()]), TOPIC._replace(partition=partition))
        owners = ["wang", "li", "chen"] if partition else ["chen", "li", "wang"]
        for n in range(15):
            reader.take(*(e for owner in owners for e in stream(f"{partition}-{owner}-{n}", opened(owner))))

    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(work, partition) for partition in (0, 1)]:
            done.result(timeout=60)
    assert {cell.person: n for cell, n in cells_in(database).items() if cell.measure == "open"} == {
        "wang": 30,
        "li": 30,
        "chen": 30,
    }
    assert sums_of_log_in(database) == cells_in(database)
