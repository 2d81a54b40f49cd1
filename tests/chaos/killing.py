"""Processes that end at once, as by ``kill -9`` or when the power fails."""

import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from random import Random

from tests.chaos.stage import Stage
from tests.house import House
from tests.waiting import until


def killed(program: str) -> Callable[[Stage, Random], AbstractAsyncContextManager[None]]:
    """One process, twice: at work, and whatever it does a while later, which may be starting."""
    return partial(_killed, program)


@asynccontextmanager
async def all_killed(stage: Stage, _chance: Random) -> AsyncIterator[None]:
    """`baton up` and all that it runs; started again when it is over."""
    await stage.house.kill()
    yield
    await stage.house.start()


@asynccontextmanager
async def _killed(program: str, stage: Stage, _chance: Random) -> AsyncIterator[None]:
    await kill(stage.house, program)
    yield
    await kill(stage.house, program)


async def kill(house: House, program: str) -> None:
    """One process, which is started again."""

    def there() -> int | None:
        try:
            return house.pid(program)
        except LookupError:
            return None

    os.kill(await until(there, what=f"{program} runs"), signal.SIGKILL)
