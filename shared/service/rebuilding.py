"""Read models built from the log beside the live one: to take its place, or to be compared with it."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, Final

import structlog
from prometheus_client import Gauge
from sqlalchemy import Connection

from shared.projections.comparison import Comparison, compare
from shared.projections.database import Database
from shared.projections.merging import merge
from shared.projections.parking import leave_out_what_was_dropped, wait_on
from shared.projections.projection import Projection
from shared.projections.runner import Outdated, Runner, positions_in
from shared.projections.side_by_side import Models
from shared.service.in_thread import in_thread, whole
from shared.service.intake import Intake
from shared.service.job import Run
from shared.service.rebuild_worker import Apart, Share, build_apart, take
from shared.service.shares import in_shares
from shared.service.whole_log import Log, Positions

A_LITTLE: Final = 1_000
"""With no more events than this left to read, the live one stands still for the rest."""
MOST_ROUNDS: Final = 20
PATIENCE_SECONDS: Final = 60.0

log = structlog.get_logger()

DIFFERENCES: Final = Gauge(
    "baton_verify_differences",
    "Differences between the read models and a rebuild from the log, as the last verification found them; "
    "0 as long as this process has verified nothing.",
)
VERIFIED: Final = Gauge(
    "baton_verify_last_success_timestamp_seconds",
    "When a rebuild from the log was last found equal (Unix time); 0 as long as this process found none.",
)


class TooShort(Exception):
    """The log does not hold any more what was read from it, or not yet again."""


class Rebuilding:
    """Builds one read model at a time, up to exactly where the live one is."""

    def __init__(
        self, intake: Intake, folds: Sequence[Projection[Any]], source: Log, *, apart: Apart | None = None
    ) -> None:
        """With ``apart``, other processes can build shares of a read model in SQLite."""
        self._intake = intake
        self._live = intake.runner
        self._folds = folds
        self._log = source
        self._apart = apart
        self._turn = asyncio.Lock()
        self._made = time.monotonic()
        self.replacing = False
        """Whether one is built to be served: what a person does to the live one now would be lost."""

    async def replace(self, run: Run[None]) -> None:
        """Build a read model and serve it from then on; raises what broke it off, and then nothing changed.

        The live one goes on meanwhile, and stands still for the last few events. Raises ``TooShort``.
        """
        async with self._turn, self._building() as built:
            self.replacing = True
            try:
                async with self._intake.held(), in_thread(self._live.database.connect()) as of:
                    await whole(_leave_out, of, built.database)
                await self._read_in_shares(built, run)
                await whole(built.database.index)
                for _ in range(MOST_ROUNDS):
                    if await self._read(built, await self._reached(), run) <= A_LITTLE:
                        break
                async with self._intake.held():
                    still = time.monotonic()
                    to = await self._reached()
                    await self._read(built, to, run)
                    await self._must_have_reached(built, to)
                    await whole(self._serve, built)
                    stood = round(time.monotonic() - still, 3)
            finally:
                self.replacing = False
        number = self._live.database.number
        log.info("another read model is served", number=number, events=run.events, stood_still=stood)

    async def verify(self, run: Run[Comparison]) -> Comparison:
        """Compare the live one, as it is now, with one built beside it.

        Raises ``TooShort``, and ``Outdated`` while the live one is of other versions.
        """
        async with self._turn, in_thread(self._live.database.moment()) as live, self._building() as built:
            if self._live.outdated:
                raise Outdated("the read model is being built anew")
            to = await whole(positions_in, live)
            await whole(_leave_out, live, built.database)
            await self._read(built, to, run)
            await self._must_have_reached(built, to)
            await whole(built.database.index)
            async with in_thread(built.database.moment()) as rebuilt:
                found = await whole(compare, Models(live, rebuilt), self._folds)
        DIFFERENCES.set(found.differences)
        if found.differences:
            log.error("a rebuild is not equal", differences=found.differences)  # in what may be personal
        else:
            VERIFIED.set_to_current_time()
        return found

    @asynccontextmanager
    async def _building(self) -> AsyncIterator[Runner]:
        async with in_thread(self._live.database.beside()) as empty:
            name = f"{self._live.service}-beside"
            yield await whole(Runner, empty, name, self._folds, cached=self._live.cached, quiet=True)

    async def _reached(self) -> Positions:
        def read() -> Positions:
            with self._live.database.connect() as tx:
                return positions_in(tx)

        return await whole(read)

    async def _read_in_shares(self, built: Runner, run: Run[Any]) -> None:
        """Take all that there is by now, in as many processes as are asked for."""
        can = self._apart is not None and built.database.dialect.name == "sqlite"
        to = self._read_still(await self._reached())
        mine, *others = in_shares(to, self._folds, workers=run.workers if can else 1)
        run.workers = 1 + len(others)
        writing = asyncio.Lock()

        async def first() -> None:
            async with writing:
                await self._read(built, mine, run)

        try:
            async with asyncio.TaskGroup() as processes:
                processes.create_task(first())
                for share in others:
                    processes.create_task(self._add_share(built, share, run, writing))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None

    async def _add_share(self, built: Runner, to: Positions, run: Run[Any], writing: asyncio.Lock) -> None:
        """Have it built apart, and add it when nobody writes."""
        live = self._live
        if self._apart is None:
            return
        async with in_thread(live.database.beside()) as part:
            async with in_thread(built.database.connect()) as of:
                await whole(_leave_out, of, part)
            share = Share(live.service, self._apart, part.place, part.number, to, self._intake.wanted)
            async with aclosing(build_apart(share)) as worker:
                async for events in worker:
                    run.events += events
            async with writing:
                await whole(merge, built.database, part)

    async def _read(self, built: Runner, to: Positions, run: Run[Any]) -> int:
        """Take what it has not taken yet, up to there; how many events that were."""
        taken = 0
        after = await whole(built.positions)
        async with aclosing(self._log.read(after, self._read_still(to))) as several:
            async for batches in several:
                began = time.monotonic()
                events = await whole(take, built, batches, wanted=self._intake.wanted)
                taken += events
                run.events += events
                if run.gently:
                    await asyncio.sleep(time.monotonic() - began)
        return taken

    async def _must_have_reached(self, built: Runner, to: Positions) -> None:
        reached = await whole(built.positions)
        for source, at in self._read_still(to).items():
            if reached.get(source) != at and not self._makes_do:
                raise TooShort(f"{source.name} {source.partition} does not hold all that was read from it")

    @property
    def _makes_do(self) -> bool:
        """A log that is not whole again a while after the start is all there is."""
        return self._live.outdated and time.monotonic() > self._made + PATIENCE_SECONDS

    def _read_still(self, to: Positions) -> Positions:
        return {source: at for source, at in to.items() if self._log.has(source)}

    def _serve(self, built: Runner) -> None:
        with self._live.database.connect() as of, built.database.begin() as tx:
            wait_on(of, tx)
        self._live.database.take_over(built.database)
        self._live.begin_anew()


def _leave_out(of: Connection, built: Database) -> None:
    with built.begin() as tx:
        leave_out_what_was_dropped(of, tx)
