"""Of several processes of a service, the one that does what only one should do."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog

from shared.projections.database import Database
from shared.service.in_thread import in_thread, whole

ASK_EVERY_SECONDS: Final = 1.0
TRY_AGAIN_SECONDS: Final = 1.0

log = structlog.get_logger()


class Lead:
    """Held by one process at a time; one that dies loses it at once. ``ours`` says whether it is this one.

    Two may believe so for a moment, after a database went away: what they do must be harmless twice.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.ours = False

    async def follow(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work whenever it is our turn; raises what the database raises, and then it is not."""
        async with in_thread(self._database.turn()) as is_ours:
            while True:
                while not await whole(is_ours):  # noqa: ASYNC110 - it is another process that lets go of it
                    await asyncio.sleep(ASK_EVERY_SECONDS)
                self.ours = True
                working = asyncio.ensure_future(work())
                try:
                    while not working.done() and await whole(is_ours):
                        await asyncio.wait([working], timeout=ASK_EVERY_SECONDS)
                finally:
                    self.ours = False
                    working.cancel()
                    await asyncio.wait([working])


async def together(parts: Mapping[str, Callable[[], Awaitable[None]]]) -> None:
    """Run all of them for ever, each again when it breaks: a part must not stay away unnoticed."""
    async with asyncio.TaskGroup() as tasks:
        for name, run in parts.items():
            tasks.create_task(_for_ever(name, run), name=name)


async def _for_ever(name: str, run: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await run()
        except Exception as error:
            log.exception("part broke, starting it again", part=name, error=repr(error))
        await asyncio.sleep(TRY_AGAIN_SECONDS)
