"""What a process does beside answering: several parts at once, each for ever."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog

TRY_AGAIN_SECONDS: Final = 1.0

Part = Callable[[], Awaitable[None]]

log = structlog.get_logger()


async def together(parts: Mapping[str, Part]) -> None:
    """Run all of them for ever, each again when it breaks: a part must not stay away unnoticed."""
    async with asyncio.TaskGroup() as tasks:
        for name, run in parts.items():
            tasks.create_task(_for_ever(name, run), name=name)


def every(seconds: float, do: Callable[[], Awaitable[object]]) -> Part:
    """A part that does this again and again, with so long a pause."""

    async def again_and_again() -> None:
        while True:
            await do()
            await asyncio.sleep(seconds)

    return again_and_again


async def _for_ever(name: str, run: Part) -> None:
    while True:
        try:
            await run()
        except Exception as error:
            log.exception("part broke, starting it again", part=name, error=repr(error))
        await asyncio.sleep(TRY_AGAIN_SECONDS)
