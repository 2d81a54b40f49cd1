"""The event store on a server: KurrentDB, or EventStoreDB as it was called before."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from kurrentdbclient import AsyncKurrentDBClient, RecordedEvent, StreamState
from kurrentdbclient import NewEvent as Proposed
from kurrentdbclient.exceptions import (
    BadRequestError,
    ConsumerTooSlowError,
    InvalidArgumentError,
    KurrentDBClientError,
    MaximumAppendSizeExceededError,
    NotFoundError,
    ProgrammingError,
    WrongCurrentVersionError,
)

from shared.eventstore.store import NOTHING, NewEvent, StoredEvent, StoreUnavailable, WrongRevision

ANSWER_WITHIN: Final = 10.0
"""Seconds a call may take before the store counts as unavailable."""
KEEP_ALIVE: Final = "KeepAliveInterval=10000&KeepAliveTimeout=10000"
"""Milliseconds; without it a follower never learns that its server lost power."""
WINDOW: Final = 500
"""Events of other categories that the server passes over before it says how far it is."""
EVERYTHING: Final = 2**31 - 1

_NEVER_TAKEN: Final = (BadRequestError, InvalidArgumentError, MaximumAppendSizeExceededError)

Arrivals = asyncio.Queue[RecordedEvent | None]
"""Events and checkpoints in the server's order; ``None`` when the subscription has ended."""


class KurrentStore:
    """``position`` is the server's commit position. Its limit for one append is 1 MB unless configured."""

    damage = ""

    def __init__(self, url: str) -> None:
        """Connects when first used; raises ``ValueError`` for an address that the client does not take."""
        self._client = AsyncKurrentDBClient(_kept_alive(url))
        self._closed = False

    async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int) -> list[StoredEvent]:
        """Raises ``ValueError`` for events that the server never takes, such as too large ones."""
        if not events:
            return []
        proposed = [Proposed(type=e.type, data=e.data, metadata=e.metadata, id=e.id) for e in events]
        present = StreamState.NO_STREAM if expected == NOTHING else expected
        with self._answering(), suppress(WrongCurrentVersionError):
            # The client repeats a call whose answer was lost: the server knows the ids and keeps them once.
            await self._client.append_to_stream(
                stream, events=proposed, current_version=present, timeout=ANSWER_WITHIN
            )
        # The answer names only the last position, and a refusal may be of events that are there already.
        held = await self._held(stream, after=expected, most=len(events))
        if [e.id for e in held] != [e.id for e in events]:
            raise WrongRevision(stream, expected)
        return held

    async def read(self, stream: str, *, after: int = NOTHING) -> list[StoredEvent]:
        return await self._held(stream, after=after, most=EVERYTHING)

    async def follow(
        self, categories: Sequence[str], *, after: int = NOTHING, batch: int = 1000
    ) -> AsyncIterator[list[StoredEvent]]:
        """Ends when the store is closed; raises ``StoreUnavailable`` when the server goes away."""
        seen = after
        while not self._closed:
            arrivals = Arrivals(batch)
            receiving = asyncio.create_task(self._receive(categories, seen, arrivals))
            try:
                while come := await _all_there(arrivals, most=batch):
                    news = [_stored(e) for e in come if not e.is_checkpoint and e.commit_position > seen]
                    seen = max(seen, come[-1].commit_position)
                    if news:
                        yield news
                if not self._closed:
                    await receiving
            finally:
                receiving.cancel()
                await asyncio.gather(receiving, return_exceptions=True)

    async def head(self, categories: Sequence[str] = ()) -> int:
        found = await self._last(categories)
        return found.commit_position if found else NOTHING

    async def last(self, categories: Sequence[str]) -> StoredEvent | None:
        found = await self._last(categories)
        return _stored(found) if found else None

    async def check(self) -> None:
        """The server checks its own files."""

    async def close(self) -> None:
        self._closed = True
        with suppress(ProgrammingError):  # it was never connected
            await self._client.close()

    async def _last(self, categories: Sequence[str]) -> RecordedEvent | None:
        with self._answering():
            last = await self._client.read_all(
                backwards=True, limit=1, timeout=ANSWER_WITHIN, **_only(categories)
            )
            async with last as events:
                return await anext(aiter(events), None)

    async def _held(self, stream: str, *, after: int, most: int) -> list[StoredEvent]:
        with self._answering(), suppress(NotFoundError):
            events = await self._client.get_stream(
                stream, stream_position=after + 1, limit=most, timeout=ANSWER_WITHIN
            )
            return [_stored(e) for e in events]
        return []

    async def _receive(self, categories: Sequence[str], after: int, arrivals: Arrivals) -> None:
        try:
            with self._answering(), suppress(ConsumerTooSlowError):  # then it is followed from there anew
                subscription = await self._client.subscribe_to_all(
                    commit_position=None if after == NOTHING else after,
                    **_only(categories),
                    include_checkpoints=True,
                    window_size=WINDOW,
                )
                try:  # not `async with`: inside that the client's close() would wait for us in vain
                    async for event in subscription:
                        await arrivals.put(event)
                finally:
                    await subscription.stop()
        except StoreUnavailable:
            await arrivals.put(None)
            raise
        await arrivals.put(None)

    @contextmanager
    def _answering(self) -> Iterator[None]:
        if self._closed:
            raise StoreUnavailable("the event store is closed")
        try:
            yield
        except _NEVER_TAKEN as error:
            raise ValueError(f"these events cannot be kept: {error}") from error
        except KurrentDBClientError as error:
            raise StoreUnavailable(f"{type(error).__name__}: {error}") from error


def _only(categories: Sequence[str]) -> Mapping[str, Any]:
    """What restricts a reading of everything to some categories; nothing where none is named."""
    if not categories:
        return {}
    prefixes = [f"{name}-" for name in categories]
    return {"filter_include": prefixes, "filter_by_stream_name": True, "filter_by_prefix": True}


async def _all_there(arrivals: Arrivals, *, most: int) -> list[RecordedEvent]:
    """Waits for one and takes what has arrived with it; empty once the subscription has ended."""
    come: list[RecordedEvent] = []
    while len(come) < most and not (come and arrivals.empty()):
        event = await arrivals.get()
        if event is None:
            arrivals.put_nowait(None)  # to be met again by the next call
            break
        come.append(event)
    return come


def _stored(event: RecordedEvent) -> StoredEvent:
    if event.recorded_at is None:
        raise StoreUnavailable(f"the server does not say when {event.id} was recorded")
    return StoredEvent(
        event.id,
        event.stream_name,
        event.stream_position,
        event.commit_position,
        event.type,
        event.recorded_at,
        event.data,
        event.metadata,
    )


def _kept_alive(url: str) -> str:
    if "keepalive" in url.lower():
        return url
    return f"{url}{'&' if '?' in url else '?'}{KEEP_ALIVE}"
