"""What runs inside a service beside its web app, by the roles of the process."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

import structlog
from fastapi import FastAPI

from shared.audit.ledger import Ledger
from shared.events.catalogue import EVENTS, PERSONAL_FIELDS
from shared.eventstore.keyring import open_keyring
from shared.eventstore.open import open_store
from shared.eventstore.sealed import Sealed
from shared.eventstore.store import EventStore
from shared.kafka.relay import Relay
from shared.projections.database import Database, open_database
from shared.projections.feed import Feed
from shared.service.background import Part, every, together
from shared.service.freshness import Watch
from shared.service.loop_delay import measure_loop
from shared.service.otlp import exporting
from shared.service.settings import Settings
from shared.service.sources import topics_of
from shared.service.streaming import LOOK_AGAIN_SECONDS, Streaming, Work

FEED_EVERY_SECONDS: Final = 0.1
"""Where other processes fill the read model, too, the live feed looks for news so often."""
COPY_BACK_SECONDS: Final = 0.5
"""What SQLite copies at once is as much as came in so long: a commit beside it waits little for the disk."""
CHECK_EVERY_SECONDS: Final = 24 * 3600.0
"""And at the start, which does not wait for it."""
STOP_WITHIN_SECONDS: Final = 12.0
NOT_YET: Final = "is not connected yet, or not caught up"

log = structlog.get_logger()


@asynccontextmanager
async def opened(app: FastAPI, service: str) -> AsyncIterator[tuple[EventStore, Database]]:
    """The service's event store and its read-model database, for as long as the block runs.

    ``app.state.log`` is the store as it is kept, with what is personal sealed.
    """
    settings: Settings = app.state.settings
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(exporting(settings.otel_exporter_otlp_endpoint, service))
        store = app.state.log = await open_store(settings.store_of(service))
        stack.push_async_callback(store.close)
        if PERSONAL_FIELDS.keys() & {name for name, it in EVENTS.items() if it.service == service}:
            master_key = settings.master_key.get_secret_value()
            app.state.keyring = open_keyring(settings.keys_of(service), master_key)
            stack.callback(app.state.keyring.close)
            store = Sealed(store, app.state.keyring)
        database = open_database(settings.database_of(service))
        stack.callback(database.dispose)
        app.state.store = store
        yield store, database


@asynccontextmanager
async def running(
    app: FastAPI, service: str, work: Work, *, store: EventStore, database: Database
) -> AsyncIterator[None]:
    """Everything in the background, started and stopped with the app; fills ``app.state``."""
    settings: Settings = app.state.settings
    brokers = settings.brokers()
    folds = work.folds()
    feed = Feed(database, look_every=FEED_EVERY_SECONDS if database.shared else None)
    watch = Watch(database, service, store, brokers, topics_of(folds.others, work.to_others))
    app.state.feed, app.state.freshness = feed, watch
    background: dict[str, Part] = {
        "feed": feed.run,
        "freshness": watch.run,
        "event loop": measure_loop,
        "store check": every(CHECK_EVERY_SECONDS, app.state.log.check),
    }
    if not database.shared:
        background["copying back"] = every(COPY_BACK_SECONDS, partial(asyncio.to_thread, database.copy_back))
    if work.erasing and database.shared:
        background["forgetting"] = work.erasing.notice
    relay = streaming = None
    if settings.plays("relay"):
        relay = Relay(app.state.log, service, brokers, replication=settings.kafka_replication)
        background["relay"] = relay.run
        background["ledger"] = Ledger(app.state.log, service, settings.audit_secret()).run
    if settings.plays("stream"):
        streaming = Streaming(app, service, work, store=store, database=database, applied=feed.wake)
        background |= streaming.parts()
    elif database.shared:
        background["read model"] = every(LOOK_AGAIN_SECONDS, partial(asyncio.to_thread, database.look_again))

    def waiting() -> Mapping[str, str]:
        parts = streaming.waiting() if streaming else set[str]()
        refused = {"relay": relay.refuses or NOT_YET} if relay and not relay.healthy else {}
        return dict.fromkeys(sorted(parts), NOT_YET) | refused

    app.state.health.waiting = waiting
    app.state.health.broken = lambda: app.state.log.damage
    task = asyncio.create_task(together(background))
    try:
        yield
    finally:
        task.cancel()
        ending = [task, *([asyncio.create_task(streaming.stop())] if streaming else [])]
        if (await asyncio.wait(ending, timeout=STOP_WITHIN_SECONDS))[1]:
            log.error("not everything stopped in time", within=STOP_WITHIN_SECONDS)
