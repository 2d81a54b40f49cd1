"""Keeps a consumer from asking a broker thousands of times a second.

A broker should hold a fetch until there is something. The embedded one answers at once, with nothing, and the
consumer would ask again at once: 2,000 times a second, a third of a core for a reader with nothing to read.
"""

import asyncio
import time
from typing import Any, Final

BETWEEN_FETCHES: Final = 0.025
"""Seconds from one fetch to the next while records come: fewer fetches, larger chunks."""
AFTER_NOTHING: Final = 0.015
"""Seconds after a fetch that brought nothing; a broker that holds fetches took longer than that."""


def pace(fetcher: Any, *, after_nothing: float = AFTER_NOTHING) -> None:
    """Space the fetches of an aiokafka ``Fetcher``, for each broker by itself; ``after_nothing``: seconds."""
    fetch = fetcher._proc_fetch_request  # noqa: SLF001 - aiokafka has no setting for it
    not_before: dict[int, float] = {}

    async def paced(assignment: Any, node: int, request: Any) -> Any:
        try:
            await asyncio.sleep(max(0.0, not_before.get(node, 0.0) - time.monotonic()))
            began = time.monotonic()
            brought = await fetch(assignment, node, request)
        except asyncio.CancelledError:
            return False  # who closes the fetcher awaits this, and would leave its connections open
        not_before[node] = began + (BETWEEN_FETCHES if brought else after_nothing)
        return brought

    fetcher._proc_fetch_request = paced  # noqa: SLF001 - see above
