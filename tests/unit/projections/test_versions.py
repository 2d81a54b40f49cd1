"""Read models are disposable: a new version, or a reset, and everything is read again."""

from sqlalchemy import Engine

from shared.projections.projection import Cell, Projection
from shared.projections.runner import Position, Runner
from tests.unit.projections.reading import TOPIC, Reader, cells_in, entities_in, latest, parked_in, sizes
from tests.unit.projections.sales import (
    FIRST_PURCHASE,
    MORNING,
    Sale,
    lost,
    opened,
    ordered,
    repriced,
    sales,
    stream,
    won,
)

EVENTS = [
    *stream("deal-1", opened(), repriced(300)),
    *stream("order-a", ordered("a", "acc-1", at=MORNING)),
]
AMOUNT = Cell("open_amount", person="wang")
SIGNED = Cell("customers_signed", "2025-03-10")


def _twice_as_much(sale: Sale) -> dict[Cell, int]:
    return {AMOUNT: 2 * sale.minor}


def test_a_raised_version_is_rebuilt_and_the_guard_keeps_the_others_as_they_are(engine: Engine) -> None:
    Reader(Runner(engine, "test", [sales(), FIRST_PURCHASE])).take(*EVENTS)
    assert cells_in(engine) == {Cell("open", person="wang"): 1, AMOUNT: 300, SIGNED: 1}

    newer = Runner(engine, "test", [sales(version=2, contribute=_twice_as_much), FIRST_PURCHASE])
    assert cells_in(engine) == {SIGNED: 1}
    assert newer.positions() == {}

    Reader(newer).take(*EVENTS)
    assert cells_in(engine) == {AMOUNT: 600, SIGNED: 1}
    assert entities_in(engine)["first purchase", "acc-1"][1] == {"order-a": 0}


def test_the_same_versions_again_keep_everything(engine: Engine) -> None:
    reader = Reader(Runner(engine, "test", [sales(), FIRST_PURCHASE]))
    reader.take(*EVENTS)
    again = Runner(engine, "test", [FIRST_PURCHASE, sales()])
    assert again.positions() == {TOPIC: Position(3)}
    assert cells_in(engine)[AMOUNT] == 300


def test_a_projection_that_is_gone_takes_its_cells_along_and_nothing_is_read_again(engine: Engine) -> None:
    Reader(Runner(engine, "test", [sales(), FIRST_PURCHASE])).take(*EVENTS)
    without = Runner(engine, "test", [FIRST_PURCHASE])
    assert cells_in(engine) == {SIGNED: 1}
    assert without.positions() == {TOPIC: Position(3)}


def test_a_new_projection_gets_everything_from_the_beginning(engine: Engine) -> None:
    Reader(Runner(engine, "test", [sales()])).take(*EVENTS)
    more = Runner(engine, "test", [sales(), FIRST_PURCHASE])
    Reader(more, at=more.positions().get(TOPIC)).take(*EVENTS)
    assert cells_in(engine) == {Cell("open", person="wang"): 1, AMOUNT: 300, SIGNED: 1}


def test_a_reset_empties_everything_and_reading_again_restores_it(engine: Engine) -> None:
    runner = Runner(engine, "test", [sales(), FIRST_PURCHASE])
    Reader(runner).take(*EVENTS, *stream("deal-2", opened(), lost(), won()))
    before, kept, rows = cells_in(engine), entities_in(engine), sizes(engine)
    runner.reset()
    assert set(sizes(engine).values()) == {0}
    Reader(runner).take(*EVENTS, *stream("deal-2", opened(), lost(), won()))
    assert cells_in(engine) == before
    assert entities_in(engine) == kept
    assert sizes(engine) == rows


def _without_losses(*, version: int) -> Projection[Sale]:
    kept = sales(version=version)

    def evolve(sale: Sale, event: object) -> Sale:
        return Sale() if getattr(event, "type", "") == "deal-lost.v1" else kept.evolve(sale, event)

    return sales(version=version, evolve=evolve)


def test_a_new_version_that_mends_a_parked_stream_takes_it_in_order(engine: Engine) -> None:
    events = stream("deal-1", opened(), lost(), repriced(50))
    Reader(Runner(engine, "test", [sales()])).take(*events)
    assert parked_in(engine)
    newer = Runner(engine, "test", [_without_losses(version=2)])
    Reader(newer).take(*events)
    assert parked_in(engine) == []
    assert entities_in(engine)["sales", "deal-1"][0]["minor"] == 50


def test_lines_of_a_rebuilt_log_go_on_counting(engine: Engine) -> None:
    runner = Runner(engine, "test", [sales()])
    Reader(runner).take(*EVENTS)
    before = latest(runner.engine)
    runner.reset()
    assert latest(runner.engine) == 0
    Reader(runner).take(*EVENTS)
    assert latest(runner.engine) == 2 * before
