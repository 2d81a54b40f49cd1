"""What must hold after every run: each check is given what is kept, and tells in words what is wrong."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from shared.eventstore.store import StoredEvent
from tests.chaos.stories import Command

Stores = Mapping[str, Sequence[StoredEvent]]
"""The events of each service, as its store has them."""
Topics = Mapping[str, Sequence[Mapping[str, Any]]]
"""The records of each service's topic, each partition in its order."""


class Made(NamedTuple):
    """An event, by where it stands."""

    stream: str
    type: str


BRINGS: Final[Mapping[str, tuple[Made, ...]]] = {
    "deal-won.v1": (Made("order-{}", "order-opened.v1"),),
    "order-confirmed.v1": (Made("handoff-order-to-production-{}", "handoff-requested.v1"),),
    "order-ready.v1": (
        Made("handoff-order-to-production-{}", "handoff-accepted.v1"),
        Made("handoff-order-to-production-{}", "handoff-completed.v1"),
        Made("handoff-goods-to-logistics-{}", "handoff-requested.v1"),
    ),
    "order-shipped.v1": (
        Made("handoff-goods-to-logistics-{}", "handoff-accepted.v1"),
        Made("handoff-goods-to-logistics-{}", "handoff-completed.v1"),
        Made("receivable-{}", "invoice-issued.v1"),
    ),
    "invoice-issued.v1": (Made("handoff-invoice-to-finance-{}", "handoff-requested.v1"),),
    "order-delivered.v1": (Made("handoff-delivery-to-service-{}", "handoff-requested.v1"),),
}
"""What services do by themselves because of an event: once, and for certain."""
BREACHED: Final = "handoff-breached.v1"


def lost(acknowledged: Collection[Command], stores: Stores) -> list[str]:
    """Acknowledged and not in the store."""
    there = set(_made(stores))
    return [f"{it.path}: {it.type}" for it in acknowledged if Made(it.stream, it.type) not in there]


def owed(stores: Stores, *, now: datetime) -> list[str]:
    """What should have followed by now: orders, invoices, hand-offs and what is said of late ones."""
    there = set(_made(stores))
    late = {
        Made(event.stream, BREACHED)
        for event in stores["coordination"]
        if event.type == "handoff-requested.v1"
        and datetime.fromisoformat(json.loads(event.data)["due_at"]) < now
        and Made(event.stream, "handoff-completed.v1") not in there
    }
    return [f"no {it.type} in {it.stream}" for it in sorted((_brought(there) | late) - there)]


def doubled(stores: Stores) -> list[str]:
    """Twice what is done once: nothing that these clients ask for happens to a thing a second time."""
    times = Counter(_made(stores))
    twice = [f"{made.type} in {made.stream}, {n} times" for made, n in times.items() if n > 1]
    deals = Counter(
        json.loads(event.data)["deal_id"] for event in stores["orders"] if event.type == "order-opened.v1"
    )
    return [*twice, *(f"{n} orders of deal {deal}" for deal, n in deals.items() if n > 1)]


def untold(stores: Stores, topics: Topics) -> list[str]:
    """In the store and not on the topic."""
    return [
        f"{event.type} of {event.stream} is not on the topic of {service}"
        for service, events in stores.items()
        for missing in [{str(event.id) for event in events} - {record["id"] for record in topics[service]}]
        for event in events
        if str(event.id) in missing
    ]


def invented(asked: Collection[Command], stores: Stores, topics: Topics) -> list[str]:
    """In a store though nobody asked for it, or on a topic otherwise than in the store."""
    there = set(_made(stores))
    wanted = {Made(it.stream, it.type) for it in asked} | _brought(there)
    unasked = [
        f"{it.type} in {it.stream} was not asked for" for it in sorted(there - wanted) if it.type != BREACHED
    ]
    kept = {str(event.id): (event.stream, event.revision) for events in stores.values() for event in events}
    return unasked + [
        f"{record['type']} of {record['subject']} on the topic of {service} is not what the store has"
        for service, records in topics.items()
        for record in records
        if kept.get(record["id"]) != (record["subject"], int(record["sequence"]))
    ]


def misordered(topics: Topics) -> list[str]:
    """Before its predecessor. A repeat of what was there before is none: the version guard leaves it out."""
    wrong: list[str] = []
    for service, records in topics.items():
        reached: defaultdict[str, int] = defaultdict(lambda: -1)
        for record in records:
            stream, sequence = record["subject"], int(record["sequence"])
            if sequence > reached[stream] + 1:
                wrong.append(f"{stream} on the topic of {service}: {sequence} after {reached[stream]}")
            reached[stream] = max(reached[stream], sequence)
    return wrong


def _brought(there: Collection[Made]) -> set[Made]:
    return {
        Made(it.stream.format(stream.partition("-")[2]), it.type)
        for stream, happened in there
        for it in BRINGS.get(happened, ())
    }


def _made(stores: Stores) -> Iterator[Made]:
    return (Made(event.stream, event.type) for events in stores.values() for event in events)
