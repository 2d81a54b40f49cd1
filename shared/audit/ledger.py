"""The ledger of a service: what the store holds, sealed some seconds later in pages that stand there, too.

A stream of its own: backed up and restored with the events, and no two processes can both append page 7.
"""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from math import nan
from typing import Final
from uuid import uuid4

import structlog
from prometheus_client import Gauge

from shared.ages import age
from shared.audit import page as pages
from shared.audit.page import BEGINNING, End, Entry, Page
from shared.events.catalogue import categories
from shared.eventstore.reading import up_to
from shared.eventstore.store import EventStore, NewEvent, StoredEvent, StoreUnavailable, WrongRevision

SEAL_EVERY_SECONDS: Final = 10.0
MOST_ENTRIES: Final = 1000
"""Some 200 kB: KurrentDB takes a megabyte at once."""

log = structlog.get_logger()

HEALTHY: Final = Gauge(
    "baton_ledger_healthy",
    "1 while all that is stored is sealed in the ledger of the audit, 0 while that fails, or is refused as "
    "the store is not what was sealed; NaN in a process that does not seal.",
)
HEALTHY.set(nan)
UNSEALED_SECONDS: Final = Gauge(
    "baton_ledger_unsealed_seconds",
    "Age of the oldest stored event that is on no page of the ledger, looked at every ten seconds; 0 when "
    "there is none. What is not sealed yet can be changed unnoticed.",
)


class NotAsSealed(Exception):
    """The store does not hold what its ledger says: to seal more would hide that."""


class Ledger:
    """Of one service. Several processes may seal at once: whose page comes second is refused."""

    def __init__(self, store: EventStore, service: str, secret: str) -> None:
        """``store`` is the one that keeps events as they are, sealed."""
        self._store = store
        self._service = service
        self._key = pages.signing_key(secret)
        self._end: End | None = None
        self._refused = ""

    async def run(self) -> None:
        """Seal until cancelled."""
        while True:
            try:
                await self.seal()
            except (StoreUnavailable, WrongRevision) as trouble:
                log.warning("ledger could not seal", service=self._service, trouble=str(trouble))
                self._failed()
            except NotAsSealed as found:
                self._refuse(str(found))
            else:
                self._refused = ""
                HEALTHY.set(1)
            await asyncio.sleep(SEAL_EVERY_SECONDS)

    async def seal(self) -> None:
        """Everything that is stored by now; raises ``NotAsSealed`` and what the store raises."""
        self._end = self._end or await self._continued()
        own = categories(self._service)
        head = await self._store.head(own)
        if head < self._end.position:
            raise _not_as_sealed("events are missing at its end")
        unsealed: list[StoredEvent] = []
        async with aclosing(up_to(head, self._store, own, after=self._end.position)) as events:
            async for event in events:
                unsealed.append(event)
                if len(unsealed) == MOST_ENTRIES:
                    await self._append(unsealed)
                    unsealed = []
        if unsealed:
            await self._append(unsealed)
        UNSEALED_SECONDS.set(0)

    async def _append(self, events: Sequence[StoredEvent]) -> None:
        UNSEALED_SECONDS.set(age(events[0].recorded_at))
        before, self._end = self._end or BEGINNING, None  # looked at again unless this succeeds
        entries = [pages.entry(pages.told(event)) for event in events]
        page = Page(self._service, before.number + 1, before.sha256, pages.now(), entries)
        kept = pages.signed(page, self._key)
        new = NewEvent(uuid4(), pages.PAGE, kept, b"{}")
        await self._store.append(pages.stream(self._service), [new], expected=before.number)
        self._end = pages.end(kept)

    async def _continued(self) -> End:
        """Where the ledger ends. That its last event is still there tells whether it is of this store."""
        kept = await last_page(self._store, self._service)
        if kept is None:
            return BEGINNING
        try:
            end = pages.end(kept.data)
        except ValueError as error:
            raise _not_as_sealed(f"its last page cannot be read: {error}") from error
        if end.last and not await self._has(end.last):
            raise _not_as_sealed(f"event {end.last.id} of {end.last.stream} is not there as it was sealed")
        return end

    async def _has(self, last: Entry) -> bool:
        there = await self._store.read(last.stream, after=last.revision - 1)
        return bool(there) and pages.entry(pages.told(there[0])) == last

    def _refuse(self, why: str) -> None:
        if why != self._refused:
            log.error("ledger seals nothing", service=self._service, why=why)
        self._refused = why
        self._failed()

    def _failed(self) -> None:
        self._end = None
        HEALTHY.set(0)


async def last_page(store: EventStore, service: str) -> StoredEvent | None:
    """``None`` as long as nothing was sealed."""
    return await store.last([pages.category(service)])


def _not_as_sealed(what: str) -> NotAsSealed:
    return NotAsSealed(
        f"The event store is not what its ledger says: {what}. `baton audit export` and `baton audit verify`"
        " find what was changed; docs/operations/audit.md says what to do."
    )
