"""Long work that is asked for over HTTP: it runs once at a time, and says how far it is."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, TypeVar

import structlog

T = TypeVar("T")

log = structlog.get_logger()


@dataclass
class Run(Generic[T]):
    """One time that the work is done; one that runs ``gently`` leaves half the time to others."""

    gently: bool = False
    workers: int = 1
    """In how many processes it is done; less than was asked for where there is less to share."""
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    finished_at: datetime | None = None
    events: int = 0
    """How many were read so far."""
    result: T | None = None
    failed: str | None = None


class Job(Generic[T]):
    """Who asks for it while it runs gets the run that is under way."""

    def __init__(self, name: str, work: Callable[[Run[T]], Awaitable[T]]) -> None:
        self.last: Run[T] | None = None
        self._name = name
        self._work = work
        self._task: asyncio.Task[Run[T]] | None = None

    def start(self, *, gently: bool = False, workers: int = 1) -> asyncio.Task[Run[T]]:
        """The run, which raises nothing: what went wrong stands in it."""
        if self._task is None or self._task.done():
            self.last = Run(gently=gently, workers=workers)
            self._task = asyncio.create_task(self._carry_out(self.last), name=self._name)
        return self._task

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _carry_out(self, run: Run[T]) -> Run[T]:
        try:
            run.result = await self._work(run)
        except Exception as error:
            log.exception("not done", work=self._name, error=repr(error))
            run.failed = str(error) or repr(error)
        finally:
            run.finished_at = datetime.now(UTC)
        return run
