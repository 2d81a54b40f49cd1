"""When a delivery that failed is tried again."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

STANDARD: Final[tuple[timedelta, ...]] = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after each failure, by Standard Webhooks (the first attempt is made at once): 3 days in all."""
JITTER: Final = 0.1
"""At most so much of the time is added, so that what failed together does not come again together."""
LONGEST_PAUSE: Final = timedelta(days=1)


def again_at(
    schedule: Sequence[timedelta], attempt: int, *, at: datetime, wait_until: datetime | None
) -> datetime | None:
    """When to try again after attempt number ``attempt`` (from 1) failed; None when that was the last.

    Never before ``wait_until``, which the other side asked for.
    """
    if attempt > len(schedule):
        return None
    usual = at + schedule[attempt - 1] * (1 + random.random() * JITTER)
    return usual if wait_until is None else max(usual, wait_until)
