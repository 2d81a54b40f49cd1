"""What runs inside a service beside its web app: relay, sources of events, timers, the live feed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import structlog
from fastapi import FastAPI
from sqlalchemy import Engine

from shared.events.event import Envelope
from shared.eventstore.decider import Refused
from shared.eventstore.open import open_store
from shared.eventstore.store import EventStore
from shared.kafka.parked import announce_parked
from shared.kafka.relay import Relay
from shared.projections.database import open_database
from shared.projections.feed import Feed
from shared.projections.projection import Projection
from shared.projections.runner import Runner
from shared.service.freshness import Watch
from shared.service.intake import Intake
from shared.service.reactions import Reaction, Timer
from shared.service.settings import Settings
from shared.service.sources import OwnStore, Topics

TIMERS_EVERY_SECONDS: Final = 0.5
PARKED_EVERY_SECONDS: Final = 5.0
TRY_AGAIN_SECONDS: Final = 1.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Work:
    """What a service does with events: of its own store, of the others' topics, and when time has come."""

    own: Sequence[Projection[Any]] = ()
    others: Sequence[Projection[Any]] = ()
    to_own: Sequence[Reaction] = ()
    to_others: Sequence[Reaction] = ()
    timers: Sequence[Timer] = ()


@asynccontextmanager
async def opened(app: FastAPI, service: str) -> AsyncIterator[tuple[EventStore, Engine]]:
    """The service's event store and its read-model database, for as long as the block runs."""
    settings: Settings = app.state.settings
    async with AsyncExitStack() as stack:
        store = await open_store(settings.store_of(service))
        stack.push_async_callback(store.close)
        engine = open_database(settings.database_of(service))
        stack.callback(engine.dispose)
        app.state.store = store
        yield store, engine


@asynccontextmanager
async def running(
    app: FastAPI, service: str, work: Work, *, store: EventStore, engine: Engine
) -> AsyncIterator[None]:
    """Everything in the background, started and stopped with the app; fills ``app.state``."""
    settings: Settings = app.state.settings
    bootstrap = settings.kafka_bootstrap_servers
    feed = Feed(engine)
    runner = Runner(engine, service, [*work.own, *work.others])
    intake = Intake(runner, [*work.to_own, *work.to_others], applied=feed.wake)
    relay = Relay(store, service, bootstrap, replication=settings.kafka_replication)
    own = OwnStore(store, service, intake)
    topics = Topics(work.others, work.to_others, service, settings, intake)

    watch = Watch(engine, service, (own, topics))

    async def replay() -> None:
        await intake.reset()
        own.restart()
        topics.restart()

    def readiness() -> Mapping[str, str]:
        parts = {"relay": relay.healthy, "topics": topics.ready, "own store": own.ready}
        return {name: "is not connected yet, or not caught up" for name, ready in parts.items() if not ready}

    app.state.feed, app.state.intake, app.state.freshness = feed, intake, watch
    app.state.replay, app.state.readiness = replay, readiness
    background = {
        "feed": feed.run,
        "relay": relay.run,
        "own store": own.run,
        "topics": topics.run,
        "freshness": watch.run,
        "timers": lambda: _timers(work.timers, service),
        "parked": lambda: _announce(runner, service, bootstrap),
    }
    tasks = [asyncio.create_task(_for_ever(name, run), name=name) for name, run in background.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _for_ever(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run it again when it breaks: a part that stopped must not stay away unnoticed."""
    while True:
        try:
            await run()
        except Exception as error:
            log.exception("part broke, starting it again", part=name, error=repr(error))
        await asyncio.sleep(TRY_AGAIN_SECONDS)


async def _timers(timers: Sequence[Timer], service: str) -> None:
    while True:
        for timer in timers:
            now = datetime.now(UTC)
            for key in await asyncio.to_thread(timer.due, now):
                envelope = Envelope(actor=service, role="system", correlation_id=str(uuid4()))
                try:
                    await timer.fire(key, now, envelope)
                except Refused as refused:  # an answer: it must not keep the others from their turn
                    log.warning("timer refused", timer=timer.name, about=key, why=refused.message)
        await asyncio.sleep(TIMERS_EVERY_SECONDS)


async def _announce(runner: Runner, service: str, bootstrap: str) -> None:
    while True:
        await announce_parked(runner.parking, service, bootstrap)
        await asyncio.sleep(PARKED_EVERY_SECONDS)
