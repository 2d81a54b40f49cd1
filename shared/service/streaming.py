"""What a process with the role ``stream`` does: events into read models, reactions, timers, rebuilds."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import structlog
from fastapi import FastAPI
from structlog.contextvars import bound_contextvars

from shared import traces
from shared.ages import age
from shared.erasure.erasing import Erasing
from shared.events.event import Envelope
from shared.eventstore.decider import Refused
from shared.eventstore.store import EventStore
from shared.kafka.parked import announce_parked
from shared.projections.comparison import Comparison
from shared.projections.database import Database
from shared.projections.projection import Folds
from shared.projections.runner import Runner
from shared.service.background import TRY_AGAIN_SECONDS, Part, every, together
from shared.service.intake import Intake
from shared.service.job import Job
from shared.service.leading import Lead
from shared.service.reactions import DUE, LATE_SECONDS, Reaction, Timer
from shared.service.rebuild_worker import Apart
from shared.service.rebuilding import Rebuilding
from shared.service.settings import Settings
from shared.service.sources import OwnStore, Topics, topics_of
from shared.service.whole_log import WholeLog

TIMERS_EVERY_SECONDS: Final = 0.5
PARKED_EVERY_SECONDS: Final = 5.0
LOOK_AGAIN_SECONDS: Final = 1.0
SILENT_EVERY_SECONDS: Final = 5.0
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


class Streaming:
    """Topics are shared among the processes of a service; what follows the store and the clock, one does."""

    def __init__(
        self,
        app: FastAPI,
        service: str,
        work: Work,
        *,
        store: EventStore,
        database: Database,
        applied: Callable[[], None],
    ) -> None:
        """Fills ``app.state``; ``applied`` is called when the read model has something new."""
        settings: Settings = app.state.settings
        brokers, erasing, folds = settings.brokers(), work.erasing, work.folds()
        self._service, self._work, self._settings, self._database = service, work, settings, database
        self._runner = Runner(database, service, folds.all, cached=settings.cached_entities)
        to_own = [*work.to_own, *([erasing.reaction()] if erasing else [])]
        self._intake = Intake(self._runner, [*to_own, *work.to_others], applied=applied)
        self._own = OwnStore(store, service, self._intake)
        self._topics = Topics(folds.others, work.to_others, service, settings, self._intake)
        whole_log = WholeLog(store, service, brokers, topics_of(folds.others, work.to_others))
        apart = Apart(work.folds, whole_log.published, settings.cached_entities)
        rebuilding = Rebuilding(self._intake, folds.all, whole_log, apart=apart)
        self._replay = Job("replay", rebuilding.replace)
        self._verification: Job[Comparison] = Job("verification", rebuilding.verify)
        self._lead = Lead(database)
        self._stands_in = {"topics", "own store"} if self._runner.outdated else set[str]()
        app.state.intake, app.state.rebuilding = self._intake, rebuilding
        app.state.replay, app.state.verification = self._replay, self._verification

    def parts(self) -> Mapping[str, Part]:
        """What runs in the background, by name."""
        looking = every(LOOK_AGAIN_SECONDS, self._intake.look_again)
        silent = every(SILENT_EVERY_SECONDS, self._put_out_the_silent)
        return {
            "topics": self._of_topics,
            "lead": lambda: self._lead.follow(self._alone),
            "parked streams": every(PARKED_EVERY_SECONDS, self._count_parked),
            **({"read model": looking, "silent": silent} if self._database.shared else {}),
        }

    def waiting(self) -> set[str]:
        """An old read model is served whole, whatever its sources do, until they have caught up once."""
        follows = self._lead.ours or not self._database.shared
        ready = {"topics": self._topics.ready, "own store": self._own.ready or not follows}
        waiting = {name for name, it in ready.items() if not it}
        self._stands_in &= waiting
        return waiting - self._stands_in

    async def stop(self) -> None:
        await asyncio.gather(self._replay.stop(), self._verification.stop())

    async def _alone(self) -> None:
        parts: dict[str, Part] = {
            "own store": self._own_store,
            "timers": lambda: _timers(self._work.timers, self._service),
            "parked": every(PARKED_EVERY_SECONDS, self._announce),
        }
        if erasing := self._work.erasing:
            parts["erasures"] = lambda: erasing.follow(self._replay, self._verification, self._database)
        if hours := self._settings.verify_every_hours:
            parts["verification"] = lambda: _now_and_then(self._verification, hours)
        await together(parts)

    async def _current(self) -> None:
        """The sources start when the read model is of the present versions; until then the old one stands."""
        while self._runner.outdated:
            if not self._lead.ours:
                await asyncio.sleep(TRY_AGAIN_SECONDS)  # who leads builds it
            elif (await asyncio.shield(self._replay.start())).failed:
                await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def _own_store(self) -> None:
        await self._current()
        await self._own.run()

    async def _of_topics(self) -> None:
        await self._current()
        await self._topics.run()

    async def _count_parked(self) -> None:
        """Whoever parked them, or took them up."""
        await asyncio.to_thread(self._runner.count_parked)

    async def _put_out_the_silent(self) -> None:
        if ended := await asyncio.to_thread(self._database.put_out_the_silent):
            log.warning("who held up the others and was silent was put out", sessions=ended)

    async def _announce(self) -> None:
        await announce_parked(self._runner.parking, self._service, self._settings.brokers())


async def _timers(timers: Sequence[Timer], service: str) -> None:
    for timer in timers:
        DUE.labels(timer.name)
        LATE_SECONDS.labels(timer.name)  # so that the first late one is an increase
    while True:
        for timer in timers:
            now = datetime.now(UTC)
            if (due := await asyncio.to_thread(timer.due, now)) is None:
                continue
            DUE.labels(timer.name).set(len(due))
            for key, since in due.items():
                of = str(uuid4())
                with traces.begun(f"timer {timer.name}"), bound_contextvars(correlation_id=of):
                    trace = traces.current()
                    envelope = Envelope(actor=service, role="system", correlation_id=of, traceparent=trace)
                    try:
                        if await timer.fire(key, now, envelope):
                            LATE_SECONDS.labels(timer.name).observe(age(since))
                    except Refused as refused:  # an answer: it must not keep the others from their turn
                        log.warning("timer refused", timer=timer.name, about=key, why=refused.message)
        await asyncio.sleep(TIMERS_EVERY_SECONDS)


async def _now_and_then(verification: Job[Comparison], hours: int) -> None:
    while True:
        await asyncio.sleep(hours * SECONDS_AN_HOUR)
        await asyncio.shield(verification.start(gently=True))
