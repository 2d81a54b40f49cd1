"""How long what is ready to run in this process's event loop waits for its turn."""

import asyncio
from typing import Final

from prometheus_client import Histogram

EVERY_SECONDS: Final = 0.25

DELAY: Final = Histogram(
    "baton_event_loop_delay_seconds",
    "How much later than asked for the event loop woke a task that sleeps, tried four times a second: "
    "for so long everything else in the process had to wait, too.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1),
)


async def measure_loop() -> None:
    """Until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY_SECONDS
        await asyncio.sleep(EVERY_SECONDS)
        DELAY.observe(max(0.0, loop.time() - due))
