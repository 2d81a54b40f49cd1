"""What cannot be folded waits with all that follows it in its stream, and nothing else waits."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from shared.events.event import SEALED, Event
from shared.events.seen import Seen
from shared.projections.database import Database
from shared.projections.projection import Cell
from shared.projections.runner import Runner
from shared.projections.tables import parked
from tests.counted import counting, said
from tests.unit.projections.reading import Reader, cells_in, entities_in, parked_in, sizes
from tests.unit.projections.sales import (
    Sale,
    evolve,
    lost,
    opened,
    reassigned,
    repriced,
    sales,
    stream,
    won,
)

BAD_PAYLOADS = {
    "not JSON": b"{",
    "not an object": b"[]",
    "empty": b"",
    "a text where money belongs": opened().wire().replace(b'"minor":100', b'"minor":"100"'),
    "negative money": opened().wire().replace(b'"minor":100', b'"minor":-1'),
    "a time without a zone": opened().wire().replace(b"Z", b""),
    "NUL in a name": opened().wire().replace(b"Atlas 200", b"Atlas\\u0000"),
}


def _evolve_with_losses(sale: Sale, event: Event) -> Sale:
    return Sale() if event.type == "deal-lost.v1" else evolve(sale, event)


@pytest.mark.parametrize("data", BAD_PAYLOADS.values(), ids=BAD_PAYLOADS)
def test_a_bad_payload_parks_its_stream_and_others_go_on(database: Database, data: bytes) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    bad, behind = stream("deal-1", opened(), won())
    reader.take(bad._replace(data=data), *stream("deal-2", opened("li")), behind)
    assert parked_in(database) == [("deal-1", 0, True), ("deal-1", 1, False)]
    assert cells_in(database) == {Cell("open", person="li"): 1, Cell("open_amount", person="li"): 100}


def test_what_cannot_be_opened_parks_its_stream_and_is_not_taken_for_erased(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    [sealed] = stream("deal-1", opened())
    data = json.loads(sealed.data) | {SEALED: "AAAA"}
    reader.take(sealed._replace(data=json.dumps(data).encode()), *stream("deal-2", opened("li")))
    assert parked_in(database) == [("deal-1", 0, True)]
    assert cells_in(database) == {Cell("open", person="li"): 1, Cell("open_amount", person="li"): 100}


@pytest.mark.parametrize(
    "wrong",
    [{"stream": ""}, {"revision": -1}, {"revision": 10**30}],
    ids=["no stream", "no revision", "a revision no column can hold"],
)
def test_a_record_that_does_not_say_where_it_belongs_is_parked(database: Database, wrong: Any) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    (event,) = stream("deal-1", opened())
    reader.take(event._replace(**wrong), *stream("deal-2", opened()))
    assert [bad for _, _, bad in parked_in(database)] == [True]
    assert list(entities_in(database)) == [("sales", "deal-2")]


def test_a_fold_that_trips_parks_the_stream_as_it_stood_before(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    reader.take(*stream("deal-1", opened(), lost(), won()), *stream("deal-2", opened("li")))
    assert parked_in(database) == [("deal-1", 1, True), ("deal-1", 2, False)]
    assert cells_in(database)[Cell("open", person="wang")] == 1
    assert cells_in(database)[Cell("open", person="li")] == 1


def test_a_rule_for_the_entitys_name_that_trips_parks_the_stream_too(database: Database) -> None:
    def name(seen: Seen, event: Any) -> str:
        return {"wang": seen.stream}[event.owner]

    reader = Reader(Runner(database, "test", [sales(entity=name)]))
    reader.take(*stream("deal-1", opened("li")), *stream("deal-2", opened("wang")))
    assert parked_in(database) == [("deal-1", 0, True)]
    assert list(entities_in(database)) == [("sales", "deal-2")]


def test_where_one_projection_trips_no_other_takes_the_event(database: Database) -> None:
    calm = sales(evolve=_evolve_with_losses, contribute=lambda _: {Cell("calm"): 1})
    calm = type(calm)(**{**vars(calm), "name": "calm"})
    Reader(Runner(database, "test", [calm, sales()])).take(*stream("deal-1", opened(), lost()))
    revisions = {name: taken for (name, _), (_, taken) in entities_in(database).items()}
    assert revisions == {"calm": {"deal-1": 0}, "sales": {"deal-1": 0}}


def test_later_batches_of_a_parked_stream_queue_behind_also_after_a_restart(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    bad, *rest = stream("deal-1", opened(), repriced(300), won())
    reader.take(bad._replace(data=b"{"))
    reader.take(rest[0])
    Reader(Runner(database, "test", [sales()]), at=reader.at).take(rest[1], rest[1])
    assert parked_in(database) == [("deal-1", 0, True), ("deal-1", 1, False), ("deal-1", 2, False)]
    assert entities_in(database) == {}


def test_a_stream_queues_in_its_own_order_whatever_each_event_stumbled_over(database: Database) -> None:
    first, trips, unreadable = stream("deal-1", opened(), lost(), repriced(300))
    Reader(Runner(database, "test", [sales()])).take(first, trips, unreadable._replace(data=b"{"))
    assert parked_in(database) == [("deal-1", 1, True), ("deal-1", 2, True)]


def test_what_is_parked_counts_and_since_when(database: Database) -> None:
    runner = Runner(database, "test", [sales()])
    reader = Reader(runner)
    bad, behind = stream("deal-1", opened(), won())
    before = datetime.now(UTC)
    reader.take(bad._replace(data=b"{"), behind, *stream("deal-2", opened("li")))
    assert said("baton_parked_streams") == 1
    streams, since = runner.parking.waiting()
    assert (streams, since is not None and before <= since <= datetime.now(UTC)) == (1, True)

    with database.begin() as tx:
        tx.execute(update(parked).values(parked_at=parked.c.parked_at - 3_600_000_000))
    runner.count_parked()
    assert 3600 <= said("baton_parked_oldest_age_seconds") < 3700

    runner.redrive(drop=True)
    assert (said("baton_parked_streams"), said("baton_parked_oldest_age_seconds")) == (0, 0)


def test_a_stream_that_somebody_else_took_up_counts_no_more(database: Database) -> None:
    runner = Runner(database, "test", [sales()])
    [bad] = stream("deal-1", opened())
    Reader(runner).take(bad._replace(data=b"{"))
    Runner(database, "test", [sales()], quiet=True).redrive(drop=True)
    assert said("baton_parked_streams") == 1
    runner.count_parked()
    assert said("baton_parked_streams") == 0


def test_what_is_built_beside_counts_nothing(database: Database) -> None:
    first, strange, last = stream("deal-1", opened(), opened(), won())
    beside = Reader(Runner(database, "test", [sales()], quiet=True))
    with (
        counting("baton_projection_events_total", 0),
        counting("baton_projection_apply_seconds_count", 0),
        counting("baton_projection_skipped_total", 0, reason="unknown type"),
        counting("baton_projection_skipped_total", 0, reason="seen before"),
    ):
        beside.take(first, first, strange._replace(type="deal-teleported.v1"), last._replace(data=b"{"))
    assert said("baton_parked_streams") == 0
    assert parked_in(database) == [("deal-1", 2, True)]


def test_an_unknown_type_is_skipped_and_counted(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    strange, none, fine = stream("deal-1", opened(), opened(), opened())
    with (
        counting("baton_projection_skipped_total", 2, reason="unknown type"),
        counting("baton_projection_events_total", 1),
        counting("baton_projection_apply_seconds_count", 1),
    ):
        reader.take(strange._replace(type="deal-teleported.v1"), none._replace(type=""), fine)
    assert parked_in(database) == []
    assert cells_in(database)[Cell("open", person="wang")] == 1


def test_a_redrive_takes_a_stream_up_when_the_cause_is_gone(database: Database) -> None:
    reader = Reader(Runner(database, "test", [sales()]))
    reader.take(*stream("deal-1", opened(), lost(), reassigned("li")))
    mended = Runner(database, "test", [sales(evolve=_evolve_with_losses)])
    assert [seen.revision for seen in mended.redrive()] == [1, 2]
    assert parked_in(database) == []
    assert mended.parking.streams() == frozenset()
    assert cells_in(database) == {Cell("open", person="li"): 1}
    Reader(mended, at=reader.at).take(*stream("deal-1", repriced(9), first=3))
    assert cells_in(database)[Cell("open_amount", person="li")] == 9


def test_a_redrive_before_that_changes_nothing(database: Database) -> None:
    runner = Runner(database, "test", [sales()])
    Reader(runner).take(*stream("deal-1", opened(), lost(), won()), *stream("deal-2", opened()))
    before, kept = sizes(database), cells_in(database)
    assert runner.redrive() == []
    assert sizes(database) == before
    assert cells_in(database) == kept


def test_a_redrive_that_drops_throws_away_the_first_bad_event_alone(database: Database) -> None:
    runner = Runner(database, "test", [sales()])
    first, bad, good, worse, last = stream("deal-1", opened(), won(), repriced(300), lost(), won())
    Reader(runner).take(first, bad._replace(data=b"{"), good, worse, last)
    assert [seen.revision for seen in runner.redrive(drop=True)] == [2]
    assert parked_in(database) == [("deal-1", 3, False), ("deal-1", 4, False)]
    assert cells_in(database)[Cell("open_amount", person="wang")] == 300
    assert [seen.revision for seen in runner.redrive(drop=True)] == [4]
    assert parked_in(database) == []


def test_what_was_parked_comes_back_as_it_was(database: Database) -> None:
    (bad,) = stream("deal-1", opened())
    bad = bad._replace(data=b'{"half":')
    runner = Runner(database, "test", [sales()])
    Reader(runner).take(bad)
    ((seen, error),) = runner.parking.unannounced()
    assert seen == bad
    assert error
    runner.parking.announced([seen])
    assert runner.parking.unannounced() == []
