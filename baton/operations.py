"""`baton replay` and `baton redrive`: asks a running service to read its past again."""

import asyncio
import time
from typing import Any

from baton.remote import Problem, Remote

NOT_READY = 503


async def replay(remote: Remote, service: str, *, within: float) -> float:
    """Have all read models of a service built anew; the seconds until it was ready again.

    Raises ``Problem``, or ``TimeoutError`` after ``within`` seconds.
    """
    started = time.monotonic()
    await remote.post(service, "/replay")
    async with asyncio.timeout(within):
        while not await _ready(remote, service):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.2)
    return time.monotonic() - started


async def redrive(remote: Remote, service: str, *, drop: bool) -> dict[str, Any]:
    """Take parked streams up again: ``applied`` events, and the ``streams`` that are parked still."""
    return await remote.post(service, f"/parked/redrive?drop={str(drop).lower()}")


async def _ready(remote: Remote, service: str) -> bool:
    try:
        await remote.get(service, "/health/ready")
    except Problem as problem:
        if problem.status != NOT_READY:
            raise
        return False
    return True
