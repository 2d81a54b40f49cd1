"""Which process reads which part of the log: all of an entity in one, about as many events in each."""

from zoneinfo import ZoneInfo

import pytest

from services.performance import lists
from shared.projections.runner import Position, Source
from shared.service.intake import OWN_STORE
from shared.service.shares import FOR_ANOTHER, in_shares
from tests.unit.projections.sales import FIRST_PURCHASE, sales

PERFORMANCE = lists.folds(ZoneInfo("Asia/Shanghai")).all
TO = {
    OWN_STORE: Position(100_000),
    **{Source("baton.customers.events", n): Position(100_000, f"c{n}") for n in range(12)},
    **{Source("baton.orders.events", n): Position(50_000, f"o{n}") for n in range(12)},
}


@pytest.mark.parametrize("workers", [1, 2, 3, 16])
def test_every_source_is_in_one_share_up_to_where_it_is_asked_for(workers: int) -> None:
    shares = in_shares(TO, PERFORMANCE, workers=workers)
    assert len(shares) == workers
    assert sum(map(len, shares)) == len(TO)
    assert {source: at for share in shares for source, at in share.items()} == TO


def test_shares_have_about_as_many_events() -> None:
    shares = in_shares(TO, PERFORMANCE, workers=4)
    sizes = [sum(at.position for at in share.values()) for share in shares]
    assert sum(sizes) == 1_900_000
    assert max(sizes) - min(sizes) <= 50_000


def test_the_own_store_is_read_by_the_service_itself() -> None:
    assert OWN_STORE in in_shares(TO, PERFORMANCE, workers=16)[0]


def test_a_topic_of_entities_that_several_streams_feed_stays_whole_in_the_first() -> None:
    first, *others = in_shares(TO, (sales(), FIRST_PURCHASE), workers=3)
    orders = {source for source in TO if source.name == "baton.orders.events"}
    assert orders < first.keys()
    assert {source.name for share in others for source in share} == {"baton.customers.events"}


def test_where_there_is_nothing_to_share_there_are_no_others() -> None:
    assert in_shares({OWN_STORE: Position(9)}, PERFORMANCE, workers=4) == [{OWN_STORE: Position(9)}]
    assert in_shares({}, PERFORMANCE, workers=4) == [{}]


def test_who_asks_for_more_than_there_are_partitions_gets_one_for_each() -> None:
    two = {source: at for source, at in TO.items() if source.name == "baton.orders.events"}
    assert [len(share) for share in in_shares(two, PERFORMANCE, workers=16)] == [1] * 12


def test_no_process_is_started_for_little() -> None:
    much = {Source("baton.orders.events", n): Position(FOR_ANOTHER // 5, f"o{n}") for n in range(5)}
    assert sorted(len(share) for share in in_shares(much, PERFORMANCE, workers=3)) == [2, 3]
    less = {source: at for source, at in much.items() if source.partition < 4}
    assert in_shares(less, PERFORMANCE, workers=3) == [less]
