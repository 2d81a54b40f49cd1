"""Read models built from the log beside the live one: to take its place, or to be compared with it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, aclosing, asynccontextmanager
from typing import Any, Final, ParamSpec, TypeVar

import structlog
from prometheus_client import Gauge
from sqlalchemy import Connection

from shared.projections.comparison import Comparison, compare
from shared.projections.parking import announce_no_more, leave_out_what_was_dropped
from shared.projections.projection import Projection
from shared.projections.runner import Batch, Outdated, Runner, positions_in
from shared.projections.side_by_side import Models
from shared.service.intake import Intake
from shared.service.job import Run
from shared.service.whole_log import Log, Positions

A_LITTLE: Final = 1_000
"""With no more events than this left to read, the live one stands still for the rest."""
MOST_ROUNDS: Final = 20
PATIENCE_SECONDS: Final = 60.0

log = structlog.get_logger()

DIFFERENCES: Final = Gauge(
    "baton_verify_differences", "Differences that the last verification found.", ["service"]
)
VERIFIED: Final = Gauge(
    "baton_verify_last_success_timestamp_seconds", "When a rebuild was last equal.", ["service"]
)

P = ParamSpec("P")
T = TypeVar("T")


class TooShort(Exception):
    """The log does not hold any more what was read from it, or not yet again."""


class Rebuilding:
    """Builds one read model at a time, up to exactly where the live one is."""

    def __init__(self, intake: Intake, folds: Sequence[Projection[Any]], source: Log) -> None:
        self._intake = intake
        self._live = intake.runner
        self._folds = folds
        self._log = source
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
                async with self._intake.held(), _in_thread(self._live.database.connect()) as of:
                    await _whole(_leave_out, of, built)
                for _ in range(MOST_ROUNDS):
                    if await self._read(built, await self._reached(), run) <= A_LITTLE:
                        break
                async with self._intake.held():
                    still = time.monotonic()
                    to = await self._reached()
                    await self._read(built, to, run)
                    await self._must_have_reached(built, to)
                    await _whole(self._serve, built)
                    stood = round(time.monotonic() - still, 3)
            finally:
                self.replacing = False
        number = self._live.database.number
        log.info("another read model is served", number=number, events=run.events, stood_still=stood)

    async def verify(self, run: Run[Comparison]) -> Comparison:
        """Compare the live one, as it is now, with one built beside it.

        Raises ``TooShort``, and ``Outdated`` while the live one is of other versions.
        """
        async with self._turn, _in_thread(self._live.database.moment()) as live, self._building() as built:
            if self._live.outdated:
                raise Outdated("the read model is being built anew")
            to = await _whole(positions_in, live)
            await _whole(_leave_out, live, built)
            await self._read(built, to, run)
            await self._must_have_reached(built, to)
            async with _in_thread(built.database.moment()) as rebuilt:
                found = await _whole(compare, Models(live, rebuilt), self._folds)
        DIFFERENCES.labels(self._live.service).set(found.differences)
        if found.differences:
            log.error("a rebuild is not equal", differences=found.differences)  # in what may be personal
        else:
            VERIFIED.labels(self._live.service).set_to_current_time()
        return found

    @asynccontextmanager
    async def _building(self) -> AsyncIterator[Runner]:
        async with _in_thread(self._live.database.beside()) as empty:
            name = f"{self._live.service}-beside"
            yield await _whole(Runner, empty, name, self._folds, quiet=True)

    async def _reached(self) -> Positions:
        def read() -> Positions:
            with self._live.database.connect() as tx:
                return positions_in(tx)

        return await _whole(read)

    async def _read(self, built: Runner, to: Positions, run: Run[Any]) -> int:
        """Take what it has not taken yet, up to there; how many events that were."""
        before = run.events
        after = await _whole(built.positions)
        async with aclosing(self._log.read(after, self._read_still(to))) as several:
            async for batches in several:
                began = time.monotonic()
                await _whole(self._take, built, batches)
                run.events += sum(len(batch.events) for batch in batches)
                if run.gently:
                    await asyncio.sleep(time.monotonic() - began)
        return run.events - before

    def _take(self, built: Runner, batches: Sequence[Batch]) -> None:
        events = [seen for batch in batches for seen in batch.events]
        built.apply(batches, built.sort(events, wanted=self._intake.wanted))

    async def _must_have_reached(self, built: Runner, to: Positions) -> None:
        reached = await _whole(built.positions)
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
            announce_no_more(of, tx)
        self._live.database.take_over(built.database)
        self._live.begin_anew()


def _leave_out(of: Connection, built: Runner) -> None:
    with built.database.begin() as tx:
        leave_out_what_was_dropped(of, tx)


@asynccontextmanager
async def _in_thread(blocking: AbstractContextManager[T]) -> AsyncIterator[T]:
    """What would hold up the loop is entered and left in a thread, whenever we are told to stop."""
    entering = asyncio.ensure_future(asyncio.to_thread(blocking.__enter__))
    try:
        yield await asyncio.shield(entering)
    finally:
        await asyncio.wait([entering])
        if entering.exception() is None:
            await _whole(blocking.__exit__, None, None, None)


async def _whole(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """In a thread, to its end: also when we are told to stop half-way, for what comes next is to tidy up."""
    working = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        working.exception()  # nobody will ask any more
        raise
