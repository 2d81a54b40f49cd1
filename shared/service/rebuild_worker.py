"""A process of its own that builds a share of a read model from the log.

It ends with its share, with the service, whichever way that ends, and when it is told to.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from threading import Thread
from typing import Final

from shared.projections.database import Database, open_beside
from shared.projections.places import Place
from shared.projections.projection import Folds
from shared.projections.runner import CACHED_ENTITIES, Batch, Runner
from shared.service.in_thread import whole
from shared.service.memory import keep_what_is_loaded
from shared.service.whole_log import Log, Positions

_SPAWN: Final = multiprocessing.get_context("spawn")
"""Never fork: the service has threads, whose locks a copy would keep for ever."""

Told = int | str | None
"""What a worker says: so many events were taken, or why it gave up, or that it is done."""


class WorkerLost(Exception):
    """A worker gave up or died."""


@dataclass(frozen=True)
class Apart:
    """What another process needs to do what the service does; all of it can be pickled."""

    folds: Callable[[], Folds]
    log: Log
    """Of the topics alone: nobody but the service itself opens its store."""
    cached: int = CACHED_ENTITIES
    """How many entities it keeps in memory."""


@dataclass(frozen=True)
class Share:
    """What one worker builds: of which events, up to where, into which read model."""

    service: str
    apart: Apart
    place: Place
    number: int
    to: Positions
    wanted: frozenset[str]


async def build_apart(share: Share) -> AsyncGenerator[int, None]:
    """Have a worker build it; yields how many events it has taken, as it goes on.

    Raises ``WorkerLost``. The worker is gone when this ends, however it ends.
    """
    ours, theirs = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=work, args=(share, theirs), name=f"{share.service}-beside", daemon=True)
    try:
        await whole(process.start)
        theirs.close()
        while (told := await _told(ours)) is not None:
            if isinstance(told, str):
                raise WorkerLost(told)
            yield told
    except (EOFError, OSError):
        if process.pid is None:  # it could not even be started
            raise
        await whole(process.join)
        raise WorkerLost(f"a worker of the rebuild ended with exit code {process.exitcode}") from None
    finally:
        if process.pid is not None:
            process.kill()
            await whole(process.join)
        process.close()
        ours.close()


def take(built: Runner, batches: Sequence[Batch], *, wanted: frozenset[str]) -> int:
    """Apply the batches without reactions; how many events that were."""
    events = [seen for batch in batches for seen in batch.events]
    built.apply(batches, built.sort(events, wanted=wanted))
    return len(events)


def work(share: Share, say: Connection) -> None:
    """The worker: says ``Told`` until it is done."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the service's to hear
    Thread(target=_end_with_the_service, daemon=True).start()
    keep_what_is_loaded()
    try:
        asyncio.run(_build(share, say))
        say.send(None)
    except Exception as error:  # noqa: BLE001 - whatever it was, the service says it
        say.send(str(error) or repr(error))


async def _build(share: Share, say: Connection) -> None:
    database: Database = open_beside(share.place, share.number)
    apart = share.apart
    name = f"{share.service}-beside"
    built = Runner(database, name, apart.folds().all, cached=apart.cached, quiet=True)
    async with aclosing(apart.log.read({}, share.to)) as several:
        async for batches in several:
            say.send(await asyncio.to_thread(take, built, batches, wanted=share.wanted))
    database.dispose()


def _end_with_the_service() -> None:
    if (service := multiprocessing.parent_process()) is not None:
        service.join()
        os._exit(1)


async def _told(worker: Connection) -> Told:
    """Raises ``EOFError`` when the worker is gone."""
    loop, something = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(worker.fileno(), something.set)
    try:
        await something.wait()
    finally:
        loop.remove_reader(worker.fileno())
    told: Told = worker.recv()
    return told
