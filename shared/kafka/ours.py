"""Whether a topic holds what the store holds, and where it belongs; else nothing more is published there."""

from collections.abc import Iterable, Mapping
from typing import Final

from shared.events.seen import Seen
from shared.eventstore.store import EventStore
from shared.kafka.log import End
from shared.kafka.topics import PARTITIONS, partition_of

WAY_OUT: Final = "delete the topic, so that it is filled again: see docs/operations/backup.md"


class NotOurs(Exception):
    """The topic holds an event that the store does not.

    To go on behind it would lose events: consumers skip what comes at a revision that they have taken.
    """

    def __init__(self, topic: str, event: Seen) -> None:
        super().__init__(
            f"{topic} holds events that the event store does not, such as {event.type} {event.id} at revision"
            f" {event.revision} of {event.stream}. Nothing is published. If the store was restored, {WAY_OUT}"
        )


class Misplaced(Exception):
    """The topic was filled when there was another number of partitions.

    To go on there would tear streams apart: consumers may read what happened later first, and skip the rest.
    """

    def __init__(self, topic: str, key: bytes, partition: int) -> None:
        super().__init__(
            f"{topic} holds {key.decode(errors='replace')} in partition {partition}, where it does not belong"
            f" with {PARTITIONS} partitions. Nothing is published. To have another number of partitions, make"
            " the topic anew: see docs/operations/capacity.md"
        )


def must_be_where_it_belongs(topic: str, ends: Mapping[int, End]) -> None:
    """Raises ``Misplaced``. The last events tell: with another number, half of the streams at the least
    would stand elsewhere, and some of those in partitions that are no longer among ours.
    """
    for number, end in ends.items():
        for key in end.keys:
            if number != partition_of(key):
                raise Misplaced(topic, key, number)


async def must_be_ours(store: EventStore, topic: str, ends: Iterable[End]) -> None:
    """Raises ``NotOurs``. The last event of each partition tells: what is before it went there before it."""
    for end in ends:
        if end.last is not None and not await _has(store, end.last, end.position):
            raise NotOurs(topic, end.last)


async def _has(store: EventStore, event: Seen, position: int) -> bool:
    """At its place, and from its moment: a reaction that is run again makes an event of the same id."""
    if event.revision < 0:
        return False  # nothing of ours can be read so badly
    found = await store.read(event.stream, after=event.revision - 1)
    there = [(str(it.id), it.position, it.recorded_at) for it in found[:1]]
    return there == [(event.id, position, event.recorded_at)]
