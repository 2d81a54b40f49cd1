"""A service with its log in memory: what happens is written there, taken live, and can be read again."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from shared.events.seen import Seen
from shared.projections.database import Database
from shared.projections.projection import Projection
from shared.projections.runner import Batch, Position, Runner, Source
from shared.service.intake import Intake
from shared.service.job import Run
from shared.service.reactions import Reaction
from shared.service.rebuild_worker import Apart
from shared.service.rebuilding import Rebuilding
from shared.service.whole_log import Positions

Folds = Sequence[Projection[Any]]
NAMES = ("orders", "customers", "own store")


class Written:
    """Events by source, in order; reading them again can be stopped before any batch, or broken off."""

    def __init__(self, *, at_a_time: int = 2) -> None:
        self.events: dict[Source, list[Seen]] = {Source(name): [] for name in NAMES}
        self.at_a_time = at_a_time
        self.readings = 0
        self.reached = asyncio.Event()
        """Set when a reader has come to its first batch."""
        self.going_on = asyncio.Event()
        self.going_on.set()
        self.broken = False

    def has(self, source: Source) -> bool:
        return source in self.events

    async def read(self, after: Positions, to: Positions) -> AsyncGenerator[Sequence[Batch], None]:
        self.readings += 1
        for source in self.events.keys() & to.keys():
            at, events = after.get(source), self.events[source][: to[source].position]
            while (done := at.position if at else 0) < len(events):
                self.reached.set()
                await self.going_on.wait()
                if self.broken:
                    raise ConnectionError("the broker is away")
                some = events[done : done + self.at_a_time]
                now = Position(done + len(some))
                yield [Batch(source, some, at, now)]
                at = now


class Service:
    """Takes each event as it is written; ``rebuilding`` reads the same log."""

    def __init__(
        self,
        database: Database,
        folds: Folds,
        log: Written,
        *,
        reactions: Sequence[Reaction] = (),
        applied: Callable[[], None] = lambda: None,
        apart: Apart | None = None,
    ) -> None:
        self.database = database
        self.log = log
        self.runner = Runner(database, "test", folds)
        self.intake = Intake(self.runner, reactions, applied=applied)
        self.rebuilding = Rebuilding(self.intake, folds, log, apart=apart)
        self._at: dict[Source, Position] = dict(self.runner.positions())

    async def happens(self, *events: Seen, source: str = NAMES[0]) -> None:
        if not events:
            return
        at = Source(source)
        self.log.events[at] += events
        before = self._at.get(at)
        self._at[at] = now = Position(len(self.log.events[at]))
        await self.intake.take([Batch(at, events, before, now)])

    async def replay(self) -> None:
        await self.rebuilding.replace(Run())

    async def verify(self) -> list[str]:
        """What is unlike in a rebuild, in words."""
        found = await self.rebuilding.verify(Run())
        assert (found.differences == 0) == (found.first == [])
        return found.first
