"""The embedded event store: one SQLite file, written by one process."""

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from shared.eventstore import sqlite_file
from shared.eventstore.sqlite_damage import trouble
from shared.eventstore.sqlite_writer import Answer, Append, Writer
from shared.eventstore.store import NOTHING, NewEvent, StoreDamaged, StoredEvent, StoreUnavailable

T = TypeVar("T")


class SqliteStore:
    """Acknowledges an append when its commit is on the disk; readers see nothing that is not.

    Ids are unique in the whole store: an append that brings one which stands elsewhere is a ``ValueError``.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file, for the running loop; raises ``StoreInUse`` and ``StoreUnavailable``."""
        self._path = path
        self.damage = ""
        self._loop = asyncio.get_running_loop()
        self._lock = sqlite_file.lock(path)
        try:
            self._db = sqlite_file.connect(path, reading=True)
            self._writer = Writer(path, self._answered)
        except sqlite3.Error as error:
            os.close(self._lock)
            raise trouble(path, error) from error
        self._reads = ThreadPoolExecutor(1, thread_name_prefix="event-store-reader")
        self._waiting: list[Append] = []
        self._news = asyncio.Event()
        self._closed = False
        self._stop = threading.Event()

    async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int) -> list[StoredEvent]:
        self._must_be_open()
        if not events:
            return []
        if not self._waiting:
            self._loop.call_soon(self._hand_over)  # after all who are ready in this turn of the loop
        append = Append(stream, events, expected, self._loop.create_future())
        self._waiting.append(append)
        return await append.done

    async def read(self, stream: str, *, after: int = NOTHING) -> list[StoredEvent]:
        return await self._read(partial(sqlite_file.of_stream, self._db, stream, after=after))

    async def follow(
        self, categories: Sequence[str], *, after: int = NOTHING, batch: int = 1000
    ) -> AsyncIterator[list[StoredEvent]]:
        """Ends when the store is closed."""
        seen = after
        while not self._closed:
            news = self._news  # before the query: what is committed during it must wake us
            query = partial(sqlite_file.of_categories, self._db, categories, after=seen, most=batch)
            events = await self._read(query)
            if events:
                seen = events[-1].position
                yield events
            else:
                await news.wait()

    async def head(self, categories: Sequence[str] = ()) -> int:
        self._must_be_open()
        if not categories:
            return self._writer.head
        return await self._read(partial(sqlite_file.head_of_categories, self._db, categories))

    async def last(self, categories: Sequence[str]) -> StoredEvent | None:
        return await self._read(partial(sqlite_file.last_of_categories, self._db, categories))

    async def check(self) -> None:
        try:
            await asyncio.to_thread(sqlite_file.look, self._path, self._stop)
        except sqlite3.Error as error:
            self._noted(trouble(self._path, error))

    async def close(self) -> None:
        """Commits what was appended before, ends the followers and gives the file back."""
        if self._closed:
            return
        self._closed = True
        self._stop.set()
        self._hand_over()
        self._wake()
        await asyncio.to_thread(self._writer.close)
        await asyncio.to_thread(self._reads.shutdown)
        self._db.close()
        os.close(self._lock)

    async def _read(self, query: Callable[[], T]) -> T:
        self._must_be_open()
        try:
            return await self._loop.run_in_executor(self._reads, query)
        except sqlite3.Error as error:
            raise self._noted(trouble(self._path, error)) from error

    def _noted(self, trouble: StoreUnavailable) -> StoreUnavailable:
        """Where something is damaged, nothing else can be trusted."""
        if isinstance(trouble, StoreDamaged):
            self.damage = self.damage or str(trouble)
        return trouble

    def _hand_over(self) -> None:
        if self._waiting:
            self._writer.add(self._waiting)
            self._waiting = []

    def _answered(self, group: Sequence[Append], answers: Sequence[Answer]) -> None:
        with suppress(RuntimeError):  # the loop is gone, and with it everybody who waited
            self._loop.call_soon_threadsafe(self._answer, group, answers)

    def _answer(self, group: Sequence[Append], answers: Sequence[Answer]) -> None:
        for append, answer in zip(group, answers, strict=True):
            if append.done.done():
                continue  # the caller was cancelled
            if isinstance(answer, StoreUnavailable):
                append.done.set_exception(self._noted(answer))
            elif isinstance(answer, Exception):
                append.done.set_exception(answer)
            else:
                append.done.set_result(answer)
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _must_be_open(self) -> None:
        if self._closed:
            raise StoreUnavailable("the event store is closed")
        if self.damage:
            raise StoreDamaged(self.damage)
