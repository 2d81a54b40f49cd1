"""The customers service on another store: `python -m bench.commands.stores forgets` or `one-by-one`.

What durable commands cost shows beside these two; everything else of the service is as it is.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Final
from unittest.mock import patch

from services.customers.main import NAME, build
from shared.eventstore.open import open_store
from shared.eventstore.sqlite_writer import Writer
from shared.eventstore.store import NOTHING, EventStore, NewEvent, StoredEvent
from shared.service.serve import serve


class Forgetful:
    """A store that forgets: acknowledges at once and keeps nothing, so nothing can be read or followed."""

    async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int) -> list[StoredEvent]:
        at = datetime.now(UTC)
        return [
            StoredEvent(e.id, stream, expected + 1 + n, 0, e.type, at, e.data, e.metadata)
            for n, e in enumerate(events)
        ]

    async def read(self, stream: str, *, after: int = NOTHING) -> list[StoredEvent]:
        del stream, after
        return []

    async def follow(
        self, categories: Sequence[str], *, after: int = NOTHING, batch: int = 1000
    ) -> AsyncIterator[list[StoredEvent]]:
        del categories, after, batch
        await asyncio.Event().wait()
        yield []

    async def head(self, categories: Sequence[str] = ()) -> int:
        del categories
        return NOTHING

    async def last(self, categories: Sequence[str]) -> StoredEvent | None:
        del categories

    damage = ""

    async def check(self) -> None:
        pass

    async def close(self) -> None:
        pass


class OneByOne(Writer):
    """The same writer without groups: every append has a commit, and so a write to the disk, of its own."""

    def _run(self) -> None:
        while group := self._queue.get():
            for append in group:
                self._answered([append], self._commit([append]))


async def forgets(_url: str) -> EventStore:
    return Forgetful()


async def one_by_one(url: str) -> EventStore:
    with patch("shared.eventstore.sqlite.Writer", OneByOne):
        return await open_store(url)


STORES: Final = {"forgets": forgets, "one-by-one": one_by_one}

if __name__ == "__main__":
    with patch("shared.service.running.open_store", STORES[sys.argv[1]]):
        serve(NAME, build)
