"""Of several processes of a service, the one that does what only one should do."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from shared.projections.database import Database
from shared.service.in_thread import in_thread, whole

ASK_EVERY_SECONDS: Final = 1.0


class Lead:
    """Held by one process at a time; one that dies loses it at once, one that is frozen after some seconds.

    ``ours`` says whether it is this one. Two may believe so for a moment, when a database comes back or
    a process wakes up: what they do must be harmless twice.
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
