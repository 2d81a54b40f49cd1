"""Kafka clients that are started and stopped whole."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

GRACE_SECONDS: Final = 2.0


@asynccontextmanager
async def started(start: Callable[[], Any], stop: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Between an aiokafka client's start and stop; raises ``KafkaError`` when it cannot start.

    Cancelled in the middle of its start, a client would forget the connection it is making, open; so a
    cancellation waits for that.
    """
    starting = asyncio.ensure_future(start())
    try:
        await asyncio.shield(starting)
        await asyncio.sleep(0)  # stopped before its tasks began, a client would raise CancelledError
        yield
    finally:
        if not starting.done():
            await asyncio.wait((starting,), timeout=GRACE_SECONDS)
            starting.cancel()
        await stop()
