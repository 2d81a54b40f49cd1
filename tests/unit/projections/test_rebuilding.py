"""A read model that is built beside takes the live one's place whole: nothing is lost, doubled or empty."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta

import pytest

from shared.events.deal import DealLost, DealOpened
from shared.events.event import Envelope, Event
from shared.projections.database import Database, open_database
from shared.projections.feed import Feed, Piece
from shared.projections.places import place_of
from shared.projections.projection import Cell
from shared.projections.runner import Fenced, Position, Source
from shared.service.job import Job
from shared.service.reactions import Reaction
from shared.service.rebuilding import TooShort
from tests.unit.projections.reading import cells_in, entities_in, log_in, parked_in, sizes, sums_of_log_in
from tests.unit.projections.sales import (
    FIRST_PURCHASE,
    MORNING,
    Sale,
    lost,
    opened,
    ordered,
    reassigned,
    repriced,
    sales,
    stream,
    won,
)
from tests.unit.projections.written import Folds, Service, Written

FOLDS: Folds = (sales(), FIRST_PURCHASE)
HISTORY = [
    *stream("deal-1", opened(), repriced(300)),
    *stream("deal-2", opened("li"), reassigned("wang")),
    *stream("order-a", ordered("a", "acc-1", at=MORNING)),
]
AMOUNT = Cell("open_amount", person="wang")
IN_TIME = 10.0


@pytest.fixture
def service(database: Database) -> Service:
    return Service(database, FOLDS, Written())


async def test_while_another_is_built_the_old_one_serves_and_goes_on(service: Service) -> None:
    await service.happens(*HISTORY)
    service.log.going_on.clear()
    replaying = asyncio.create_task(service.replay())
    await service.log.reached.wait()
    assert cells_in(service.database)[AMOUNT] == 400
    await service.happens(*stream("deal-3", opened(minor=50)))
    assert cells_in(service.database)[AMOUNT] == 450

    before, lines = entities_in(service.database), log_in(service.database)
    service.log.going_on.set()
    await replaying
    assert service.database.number == 1
    assert cells_in(service.database)[AMOUNT] == 450
    assert entities_in(service.database) == before
    assert sorted(log_in(service.database)) == sorted(lines)

    await service.happens(*stream("deal-3", repriced(70), first=1))
    assert cells_in(service.database)[AMOUNT] == 470
    assert await service.verify() == []


async def test_for_other_versions_the_old_one_serves_and_then_the_new_one(service: Service, url: str) -> None:
    def twice(sale: Sale) -> dict[Cell, int]:
        return {AMOUNT: 2 * sale.minor}

    await service.happens(*HISTORY)
    service.database.dispose()
    newer = Service(open_database(url), (sales(version=2, contribute=twice), FIRST_PURCHASE), service.log)
    assert newer.runner.outdated
    newer.log.going_on.clear()
    building = asyncio.create_task(newer.replay())
    await newer.log.reached.wait()
    assert cells_in(newer.database)[AMOUNT] == 400
    newer.log.going_on.set()
    await building
    assert not newer.runner.outdated
    assert cells_in(newer.database)[AMOUNT] == 800
    await newer.happens(*stream("deal-1", repriced(1000), first=2))
    assert cells_in(newer.database)[AMOUNT] == 2200
    assert await newer.verify() == []
    newer.database.dispose()


async def test_reactions_go_on_where_they_were_also_for_other_versions(service: Service, url: str) -> None:
    reacted: list[str] = []

    async def note(_event: DealOpened, envelope: Envelope) -> None:
        reacted.append(str(envelope.causation_id))

    await service.happens(*HISTORY)
    service.database.dispose()
    newer = Service(
        open_database(url), (sales(version=2),), service.log, reactions=[Reaction("note", DealOpened, note)]
    )
    await newer.replay()
    assert reacted == []
    await newer.happens(*stream("deal-3", opened()))
    assert reacted == ["deal-3/0"]
    newer.database.dispose()


async def test_a_replay_among_new_events_ends_as_the_live_one(service: Service) -> None:
    replaying = asyncio.create_task(service.replay())
    made = 0
    while not replaying.done() or made < 40:
        made += 1
        source = ("orders", "customers", "own store")[made % 3]
        await service.happens(*stream(f"deal-{made}", opened(minor=10), repriced(made)), source=source)
        if made == 40:
            second = asyncio.create_task(service.replay())
    await second
    await replaying
    assert cells_in(service.database)[AMOUNT] == sum(range(1, made + 1))
    assert cells_in(service.database)[Cell("open", person="wang")] == made
    assert sums_of_log_in(service.database) == cells_in(service.database)
    assert await service.verify() == []


async def test_two_replays_that_are_asked_for_at_once_are_one(service: Service) -> None:
    await service.happens(*HISTORY)
    service.log.going_on.clear()
    job = Job("replay", service.rebuilding.replace)
    first = job.start()
    await service.log.reached.wait()
    assert job.start() is first
    service.log.going_on.set()
    assert (await first).events == len(HISTORY)
    assert service.database.number == 1
    assert job.start() is not first
    await job.start()
    assert service.database.number == 2


async def test_what_breaks_off_leaves_everything_as_it_was(service: Service, url: str) -> None:
    await service.happens(*HISTORY)
    service.log.going_on.clear()
    job = Job("replay", service.rebuilding.replace)
    replaying = job.start()
    await service.log.reached.wait()
    service.log.broken = True
    service.log.going_on.set()
    assert (await replaying).failed == "the broker is away"
    assert (service.database.number, service.rebuilding.replacing) == (0, False)
    assert place_of(url).numbers() == {0}
    service.log.broken = False
    await service.happens(*stream("deal-9", opened(minor=1)))
    assert cells_in(service.database)[AMOUNT] == 401


async def test_a_log_that_lost_something_replaces_nothing(service: Service) -> None:
    await service.happens(*HISTORY)
    gone = service.log.events[Source("orders")].pop()
    with pytest.raises(TooShort, match="orders 0 does not hold all"):
        await service.replay()
    with pytest.raises(TooShort):
        await service.verify()
    service.log.events[Source("orders")].append(gone)
    await service.replay()
    assert service.database.number == 1


async def test_a_checkpoint_of_a_source_that_is_read_no_more_stops_nobody(service: Service) -> None:
    await service.happens(*HISTORY)
    await service.happens(*stream("lead-1", won()), source="customers")
    del service.log.events[Source("customers")]
    await service.replay()
    assert service.runner.positions() == {Source("orders"): Position(len(HISTORY))}


async def test_what_is_parked_is_parked_again_and_announced_once(service: Service) -> None:
    await service.happens(*stream("deal-1", opened(), lost(), won()), *stream("deal-2", opened("li")))
    ((first, _), *_) = service.runner.parking.unannounced()
    service.runner.parking.announced([first])
    waiting = service.runner.parking.waiting()
    await service.replay()
    assert service.runner.parking.waiting() == waiting  # since when it waits stays, too
    assert parked_in(service.database) == [("deal-1", 1, True), ("deal-1", 2, False)]
    assert [seen.revision for seen, _ in service.runner.parking.unannounced()] == [2]
    await service.happens(*stream("deal-1", repriced(5), first=3))
    assert parked_in(service.database)[2:] == [("deal-1", 3, False)]


async def test_what_a_redrive_left_out_stays_left_out(service: Service) -> None:
    first, bad, *rest = stream("deal-1", opened(), won(), lost(), repriced(300))
    await service.happens(first, bad._replace(data=b"{"), *rest)
    assert await service.intake.redrive(drop=True) == 0
    assert await service.intake.redrive(drop=True) == 1
    assert await service.verify() == []
    await service.replay()
    assert parked_in(service.database) == []
    assert cells_in(service.database)[AMOUNT] == 300
    await service.happens(bad._replace(data=b"{"), *rest)
    assert parked_in(service.database) == []
    assert await service.verify() == []


async def test_what_was_left_out_and_can_be_taken_by_now_is_taken(service: Service) -> None:
    await service.happens(*stream("deal-1", opened(), lost(), repriced(300)))
    assert await service.intake.redrive(drop=True) == 1
    assert await service.verify() == []

    def evolve(sale: Sale, event: Event) -> Sale:
        return Sale(owner="lost") if isinstance(event, DealLost) else sales().evolve(sale, event)

    mended = Service(service.database, (sales(evolve=evolve), FIRST_PURCHASE), service.log)
    assert (await mended.verify())[0] == "sales deal-1: owner is 'wang', rebuilt 'lost'"
    await mended.replay()
    assert await mended.verify() == []
    assert cells_in(service.database)[Cell("open_amount", person="lost")] == 300


async def test_at_a_start_a_log_that_stays_short_has_to_do(
    service: Service, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.happens(*HISTORY)
    service.database.dispose()
    newer = Service(open_database(url), (sales(version=2),), service.log)
    gone = service.log.events[Source("orders")].pop()
    with pytest.raises(TooShort):
        await newer.replay()
    monkeypatch.setattr("shared.service.rebuilding.PATIENCE_SECONDS", -1.0)
    await newer.replay()
    assert newer.runner.positions() == {Source("orders"): Position(len(HISTORY) - 1)}
    service.log.events[Source("orders")].append(gone)
    with pytest.raises(Fenced):  # where the live sources were: they begin behind this, at the checkpoint
        await newer.happens(*stream("deal-7", opened()))
    newer.database.dispose()


async def test_listeners_are_told_to_ask_anew_and_numbers_go_on(database: Database) -> None:
    feed = Feed(database)
    service = Service(database, FOLDS, Written(), applied=feed.wake)
    async with _running(feed), asyncio.timeout(IN_TIME):
        await service.happens(*HISTORY)
        async with aclosing(feed.listen(after=0)) as pieces:
            piece = await anext(pieces)
            before = piece.seq
            await service.replay()
            while (piece := await anext(pieces)).changes:
                before = piece.seq
            served = piece.seq
            assert served > before
            await service.happens(*stream("deal-4", opened()))
            assert [change["seq"] for change in (await anext(pieces)).changes] == [served + 1, served + 2]
        async with aclosing(feed.listen(after=before)) as pieces:
            assert await anext(pieces) == Piece(served + 2, ())
        async with aclosing(feed.listen(after=served)) as pieces:
            assert [change["seq"] for change in (await anext(pieces)).changes] == [served + 1, served + 2]


async def test_a_replay_that_makes_fewer_lines_goes_on_above_them(service: Service) -> None:
    await service.happens(*HISTORY)
    numbers = []
    for minor in range(5):
        await service.replay()
        at = MORNING + timedelta(days=minor)
        await service.happens(*stream(f"deal-x{minor}", opened(minor=minor + 1, at=at)))
        feed = Feed(service.database)
        numbers.append(feed._latest())
    assert numbers == sorted(set(numbers))
    assert sizes(service.database)["cell_log"] < numbers[0] + 20


@asynccontextmanager
async def _running(feed: Feed) -> AsyncIterator[None]:
    running = asyncio.create_task(feed.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
