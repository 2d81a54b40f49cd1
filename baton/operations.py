"""`baton replay` and `baton redrive`: asks a running service to read its past again."""

import asyncio
import time
from typing import Any, Final

from baton.remote import NOT_READY, Remote

REDRIVE_WITHIN: Final = 600.0


async def replay(remote: Remote, service: str, *, within: float) -> float:
    """Have all read models of a service built anew; the seconds until it was ready again.

    Raises ``Problem``, or ``TimeoutError`` after ``within`` seconds.
    """
    started = time.monotonic()
    async with asyncio.timeout(within):
        await remote.post(service, "/replay", within=within)
        while await remote.status(service, "/health/ready") == NOT_READY:  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.2)
    return time.monotonic() - started


async def redrive(remote: Remote, service: str, *, drop: bool) -> dict[str, Any]:
    """Take parked streams up again: ``applied`` events, and the ``streams`` that are parked still."""
    return await remote.post(service, f"/parked/redrive?drop={str(drop).lower()}", within=REDRIVE_WITHIN)
