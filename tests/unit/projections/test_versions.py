"""Read models are disposable: for other versions another one is built, and takes the old one's place."""

from typing import Any

import pytest

from shared.events.seen import Seen
from shared.projections.database import Database
from shared.projections.projection import Cell, Projection
from shared.projections.runner import Outdated, Position, Runner
from tests.unit.projections.reading import TOPIC, Reader, cells_in, entities_in, parked_in, sizes
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

Folds = list[Projection[Any]]

EVENTS = [
    *stream("deal-1", opened(), repriced(300)),
    *stream("order-a", ordered("a", "acc-1", at=MORNING)),
]
AMOUNT = Cell("open_amount", person="wang")
SIGNED = Cell("customers_signed", "2025-03-10")


def _twice_as_much(sale: Sale) -> dict[Cell, int]:
    return {AMOUNT: 2 * sale.minor}


def test_a_raised_version_leaves_the_old_numbers_until_the_new_ones_are_there(database: Database) -> None:
    Reader(Runner(database, "test", [sales(), FIRST_PURCHASE])).take(*EVENTS)
    old = {Cell("open", person="wang"): 1, AMOUNT: 300, SIGNED: 1}
    assert cells_in(database) == old

    folds: Folds = [sales(version=2, contribute=_twice_as_much), FIRST_PURCHASE]
    newer = Runner(database, "test", folds)
    assert newer.outdated
    assert cells_in(database) == old
    with pytest.raises(Outdated):
        Reader(newer, at=newer.positions().get(TOPIC)).take(*EVENTS)
    assert cells_in(database) == old

    _build(newer, folds, *EVENTS)
    assert not newer.outdated
    assert cells_in(database) == {AMOUNT: 600, SIGNED: 1}
    assert entities_in(database)["first purchase", "acc-1"][1] == {"order-a": 0}
    assert newer.positions() == {TOPIC: Position(3)}


def test_the_same_versions_again_keep_everything(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales(), FIRST_PURCHASE]))
    reader.take(*EVENTS)
    again = Runner(database, "test", [FIRST_PURCHASE, sales()])
    assert again.positions() == {TOPIC: Position(3)}
    assert cells_in(database)[AMOUNT] == 300


def test_a_projection_that_is_gone_takes_its_cells_along_and_nothing_is_read_again(
    database: Database,
) -> None:
    Reader(Runner(database, "test", [sales(), FIRST_PURCHASE])).take(*EVENTS)
    without = Runner(database, "test", [FIRST_PURCHASE])
    assert cells_in(database) == {SIGNED: 1}
    assert without.positions() == {TOPIC: Position(3)}


def test_a_new_projection_gets_everything_from_the_beginning(database: Database) -> None:
    Reader(Runner(database, "test", [sales()])).take(*EVENTS)
    folds: Folds = [sales(), FIRST_PURCHASE]
    more = Runner(database, "test", folds)
    assert more.outdated
    _build(more, folds, *EVENTS)
    assert cells_in(database) == {Cell("open", person="wang"): 1, AMOUNT: 300, SIGNED: 1}


def test_where_nothing_was_read_yet_any_versions_will_do(database: Database) -> None:
    Runner(database, "test", [sales(), FIRST_PURCHASE])
    newer = Runner(database, "test", [sales(version=2)])
    assert not newer.outdated
    assert not Runner(database, "test", [sales(version=2)]).outdated


def test_what_is_built_anew_is_as_before(database: Database) -> None:
    folds: Folds = [sales(), FIRST_PURCHASE]
    runner = Runner(database, "test", folds)
    events = [*EVENTS, *stream("deal-2", opened(), lost(), won())]
    Reader(runner).take(*events)
    before, kept, rows = cells_in(database), entities_in(database), sizes(database)
    _build(runner, folds, *events)
    assert cells_in(database) == before
    assert entities_in(database) == kept
    assert sizes(database) == rows


def _without_losses(*, version: int) -> Projection[Sale]:
    kept = sales(version=version)

    def evolve(sale: Sale, event: object) -> Sale:
        return Sale() if getattr(event, "type", "") == "deal-lost.v1" else kept.evolve(sale, event)

    return sales(version=version, evolve=evolve)


def test_a_new_version_that_mends_a_parked_stream_takes_it_in_order(database: Database) -> None:
    events = stream("deal-1", opened(), lost(), repriced(50))
    Reader(Runner(database, "test", [sales()])).take(*events)
    assert parked_in(database)
    folds: Folds = [_without_losses(version=2)]
    newer = Runner(database, "test", folds)
    _build(newer, folds, *events)
    assert parked_in(database) == []
    assert entities_in(database)["sales", "deal-1"][0]["minor"] == 50


def _build(runner: Runner, folds: Folds, *events: Seen) -> None:
    """What a rebuild does, with a log that is these events."""
    with runner.database.beside() as beside:
        Reader(Runner(beside, "test", folds, quiet=True)).take(*events)
        runner.database.take_over(beside)
    runner.begin_anew()
