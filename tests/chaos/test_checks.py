"""A check that finds nothing where something is wrong would be worse than none."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from shared.events.catalogue import SERVICES
from shared.eventstore.store import StoredEvent
from tests.chaos import checks
from tests.chaos.checks import Stores, Topics
from tests.chaos.stories import Command

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
OPEN = Command("customers", "/deals", {}, "deal-1", "deal-opened.v1")
WIN = Command("customers", "/deals/1/win", {}, "deal-1", "deal-won.v1")


def test_where_all_is_well_nothing_is_found() -> None:
    kept = _stores(customers=_deal(), orders=[_order("1", deal="1")])
    told = _topics(kept)
    assert checks.lost([OPEN, WIN], kept) == []
    assert checks.owed(kept, now=NOW) == []
    assert checks.doubled(kept) == []
    assert checks.untold(kept, told) == []
    assert checks.misordered(told) == []
    assert checks.invented([OPEN, WIN], kept, told) == []


def test_an_acknowledged_command_that_left_no_event_is_lost() -> None:
    assert checks.lost([OPEN, WIN], _stores(customers=_deal()[:1])) == ["/deals/1/win: deal-won.v1"]


def test_a_won_deal_is_owed_its_order() -> None:
    assert checks.owed(_stores(customers=_deal()), now=NOW) == ["no order-opened.v1 in order-1"]


@pytest.mark.parametrize(
    ("due", "owed"), [(-1, ["no handoff-breached.v1 in handoff-h"]), (1, [])], ids=["late", "in time"]
)
def test_what_is_late_is_owed_a_word_about_it(due: int, owed: Sequence[str]) -> None:
    due_at = (NOW + timedelta(seconds=due)).isoformat()
    requested = _event("handoff-h", 0, "handoff-requested.v1", due_at=due_at)
    assert checks.owed(_stores(coordination=[requested]), now=NOW) == owed


def test_a_second_order_of_a_deal_is_one_too_many() -> None:
    kept = _stores(orders=[_order("1", deal="1"), _order("2", deal="1")])
    assert checks.doubled(kept) == ["2 orders of deal 1"]


def test_what_happened_to_a_thing_twice_is_one_too_many() -> None:
    kept = _stores(customers=[*_deal(), _event("deal-1", 2, "deal-won.v1")])
    assert checks.doubled(kept) == ["deal-won.v1 in deal-1, 2 times"]


def test_an_event_that_is_not_on_the_topic_is_found() -> None:
    kept = _stores(customers=_deal())
    told = _topics(_stores(customers=_deal()[:1]))
    assert checks.untold(kept, told) == ["deal-won.v1 of deal-1 is not on the topic of customers"]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ([0, 1, 0, 1, 0], []),
        ([1, 0], ["deal-1 on the topic of customers: 1 after -1"]),
        ([0, 2, 1], ["deal-1 on the topic of customers: 2 after 0"]),
    ],
    ids=["repeats", "the wrong way round", "a gap"],
)
def test_an_event_before_its_predecessor_is_found_and_a_repeat_is_none(
    order: Sequence[int], found: Sequence[str]
) -> None:
    events = [*_deal(), _event("deal-1", 2, "deal-reopened.v1")]
    assert checks.misordered(_topics(_stores(customers=[events[n] for n in order]))) == found


def test_what_nobody_asked_for_is_found_in_the_store_and_on_the_topic() -> None:
    kept, told = _stores(customers=_deal()), _topics(_stores(customers=_deal()))
    assert checks.invented([OPEN], kept, told) == ["deal-won.v1 in deal-1 was not asked for"]
    assert checks.invented([OPEN], _stores(customers=_deal()[:1]), told) == [
        "deal-won.v1 of deal-1 on the topic of customers is not what the store has"
    ]


def _deal() -> list[StoredEvent]:
    return [_event("deal-1", 0, "deal-opened.v1"), _event("deal-1", 1, "deal-won.v1")]


def _order(order: str, *, deal: str) -> StoredEvent:
    return _event(f"order-{order}", 0, "order-opened.v1", deal_id=deal)


def _event(stream: str, revision: int, kind: str, **data: str) -> StoredEvent:
    name = uuid5(UUID(int=0), f"{stream} {revision}")
    return StoredEvent(name, stream, revision, revision, kind, NOW, json.dumps(data).encode(), b"{}")


def _stores(**kept: Sequence[StoredEvent]) -> Stores:
    return {service: kept.get(service, []) for service in SERVICES}


def _topics(kept: Stores) -> Topics:
    return {service: [_record(event) for event in events] for service, events in kept.items()}


def _record(event: StoredEvent) -> Mapping[str, Any]:
    return {
        "id": str(event.id),
        "type": event.type,
        "subject": event.stream,
        "sequence": str(event.revision),
    }
