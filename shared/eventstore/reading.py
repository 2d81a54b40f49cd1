"""Reading a store once, as far as it goes, where following it would never end."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import cast

from shared.eventstore.store import NOTHING, EventStore, StoredEvent


async def up_to(
    head: int, store: EventStore, categories: Sequence[str], *, after: int = NOTHING, batch: int = 1000
) -> AsyncGenerator[StoredEvent, None]:
    """Events of these categories one by one; ``head`` is the position of one of them, or ``NOTHING``.

    ``batch`` of them are in memory at once.
    """
    if head <= after:
        return
    following = cast(
        "AsyncGenerator[list[StoredEvent], None]", store.follow(categories, after=after, batch=batch)
    )
    async with aclosing(following) as batches:
        async for events in batches:
            for event in events:
                if event.position > head:
                    return
                yield event
            if events[-1].position >= head:
                return
