"""A store that a relay publishes, and what stands on its topic."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.events.catalogue import topic
from shared.events.event import Envelope, Event
from shared.events.lead import LeadAssigned, LeadCreated
from shared.eventstore.store import NOTHING, EventStore, NewEvent
from shared.kafka import cloudevents
from shared.kafka.brokers import Brokers
from shared.kafka.relay import Relay
from shared.kafka.topics import PARTITIONS, partition_of

SERVICE: Final = "customers"
TOPIC: Final = topic(SERVICE)
NOW: Final = datetime(2026, 3, 1, tzinfo=UTC)
ENVELOPE: Final = (
    Envelope(actor="li-wei", role="seller", correlation_id="c").model_dump_json(exclude_none=True).encode()
)


@asynccontextmanager
async def relaying(store: EventStore, brokers: Brokers) -> AsyncIterator[Relay]:
    relay = Relay(store, SERVICE, brokers)
    running = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def append(store: EventStore, *, streams: int, each: int) -> list[str]:
    """New streams, written side by side, so that they lie mixed in the store."""
    keys = [uuid4().hex[:8] for _ in range(streams)]
    await append_to(store, keys, first=0, each=each)
    return keys


async def append_to(store: EventStore, keys: Sequence[str], *, first: int, each: int) -> None:
    for revision in range(first, first + each):
        await asyncio.gather(
            *(store.append(f"lead-{k}", [lead_event(k, revision)], expected=revision - 1) for k in keys)
        )


def lead_event(key: str, revision: int) -> NewEvent:
    event: Event = (
        LeadCreated(
            lead_id=key, company="某公司", source="web", contact_name="王芳", contact_phone="13800138000",
            occurred_at=NOW,
        )
        if revision == 0
        else LeadAssigned(lead_id=key, owner=f"person-{revision}", occurred_at=NOW)
    )  # fmt: skip
    return NewEvent(uuid4(), event.type, event.wire(), ENVELOPE)


async def published(brokers: Brokers, count: int, *, exactly: bool = True) -> None:
    """Wait until the topic holds so many records."""
    async with asyncio.timeout(30):
        while (there := await _count(brokers)) < count:
            await asyncio.sleep(0.02)
    assert not exactly or there == count


async def settled(brokers: Brokers) -> bool:
    """Whether the topic stopped growing."""
    last = -1
    async with asyncio.timeout(20):
        while (now := await _count(brokers)) != last:
            last = now
            await asyncio.sleep(0.5)
    return True


async def _count(brokers: Brokers) -> int:
    reader = AIOKafkaConsumer(**brokers.client())
    await reader.start()
    try:
        if TOPIC not in await reader.topics():
            return 0
        tps = [TopicPartition(TOPIC, n) for n in range(PARTITIONS)]
        return sum((await reader.end_offsets(tps)).values())
    finally:
        await reader.stop()


async def records_of(brokers: Brokers) -> list[Any]:
    """All records of the topic, partition by partition, each in order."""
    reader = AIOKafkaConsumer(**brokers.client(), auto_offset_reset="earliest")
    await reader.start()
    tps = [TopicPartition(TOPIC, n) for n in range(PARTITIONS)]
    reader.assign(tps)
    await reader.seek_to_beginning()
    left = {tp: end for tp, end in (await reader.end_offsets(tps)).items() if end}
    found: list[Any] = []
    async with asyncio.timeout(20):
        while left:
            for tp, records in (await reader.getmany(timeout_ms=200)).items():
                found += records
                if records[-1].offset + 1 >= left.get(tp, 0):
                    left.pop(tp, None)
    await reader.stop()
    return found


async def on_topic(brokers: Brokers) -> dict[int, list[str]]:
    """Partition → event ids in order."""
    found: dict[int, list[str]] = defaultdict(list)
    for record in await records_of(brokers):
        found[record.partition].append(cloudevents.read(record).id)
    return dict(found)


async def in_store(store: EventStore) -> dict[int, list[str]]:
    """Partition → event ids, as the topic should have them."""
    found: dict[int, list[str]] = defaultdict(list)
    for event in await everything(store):
        found[partition_of(event.stream.encode())].append(str(event.id))
    return dict(found)


async def streams_of(store: EventStore) -> list[str]:
    return list(dict.fromkeys(e.stream for e in await everything(store)))


async def everything(store: EventStore) -> list[Any]:
    head, found = await store.head(), []
    async for events in store.follow(("lead",), after=NOTHING):
        found += events
        if events[-1].position >= head:
            break
    assert all(a.position < b.position for a, b in pairwise(found))
    return found
