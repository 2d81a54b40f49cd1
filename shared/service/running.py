"""What runs inside a service beside its web app: relay, sources of events, timers, the live feed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import structlog
from fastapi import FastAPI

from shared.erasure.erasing import Erasing
from shared.events.catalogue import EVENTS, PERSONAL_FIELDS
from shared.events.event import Envelope
from shared.eventstore.decider import Refused
from shared.eventstore.keyring import open_keyring
from shared.eventstore.open import open_store
from shared.eventstore.sealed import Sealed
from shared.eventstore.store import EventStore
from shared.kafka.parked import announce_parked
from shared.kafka.relay import Relay
from shared.projections.comparison import Comparison
from shared.projections.database import Database, open_database
from shared.projections.feed import Feed
from shared.projections.projection import Folds
from shared.projections.runner import Runner
from shared.service.freshness import Watch
from shared.service.intake import Intake
from shared.service.job import Job
from shared.service.reactions import Reaction, Timer
from shared.service.rebuild_worker import Apart
from shared.service.rebuilding import Rebuilding
from shared.service.settings import Settings
from shared.service.sources import OwnStore, Topics
from shared.service.whole_log import WholeLog

TIMERS_EVERY_SECONDS: Final = 0.5
PARKED_EVERY_SECONDS: Final = 5.0
TRY_AGAIN_SECONDS: Final = 1.0
SECONDS_AN_HOUR: Final = 3600

log = structlog.get_logger()


@dataclass(frozen=True)
class Work:
    """What a service does with events: of its own store, of the others' topics, and when time has come."""

    folds: Callable[[], Folds]
    """A function of a module, so that another process can call it too."""
    to_own: Sequence[Reaction] = ()
    to_others: Sequence[Reaction] = ()
    timers: Sequence[Timer] = ()
    erasing: Erasing | None = None
    """What makes sure that nothing is left of whom was erased, where the service knows people."""


@asynccontextmanager
async def opened(app: FastAPI, service: str) -> AsyncIterator[tuple[EventStore, Database]]:
    """The service's event store and its read-model database, for as long as the block runs.

    ``app.state.log`` is the store as it is kept, with what is personal sealed.
    """
    settings: Settings = app.state.settings
    async with AsyncExitStack() as stack:
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
    bootstrap = settings.kafka_bootstrap_servers
    feed = Feed(database)
    folds = work.folds()
    runner = Runner(database, service, folds.all, cached=settings.cached_entities)
    erasing = work.erasing
    to_own = [*work.to_own, *([erasing.reaction()] if erasing else [])]
    intake = Intake(runner, [*to_own, *work.to_others], applied=feed.wake)
    relay = Relay(app.state.log, service, bootstrap, replication=settings.kafka_replication)
    own = OwnStore(store, service, intake)
    topics = Topics(folds.others, work.to_others, service, settings, intake)
    watch = Watch(database, service, (own, topics))
    whole_log = WholeLog(store, service, bootstrap, topics.names)
    apart = Apart(work.folds, whole_log.published, settings.cached_entities)
    rebuilding = Rebuilding(intake, folds.all, whole_log, apart=apart)
    replay = Job("replay", rebuilding.replace)
    verification = Job("verification", rebuilding.verify)
    stands_in = {"topics", "own store"} if runner.outdated else set[str]()
    """An old read model is served whole, whatever its sources do, until they have caught up once."""

    async def current() -> None:
        """The sources start when the read model is of the present versions; until then the old one stands."""
        while runner.outdated:
            if (await asyncio.shield(replay.start())).failed:
                await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def own_store() -> None:
        await current()
        await own.run()

    async def of_topics() -> None:
        await current()
        await topics.run()

    def readiness() -> Mapping[str, str]:
        parts = {"relay": relay.healthy, "topics": topics.ready, "own store": own.ready}
        waiting = {name for name, ready in parts.items() if not ready}
        stands_in.intersection_update(waiting)
        return {name: _why(relay, name) for name in sorted(waiting - stands_in)}

    app.state.feed, app.state.intake, app.state.freshness = feed, intake, watch
    app.state.rebuilding, app.state.replay, app.state.verification = rebuilding, replay, verification
    app.state.readiness = readiness
    background = {
        "feed": feed.run,
        "relay": relay.run,
        "own store": own_store,
        "topics": of_topics,
        "freshness": watch.run,
        "timers": lambda: _timers(work.timers, service),
        "parked": lambda: _announce(runner, service, bootstrap),
    }
    if erasing:
        background["erasures"] = lambda: erasing.follow(replay, verification, database)
    if settings.verify_every_hours:
        background["verification"] = lambda: _now_and_then(verification, settings.verify_every_hours)
    tasks = [asyncio.create_task(_for_ever(name, run), name=name) for name, run in background.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, replay.stop(), verification.stop(), return_exceptions=True)


def _why(relay: Relay, part: str) -> str:
    """Why this part is not ready."""
    return (relay.refuses if part == "relay" else "") or "is not connected yet, or not caught up"


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


async def _now_and_then(verification: Job[Comparison], hours: int) -> None:
    while True:
        await asyncio.sleep(hours * SECONDS_AN_HOUR)
        await asyncio.shield(verification.start(gently=True))


async def _announce(runner: Runner, service: str, bootstrap: str) -> None:
    while True:
        await announce_parked(runner.parking, service, bootstrap)
        await asyncio.sleep(PARKED_EVERY_SECONDS)
