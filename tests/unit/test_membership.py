"""What keeps a reader from joining its group is told, though nobody asks for records."""

import asyncio
from contextlib import suppress

from shared.kafka.membership import tell_at_once
from tests.waiting import until


class FakeCoordinator:
    """Waits with an error, as aiokafka's does, until somebody asks for records; nobody does."""

    async def _push_error_to_user(self, _error: Exception) -> None:
        await asyncio.Event().wait()


async def test_an_error_is_told_before_anybody_asks_for_records() -> None:
    told: list[Exception] = []

    async def broke(error: Exception) -> None:
        told.append(error)

    coordinator, no_topic = FakeCoordinator(), ConnectionError("no topic")
    tell_at_once(coordinator, broke)
    waiting = asyncio.create_task(coordinator._push_error_to_user(no_topic))
    await until(lambda: told == [no_topic])
    assert not waiting.done()
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
