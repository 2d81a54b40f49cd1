"""Whether the store holds what a topic holds: one that was restored has forgotten its last events."""

from collections.abc import Iterable
from typing import Final

from shared.events.seen import Seen
from shared.eventstore.store import EventStore
from shared.kafka.log import End

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
