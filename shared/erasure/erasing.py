"""Carries out what two managers decided: the key goes at once, and whatever was made of the data follows."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

import structlog
from prometheus_client import Gauge

from shared.erasure.erasure import Kind
from shared.events.erasure import Erased
from shared.events.event import Envelope
from shared.eventstore.keyring import Keyring
from shared.projections.comparison import Comparison
from shared.projections.database import Database
from shared.service.job import Job
from shared.service.reactions import Reaction

TRY_AGAIN_SECONDS: Final = 1.0
LOOK_AGAIN_SECONDS: Final = 0.1
NOTICE_SECONDS: Final = 2.0

log = structlog.get_logger()

UNFOLLOWED: Final = Gauge(
    "baton_erasures_unfollowed",
    "People who were erased and whom the read models may still show, until they are built anew.",
)


class Erasing:
    """The keyring remembers how far it came: whatever stops it, the next start goes on."""

    def __init__(self, kind: Kind, keyring: Keyring, *, forget: Sequence[Callable[[], None]]) -> None:
        """``forget`` empties what is kept in memory of the people of this service."""
        self._kind = kind
        self._keyring = keyring
        self._forget = forget
        self._approved = asyncio.Event()

    def reaction(self) -> Reaction:
        return Reaction("destroy-the-key-of-whom-was-erased", self._kind.erased, self._erase)

    async def _erase(self, erased: Erased, _envelope: Envelope) -> None:
        await self._keyring.destroy(erased.erasure_id)
        for forget in self._forget:
            forget()
        self._approved.set()

    async def follow(self, replay: Job[None], verification: Job[Comparison], database: Database) -> None:
        """Build the read models anew after keys were destroyed, once for all of them; never ends."""
        while True:
            self._approved.clear()
            gone = await self._keyring.unfollowed()
            UNFOLLOWED.set(len(gone))
            if gone:
                await self._rebuilt(replay, database)
                await self._keyring.followed(gone)
                _compare_again(verification)
                log.info("nothing is left of whom was erased", persons=len(gone))
            else:
                await self._approved.wait()

    async def notice(self) -> None:
        """Forget whom another process of the service erased, within seconds; never ends."""
        known = await self._keyring.destroyed()
        while True:
            await asyncio.sleep(NOTICE_SECONDS)
            now = await self._keyring.destroyed()
            if now != known:
                self._keyring.forget()
                for forget in self._forget:
                    forget()
            known = now

    async def _rebuilt(self, replay: Job[None], database: Database) -> None:
        """From the log as it can be read now, and the old read models are gone."""
        self._keyring.forget()  # another process may have destroyed one that is remembered here
        asked = datetime.now(UTC)
        while True:
            run = await asyncio.shield(replay.start())
            if run.failed:
                await asyncio.sleep(TRY_AGAIN_SECONDS)
            elif run.started_at >= asked:  # one that was under way may have read before
                break
        while await asyncio.to_thread(database.others):  # noqa: ASYNC110 - whoever looks at the old one may be another process
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _compare_again(verification: Job[Comparison]) -> None:
    """A comparison that was made meanwhile found the people who were erased."""
    last = verification.last
    if last and last.result and last.result.differences:
        verification.start(gently=True)
