"""Which process sends, and which webhooks: one sender for each live one while we hold the lease."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from uuid import uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.coordination.webhooks import metrics, subscribing
from services.coordination.webhooks.queue import LEASE_FOR, Fenced, Term
from services.coordination.webhooks.sender import Means, Sender
from services.coordination.webhooks.webhook import WEBHOOK, Content, Live, Removed, Webhook
from shared.events.event import Envelope
from shared.events.webhook import WebhookEvent
from shared.eventstore.decider import Decider
from shared.eventstore.store import EventStore
from shared.service.in_thread import whole

RENEW_EVERY: Final = LEASE_FOR / 3
STAND_BY: Final = timedelta(seconds=2)
TRY_AGAIN_SECONDS: Final = 1.0

Webhooks = Decider[Webhook, WebhookEvent]

log = structlog.get_logger()


class Sending:
    """One in each process of the service; one of them at a time holds the lease, the others stand by.

    A process with a name of its own, ``owner``, takes its place again at once when it comes back.
    """

    def __init__(self, store: EventStore, webhooks: Webhooks, means: Means, *, owner: str = "") -> None:
        self._store = store
        self._webhooks = webhooks
        self._means = means
        self._owner = owner or str(uuid4())
        self._senders: dict[str, Sender] = {}
        self._described: dict[str, Content] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """For ever; whatever breaks is begun again."""
        while True:
            try:
                term = await whole(self._means.queue.acquire, self._owner, now=self._means.now())
                if term is None:
                    await asyncio.sleep(STAND_BY.total_seconds())
                    continue
                await self._hold_office(term)
            except Exception as error:
                log.exception("webhooks broke, starting them again", error=repr(error))
            await asyncio.sleep(TRY_AGAIN_SECONDS)

    def wake(self, webhook_id: str) -> None:
        """Something was lined up for it; of use in the process that sends, harmless in another."""
        if webhook_id in self._senders:
            self._senders[webhook_id].wake()

    async def _hold_office(self, term: Term) -> None:
        log.info("webhooks are sent from here", term=term.number)
        metrics.SENDS.set(1)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._renew(term))
                tasks.create_task(self._follow(term))
        except* Fenced:
            log.warning("webhooks are sent from elsewhere now", term=term.number)
        finally:
            metrics.SENDS.set(0)
            for webhook_id in list(self._tasks):
                await self._stop(webhook_id)
            with suppress(SQLAlchemyError):
                await whole(self._means.queue.give_up, term)

    async def _renew(self, term: Term) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY.total_seconds())
            await whole(self._means.queue.renew, term, now=self._means.now())

    async def _follow(self, term: Term) -> None:
        """The log says whose webhook changed; what it is now, its stream says."""
        async for events in self._store.follow((WEBHOOK.category,)):
            for stream in dict.fromkeys(event.stream for event in events):
                await self._changed(stream.removeprefix(f"{WEBHOOK.category}-"), term)

    async def _changed(self, webhook_id: str, term: Term) -> None:
        webhook = (await self._webhooks.load(webhook_id)).state
        match webhook:
            case Live(it=it) if self._described.get(webhook_id) == it:
                return
            case Live(it=it):
                await self._stop(webhook_id)
                self._described[webhook_id] = it
                self._tasks[webhook_id] = asyncio.create_task(self._send(it, term))
            case _:
                await self._stop(webhook_id)
                if isinstance(webhook, Removed):
                    await whole(self._means.queue.forget, term, webhook_id)

    async def _send(self, it: Content, term: Term) -> None:
        """Runs again what breaks: the broker, the database may be away for a while."""
        ours = True
        while ours:
            sender = self._senders[it.webhook_id] = Sender(it, term, self._means)
            try:
                await sender.run()
            except* Fenced:
                ours = False  # whoever may send it knows of it
            except* Exception as errors:
                log.exception("webhook broke, starting it again", webhook=it.webhook_id, error=repr(errors))
                await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def _stop(self, webhook_id: str) -> None:
        task = self._tasks.pop(webhook_id, None)
        self._senders.pop(webhook_id, None)
        self._described.pop(webhook_id, None)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
            metrics.forget(webhook_id)


async def disable(webhooks: Webhooks, webhook_id: str, reason: str) -> None:
    """By nobody's command: the other side said so."""
    envelope = Envelope(actor="coordination", role="system", correlation_id=str(uuid4()))
    decide = partial(subscribing.disable, reason=reason, at=datetime.now(UTC))
    await webhooks.transact(webhook_id, decide, envelope)


@asynccontextmanager
async def sending(sends: Sending) -> AsyncIterator[None]:
    """In the background, for as long as the block lasts."""
    task = asyncio.create_task(sends.run(), name="webhooks")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
