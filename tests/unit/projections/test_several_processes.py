"""Several processes on one read model in PostgreSQL, each with connections of its own."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from shared.events.event import Event
from shared.projections import locks, places
from shared.projections.cell_rows import write_cells
from shared.projections.database import Database, micros, open_database
from shared.projections.fold import Cause, Change, Entity
from shared.projections.locks import alone
from shared.projections.parking import Parking, TakenUp
from shared.projections.places import place_of
from shared.projections.projection import Cell
from shared.projections.rows import write_entities
from shared.projections.runner import Fenced, Runner
from shared.projections.tables import cell_log
from shared.service.leading import Lead
from tests.silent import wait_until_put_out
from tests.unit.projections.reading import Reader, cells_in, latest, parked_in
from tests.unit.projections.sales import (
    DAY,
    MORNING,
    Sale,
    evolve,
    opened,
    reassigned,
    repriced,
    sales,
    stream,
    won,
)
from tests.unit.projections.written import Service, Written
from tests.waiting import until

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)

FIRST, SECOND, THIRD = (stream(f"deal-{n}", opened()) for n in (1, 2, 3))


@pytest.fixture
def another(database: Database, url: str) -> Iterator[Database]:
    """The same read model, opened by another process."""
    del database  # there first
    there = open_database(url)
    yield there
    there.dispose()


def open_deals(database: Database) -> int:
    return cells_in(database).get(Cell("open", person="wang"), 0)


def test_what_one_builds_is_not_removed_by_the_start_of_another(database: Database, url: str) -> None:
    with database.beside() as built:
        open_database(url).dispose()
        assert place_of(url).numbers() == {0, built.number}


def test_each_that_builds_has_a_number_of_its_own(database: Database, another: Database) -> None:
    with database.beside() as one, another.beside() as other:
        assert {one.number, other.number} == {1, 2}


def test_who_looks_again_shows_what_another_serves_and_the_last_to_let_go_removes_the_old_one(
    database: Database, another: Database, url: str
) -> None:
    assert not another.look_again()
    with database.beside() as built:
        assert not another.look_again()  # it is not served yet
        database.take_over(built)
    assert place_of(url).numbers() == {0, 1}
    assert another.look_again()
    assert (another.number, place_of(url).numbers()) == (1, {1})
    assert not another.look_again()


def test_one_that_dies_lets_go_of_all(database: Database, url: str) -> None:
    dying = open_database(url)
    with database.beside() as built:
        database.take_over(built)
    dying.dispose()  # as all connections of a process are closed that dies
    open_database(url).dispose()
    assert place_of(url).numbers() == {1}


async def test_who_adds_to_a_replaced_one_is_fenced_and_goes_on_with_the_new_one(
    database: Database, another: Database
) -> None:
    service = Service(database, (sales(),), Written())
    await service.happens(*FIRST)
    reader = Reader(Runner(another, "test", (sales(),)))
    reader.source, reader.at = next(iter(reader.runner.positions().items()))
    await service.replay()
    with pytest.raises(Fenced):
        reader.take(*SECOND)
    reader.runner.look_again()
    assert reader.runner.positions() == {reader.source: reader.at}
    reader.take(*SECOND)
    assert open_deals(another) == open_deals(database) == 2


async def test_another_version_is_taken_over_from_who_built_it(database: Database, another: Database) -> None:
    log = Written()
    await Service(database, (sales(),), log).happens(*FIRST)
    waiting = Runner(another, "test", (sales(version=2),))
    assert waiting.outdated
    building = Service(database, (sales(version=2),), log)
    await building.replay()
    assert waiting.outdated
    waiting.look_again()
    assert not waiting.outdated


async def test_one_leads_and_another_when_that_one_is_gone(database: Database, another: Database) -> None:
    first, second = Lead(database), Lead(another)
    led: list[str] = []

    async def work(name: str) -> None:
        led.append(name)
        await asyncio.Event().wait()

    one = asyncio.create_task(first.follow(lambda: work("first")))
    await until(lambda: first.ours)
    other = asyncio.create_task(second.follow(lambda: work("second")))
    one.cancel()
    await until(lambda: second.ours)
    assert (first.ours, led) == (False, ["first", "second"])
    other.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(one, other)


def test_what_another_takes_up_is_parked_no_more_and_nothing_is_folded_upon_what_was_before(
    database: Database, another: Database
) -> None:
    broken = {"deal-repriced.v1"}

    def evolve_unless_broken(sale: Sale, event: Event) -> Sale:
        if event.type in broken:
            raise ValueError("not this one")
        return evolve(sale, event)

    folds = (sales(evolve=evolve_unless_broken),)
    holds = Reader(Runner(database, "test", folds))
    first, trips, behind, last = stream("deal-1", opened(), repriced(300), reassigned("li"), won())
    holds.take(first)
    holds.take(trips, behind)
    broken.clear()
    assert [it.revision for it in Runner(another, "test", folds).redrive()] == [1, 2]
    with pytest.raises(TakenUp):
        holds.take(last)
    holds.take(last)
    assert parked_in(database) == []
    assert cells_in(database) == {Cell("won", DAY, "li"): 1, Cell("won_amount", DAY, "li"): 300}


def test_nothing_is_parked_behind_a_stream_while_it_is_taken_up(
    database: Database, another: Database
) -> None:
    holds = Reader(Runner(database, "test", (sales(),)))
    bad, behind, last = stream("deal-1", opened(), reassigned("li"), won())
    holds.take(bad._replace(data=b"{"))
    with ThreadPoolExecutor(1) as holder, another.begin() as tx:
        Parking(another).take_up(tx)
        waiting = holder.submit(holds.take, behind)
        wait_for_lock(tx)
        assert parked_in(database) == [("deal-1", 0, True)]
        tx.commit()
        waiting.result(timeout=10)
    holds.take(last)
    assert [revision for _, revision, _ in parked_in(database)] == [0, 1, 2]


def test_who_is_silent_in_the_middle_of_a_transaction_is_put_out(
    database: Database, another: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.connect() as frozen:
        alone(frozen, cell_log)
        assert another.put_out_the_silent() == 0  # it is not silent yet
        monkeypatch.setattr(locks, "PATIENCE_SECONDS", 0.3)
        wait_until_put_out(another)
        with pytest.raises(OperationalError):
            frozen.execute(text("select 1"))
    with database.begin() as tx:
        alone(tx, cell_log)


def test_so_is_who_is_silent_in_the_middle_of_a_pipeline(
    database: Database, another: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "PATIENCE_SECONDS", 0.3)
    with database.connect() as connection:
        frozen = connection.connection.driver_connection.pgconn  # type: ignore[union-attr] # psycopg's
        frozen.enter_pipeline_mode()
        frozen.send_query_params(b"select pg_advisory_xact_lock(1, 2)", None)
        frozen.send_flush_request()
        frozen.flush()
        wait_until_put_out(another)
        connection.invalidate()


async def test_who_leads_and_is_silent_leads_no_more(
    database: Database, another: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "SILENCE", "300ms")
    with database.turn() as frozen, another.turn() as next_one:
        assert frozen()
        await until(next_one)
        with pytest.raises(OperationalError):
            frozen()


def test_lines_of_the_log_are_committed_in_the_order_of_their_numbers(
    database: Database, another: Database
) -> None:
    """Or who reads on from the last number would miss a line that had its number and came later."""
    other = Reader(Runner(another, "test", (sales(),)))
    with ThreadPoolExecutor(1) as second, database.begin() as tx:
        write_cells(tx, [a_change(tx)])
        waiting = second.submit(other.take, *SECOND)
        wait_for_lock(tx)
        assert latest(another) == 0
        tx.commit()
        waiting.result(timeout=10)
    assert latest(another) == 3


def a_change(tx: Connection) -> Change:
    """As a worker is about to commit it."""
    [seen] = FIRST
    entity = Entity(sales(), seen.stream, Sale(), {})
    write_entities(tx, [entity])
    return Change(Cell("open", person="li"), entity, 1, Cause(seen, MORNING, micros(seen.recorded_at)))


def wait_for_lock(tx: Connection) -> None:
    """Until somebody waits for one that this transaction holds."""
    waits = text("select exists (select from pg_locks where locktype = 'advisory' and not granted)")
    for _ in range(10_000):
        if tx.scalar(waits):
            return
    pytest.fail("nobody waits")
