"""Sends one webhook's events: reads them, lines them up, posts what is due, and keeps what came of it.

Several streams go at once, and never two events of one stream. An event stays in the queue until it is known
that it was delivered: after a crash it is sent again, under the same id and still before what comes after it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import structlog
from aiokafka.errors import KafkaError

from services.coordination.webhooks import metrics
from services.coordination.webhooks.attempt import Answered, Post
from services.coordination.webhooks.lines import Lines, Waiting
from services.coordination.webhooks.queue import Arrived, Attempt, Cursor, Queue, Settled, Term
from services.coordination.webhooks.reading import Batch, reading
from services.coordination.webhooks.schedule import STANDARD, again_at
from services.coordination.webhooks.webhook import Content
from shared.kafka.brokers import Brokers
from shared.kafka.log import Partition
from shared.service.in_thread import whole

STREAMS_AT_ONCE: Final = 8
MOST_WAITING: Final = 1000
"""When so many wait it reads no further: the log keeps the rest."""
LOOK_EVERY: Final = 5.0
"""Seconds: another process may have lined up dead letters again."""
KEEP_PLACE_EVERY: Final = 2.0
"""Seconds, where nothing that comes is wanted."""
TRY_AGAIN_SECONDS: Final = 1.0

log = structlog.get_logger()


def in_utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Means:
    """What every sender needs; ``now`` is in UTC."""

    queue: Queue
    post: Post
    disable: Callable[[str, str], Awaitable[None]]
    """Called with a webhook's id and the reason when the other side wants no more."""
    brokers: Brokers
    replication: int = 1
    schedule: Sequence[timedelta] = STANDARD
    now: Callable[[], datetime] = in_utc


