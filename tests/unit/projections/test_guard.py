"""An event is taken once from each stream, however often and from wherever it comes."""

from datetime import timedelta

from shared.projections.database import Database
from shared.projections.projection import Cell
from shared.projections.runner import Runner, Source
from tests.unit.projections.reading import Reader, cells_in, entities_in, log_in
from tests.unit.projections.sales import (
    FIRST_PURCHASE,
    MORNING,
    Sale,
    opened,
    ordered,
    reassigned,
    repriced,
    sales,
    stream,
    won,
)

COUNTED = Cell("open_amount", person="")


def _count(sale: Sale, _event: object) -> Sale:
    return Sale(minor=sale.minor + 1)


def test_an_event_that_comes_again_changes_nothing(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales(evolve=_count)]))
    events = stream("deal-1", opened(), repriced(300))
    reader.take(*events)
    before, lines = entities_in(database), log_in(database)
    reader.take(*events)
    reader.take(events[1], events[0])
    assert entities_in(database) == before
    assert log_in(database) == lines
    assert cells_in(database)[COUNTED] == 2


def test_within_one_batch_a_repeated_event_counts_once(database: Database) -> None:
    (event,) = stream("deal-1", opened())
    Reader(Runner(database, "test", [sales(evolve=_count)])).take(event, event, event)
    assert cells_in(database)[COUNTED] == 1


def test_what_comes_before_its_predecessor_is_taken_and_the_predecessor_left_out(database: Database) -> None:
    """Kafka keeps a stream's order, and the relay fills it without gaps: a verification finds it if not."""
    events = stream("deal-1", opened(), repriced(300))
    Reader(Runner(database, "test", [sales(evolve=_count)])).take(events[1], events[0])
    assert cells_in(database)[COUNTED] == 1
    assert entities_in(database)["sales", "deal-1"][1] == {"deal-1": 1}


def test_every_stream_has_its_own_count(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    reader.take(*stream("deal-1", opened(), repriced(300), reassigned("li")))
    reader.take(*stream("deal-2", opened()))
    assert cells_in(database)[Cell("open", person="wang")] == 1
    assert entities_in(database)["sales", "deal-1"][1] == {"deal-1": 2}
    assert entities_in(database)["sales", "deal-2"][1] == {"deal-2": 0}


def test_a_process_that_starts_again_goes_by_the_revisions_in_the_database(database: Database) -> None:
    events = stream("deal-1", opened(), won())
    Reader(Runner(database, "test", [sales(evolve=_count)])).take(*events)
    Reader(Runner(database, "test", [sales(evolve=_count)]), Source("another topic")).take(*events)
    assert cells_in(database)[COUNTED] == 2


def test_an_entity_fed_by_many_streams_ends_the_same_in_any_order(database: Database) -> None:
    first = stream("order-a", ordered("a", "acc-1", at=MORNING))
    later = stream("order-b", ordered("b", "acc-1", at=MORNING + timedelta(days=2)))
    middle = stream("order-c", ordered("c", "acc-1", at=MORNING + timedelta(days=1)))
    reader = Reader(Runner(database, "test", [FIRST_PURCHASE]))
    reader.take(*later)
    assert cells_in(database) == {Cell("customers_signed", "2025-03-12"): 1}
    reader.take(*middle, *first, *later)
    assert cells_in(database) == {Cell("customers_signed", "2025-03-10"): 1}
    state, revisions = entities_in(database)["first purchase", "acc-1"]
    assert state["first_order"] == "a"
    assert revisions == {"order-a": 0, "order-b": 0, "order-c": 0}


def test_an_event_whose_entity_has_no_name_belongs_to_none(database: Database) -> None:
    order = ordered("a", "acc-1", at=MORNING).model_copy(update={"account_id": None})
    Reader(Runner(database, "test", [FIRST_PURCHASE])).take(*stream("order-a", order))
    assert entities_in(database) == {}
