"""What holds up the event loop is seen."""

import asyncio
import time

from shared.service.loop_delay import measure_loop
from tests.counted import said
from tests.waiting import until

HELD_UP = 0.6


async def test_what_does_not_give_way_is_seen_by_how_long_it_did_not() -> None:
    before = said("baton_event_loop_delay_seconds_sum")
    measuring = asyncio.create_task(measure_loop())
    await asyncio.sleep(0)
    time.sleep(HELD_UP)  # noqa: ASYNC251 - this is what must not happen
    await until(lambda: said("baton_event_loop_delay_seconds_sum") > before)
    measuring.cancel()
    assert said("baton_event_loop_delay_seconds_sum") - before > HELD_UP / 2