class Sender:
    """One webhook, as it was described when this one was made."""

    def __init__(self, it: Content, term: Term, means: Means) -> None:
        self._it = it
        self._id = it.webhook_id
        self._term = term
        self._means = means
        self._lines = Lines()
        self._looking = asyncio.Lock()
        self._looked_at = 0.0
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._paused_until: datetime | None = None
        self._gone = False

    async def run(self) -> None:
        """Until cancelled. Raises ``Fenced`` when it is another's turn, and what the database raises."""
        begin = partial(self._means.queue.begin, self._term, self._id, self._it.reading)
        self._paused_until = await whole(begin)
        await self._look()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._read())
            tasks.create_task(self._deliver())

    def wake(self) -> None:
        """Somebody has lined up something."""
        self._looked_at = 0.0
        self._wake.set()

    async def _read(self) -> None:
        while True:
            try:
                await self._follow()
            except (KafkaError, OSError, TimeoutError) as error:
                log.warning("webhook cannot read", webhook=self._id, trouble=repr(error))
            await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def _follow(self) -> None:
        cursors = await whole(self._means.queue.cursors, self._id)
        async with reading(
            self._it, cursors, brokers=self._means.brokers, replication=self._means.replication
        ) as it:
            kept_at = 0.0
            moved: dict[Partition, Cursor] = {}
            async for batch in it.batches():
                moved |= batch.at
                clock = asyncio.get_running_loop().time()
                if batch.arrived or clock - kept_at > KEEP_PLACE_EVERY:
                    await self._take(Batch(batch.arrived, moved))
                    kept_at, moved = clock, {}
                metrics.BEHIND.labels(self._id).set(it.behind())
                await self._room.wait()

    async def _take(self, batch: Batch) -> None:
        arrived: list[Arrived] = batch.arrived
        take = partial(self._means.queue.take, self._term, self._id, self._it.reading)
        await whole(take, arrived, batch.at, now=self._means.now())
        if arrived:
            await self._look()

    async def _look(self) -> None:
        """Take into the lines what was added to the queue, by us or by somebody else."""
        async with self._looking:
            self._looked_at = asyncio.get_running_loop().time()
            self._lines.put(await whole(self._means.queue.waiting, self._id, after=self._lines.last))
            standing = await whole(self._means.queue.standing, self._id)
        metrics.DEAD.labels(self._id).set(standing.dead)
        self._count()
        self._wake.set()

    async def _deliver(self) -> None:
        going: dict[asyncio.Task[Answered], Waiting] = {}
        try:
            while True:
                self._start(going)
                await self._something(going)
                done = {task: row for task, row in going.items() if task.done()}
                for task in done:
                    del going[task]
                if done:
                    await self._settle([(row, task.result()) for task, row in done.items()])
        finally:
            for task in going:
                task.cancel()
            await asyncio.gather(*going, return_exceptions=True)

    def _start(self, going: dict[asyncio.Task[Answered], Waiting]) -> None:
        now = self._means.now()
        if self._gone or (self._paused_until is not None and now < self._paused_until):
            return
        while len(going) < STREAMS_AT_ONCE and (row := self._lines.next(now)) is not None:
            going[asyncio.ensure_future(self._means.post(self._it, row.event_id, row.body))] = row

    async def _something(self, going: dict[asyncio.Task[Answered], Waiting]) -> None:
        """Until an answer came, something was lined up, or something is due."""
        waking = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait(
                [*going, waking],
                timeout=self._idle(free=len(going) < STREAMS_AT_ONCE),
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            waking.cancel()
        if asyncio.get_running_loop().time() - self._looked_at >= LOOK_EVERY:
            await self._look()
        self._wake.clear()

    def _idle(self, *, free: bool) -> float:
        due = self._lines.due()
        if not free or due is None or self._gone:
            return LOOK_EVERY
        at = due if self._paused_until is None else max(due, self._paused_until)
        return min(LOOK_EVERY, max(0.0, (at - self._means.now()).total_seconds()))

    async def _settle(self, answers: Sequence[tuple[Waiting, Answered]]) -> None:
        settled = [self._meant(row, answered) for row, answered in answers]
        pause = self._pause([answered for _, answered in answers])
        settle = partial(self._means.queue.settle, self._term, self._id, self._it.reading)
        await whole(settle, settled, paused_until=pause)
        for one in settled:
            if one.again_at is None:
                self._lines.done(one.row)
            else:
                self._lines.again(one.row, at=one.again_at)
        self._count()
        if any(answered.verdict.gone for _, answered in answers) and not self._gone:
            self._gone = True
            await self._means.disable(self._id, "It answered 410 Gone.")

    def _meant(self, row: Waiting, answered: Answered) -> Settled:
        error = answered.verdict.error
        attempt = Attempt(
            event_id=row.event_id,
            type=row.type,
            stream=row.stream,
            attempt=row.attempts + 1,
            at=answered.at,
            status=answered.status,
            latency_ms=round(answered.seconds * 1000),
            sha256=answered.sha256,
            error=error,
        )
        now = self._means.now()
        again: datetime | None = None
        if answered.verdict.gone:
            again = now  # when somebody resumes it, it is tried at once
        elif error is not None:
            wait = answered.verdict.wait_until
            again = again_at(self._means.schedule, attempt.attempt, at=now, wait_until=wait)
        outcome = (
            "delivered"
            if error is None
            else "gone"
            if answered.verdict.gone
            else "again"
            if again
            else "dead"
        )
        metrics.DELIVERIES.labels(self._id, outcome).inc()
        metrics.SECONDS.labels(self._id).observe(answered.seconds)
        return Settled(row, attempt, again)

    def _pause(self, answers: Sequence[Answered]) -> datetime | None:
        """Until when the endpoint wants to be let alone, if any of its answers says something new."""
        asked = [it.verdict.wait_until for it in answers if it.verdict.wait_until is not None]
        if not asked:
            return None
        self._paused_until = max(asked if self._paused_until is None else [*asked, self._paused_until])
        return self._paused_until

    def _count(self) -> None:
        metrics.WAITING.labels(self._id).set(len(self._lines))
        if len(self._lines) < MOST_WAITING:
            self._room.set()
        else:
            self._room.clear()
