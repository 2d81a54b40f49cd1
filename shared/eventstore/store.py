"""The event store as the rest of Baton sees it: append at an expected revision, read, follow."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol
from uuid import UUID

NOTHING: Final = -1
"""The revision of a stream that does not exist, and the position before the first event."""


class NewEvent(NamedTuple):
    """An event about to be stored; ``data`` and ``metadata`` are JSON."""

    id: UUID
    type: str
    data: bytes
    metadata: bytes


class StoredEvent(NamedTuple):
    """An event as it stands in the store.

    ``revision`` counts the events of the stream from 0 without gaps; ``position`` orders all
    events of the store, growing, possibly with gaps.
    """

    id: UUID
    stream: str
    revision: int
    position: int
    type: str
    recorded_at: datetime
    data: bytes
    metadata: bytes


class WrongRevision(Exception):
    """Somebody else appended first: the stream is not at the expected revision."""

    def __init__(self, stream: str, expected: int) -> None:
        super().__init__(f"stream {stream} is not at revision {expected}")
        self.stream = stream
        self.expected = expected


class StoreUnavailable(Exception):
    """The store did not answer; whether the events were kept is not known."""


class StoreDamaged(StoreUnavailable):
    """What the store holds is not what was written to it; the message says what to do."""


class EventStore(Protocol):
    @property
    def damage(self) -> str:
        """What is wrong with the store for good: from then on it answers nothing. Empty while all is well."""

    async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int) -> list[StoredEvent]:
        """Keep all events, or none; durable once this returns.

        ``expected`` is the stream's present revision, ``NOTHING`` for a new one. Appending events
        that the stream already holds at this place (the same ids) returns them as they were stored.
        Raises ``WrongRevision`` or ``StoreUnavailable``.
        """

    async def read(self, stream: str, *, after: int = NOTHING) -> list[StoredEvent]:
        """The stream's events above revision ``after``, in order; empty for an unknown stream."""

    def follow(
        self, categories: Sequence[str], *, after: int = NOTHING, batch: int = 1000
    ) -> AsyncIterator[list[StoredEvent]]:
        """All events of these categories above position ``after``, in order of position, for ever.

        Yields non-empty lists of at most ``batch`` events and waits for more when there are none.
        An event once yielded is never preceded by one that appears later. ``deal`` is the
        category of stream ``deal-42``.
        """

    async def head(self, categories: Sequence[str] = ()) -> int:
        """The position of the last event of these categories, or of all; ``NOTHING`` when there is none."""

    async def last(self, categories: Sequence[str]) -> StoredEvent | None:
        """The last event of these categories."""

    async def check(self) -> None:
        """Look for damage in everything that is stored, at low priority; what is found is ``damage``."""

    async def close(self) -> None: ...


def category(stream: str) -> str:
    return stream.partition("-")[0]
