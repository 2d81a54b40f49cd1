"""Brokers that die, freeze or forget, wires that are cut, disks that are full, clocks that jump."""

import resource
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from random import Random
from typing import Final

from tests.chaos.stage import Clocked, OnApache, SmallDisk, Stage
from tests.house import SERVICES
from tests.small_disk import fill
from tests.waiting import until

FULL: Final = 8192
"""No file may grow beyond so many bytes: nothing more can be kept."""
NO_ROOM: Final = b"disk is full"
"""As SQLite says it, and with it whoever could not keep something."""
FELT_WITHIN: Final = 60.0
"""A log that was made longer before has room for a while."""
SLOW: Final = (0.1, 0.6)


@asynccontextmanager
async def broker_killed(stage: OnApache, _chance: Random) -> AsyncIterator[None]:
    stage.broker.kill()
    yield
    await stage.broker.start()


@asynccontextmanager
async def broker_wiped(stage: OnApache, _chance: Random) -> AsyncIterator[None]:
    stage.broker.kill()
    stage.broker.wipe()
    yield
    await stage.broker.start()


@asynccontextmanager
async def broker_paused(stage: OnApache, _chance: Random) -> AsyncIterator[None]:
    stage.broker.pause()
    yield
    stage.broker.go_on()


@asynccontextmanager
async def wire_cut(stage: OnApache, _chance: Random) -> AsyncIterator[None]:
    stage.wire.cut()
    yield
    stage.wire.mend()


@asynccontextmanager
async def wire_held(stage: OnApache, _chance: Random) -> AsyncIterator[None]:
    stage.wire.hold()
    yield
    stage.wire.mend()


@asynccontextmanager
async def wire_slow(stage: OnApache, chance: Random) -> AsyncIterator[None]:
    stage.wire.delay = chance.uniform(*SLOW)
    yield
    stage.wire.mend()


@asynccontextmanager
async def disk_full(stage: SmallDisk, _chance: Random) -> AsyncIterator[None]:
    """Not a byte is left, and it lasts from when somebody wanted one."""
    before = stage.house.said(NO_ROOM)
    filler = fill(stage.disk)
    await until(lambda: stage.house.said(NO_ROOM) > before, within=FELT_WITHIN, what="somebody had no room")
    yield
    filler.unlink()


@asynccontextmanager
async def files_full(stage: Stage, _chance: Random) -> AsyncIterator[None]:
    """No disk, but a limit of each service: for its store, its read models and its keys."""
    pids = [stage.house.pid(service) for service in SERVICES]
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL, most))
    yield
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


def clock_jumps(seconds: int) -> Callable[[Clocked, Random], AbstractAsyncContextManager[None]]:
    """By up to so many, there and back."""
    return partial(_clock_jumps, seconds)


@asynccontextmanager
async def _clock_jumps(seconds: int, stage: Clocked, chance: Random) -> AsyncIterator[None]:
    stage.set_clock(round(seconds * chance.uniform(0.1, 1)))
    yield
    stage.set_clock(0)
