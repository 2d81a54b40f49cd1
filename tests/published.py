"""What stands on a topic now."""

import json
from typing import Any

from aiokafka import AIOKafkaConsumer

from shared.events.catalogue import topic


async def records(bootstrap: str, name: str) -> list[Any]:
    """Every record of a topic, each partition in its order."""
    found: list[Any] = []
    async with AIOKafkaConsumer(
        name, bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    ) as reader:
        ends = await reader.end_offsets(reader.assignment())
        while any([await reader.position(tp) < end for tp, end in ends.items()]):
            for several in (await reader.getmany(timeout_ms=500)).values():
                found += several
    return found


async def published(bootstrap: str, service: str) -> list[dict[str, Any]]:
    """Every event that the service published, as its record tells it."""
    return [json.loads(record.value) for record in await records(bootstrap, topic(service))]
