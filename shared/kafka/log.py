"""What the log of a topic holds: where it ends, its last events, and which log it is."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.events.seen import Seen
from shared.eventstore.store import NOTHING
from shared.kafka.brokers import Brokers
from shared.kafka.cloudevents import BadRecord, place, read
from shared.kafka.started import started

WITHIN_SECONDS: Final = 60.0
"""A broker that went away in the middle of a look must not hold anybody for ever."""
ASK_SECONDS: Final = 2.0
LAST: Final = 100


class Partition(NamedTuple):
    topic: str
    number: int


class End(NamedTuple):
    """The end of one partition: its next offset, and the store position of its last event."""

    offset: int
    position: int
    last: Seen | None = None
    """That event, as its record tells it."""
    keys: frozenset[bytes] = frozenset()
    """Those of its last events, of all that lie in its last ``LAST`` offsets."""


async def reach(brokers: Brokers) -> None:
    """Raises ``KafkaError`` when no broker answers."""
    async with _reader(brokers):
        pass


async def ends(brokers: Brokers, topic: str, partitions: int) -> dict[int, End]:
    """How far each partition of a topic that a relay writes has come; ``NOTHING`` for an empty one."""
    tps = [TopicPartition(topic, number) for number in range(partitions)]
    async with _reader(brokers) as reader:
        first, last = await reader.beginning_offsets(tps), await reader.end_offsets(tps)
        return {tp.partition: await _end(reader, tp, first[tp], last[tp]) for tp in tps}


async def end_offsets(brokers: Brokers, partitions: Collection[Partition]) -> dict[Partition, int]:
    """The next offset of each partition."""
    async with _reader(brokers) as reader:
        last = await reader.end_offsets([TopicPartition(*partition) for partition in partitions])
        return {Partition(tp.topic, tp.partition): end for tp, end in last.items()}


async def event_ids(brokers: Brokers, offsets: Mapping[Partition, int]) -> dict[Partition, str | None]:
    """The event's id in the record at each offset; None when there is none, not even the partition.

    A checkpoint belongs to a log if the record before it is the one that was handled last.
    """
    found = await _records(brokers, offsets)
    return {at: None if record is None else place(record).id for at, record in found.items()}


async def log_identity(brokers: Brokers, partitions: Collection[Partition]) -> dict[Partition, str | None]:
    """Which log each partition holds now: the event's id in its first record, None when it is empty.

    It tells another store's log from ours. It does not tell a refilled log from the one before, and need
    not: the relay refills in the order of the store, so offset n is the same event again. Only where the
    lost log had duplicates do the offsets differ; ``event_ids`` tells that too.
    """
    return await event_ids(brokers, dict.fromkeys(partitions, 0))


class Ends:
    """Asks again and again where all partitions of some topics end, over one connection."""

    def __init__(self, brokers: Brokers, topics: Collection[str]) -> None:
        self._brokers = brokers
        self._topics = topics
        self._open = AsyncExitStack()
        self._reader: AIOKafkaConsumer | None = None

    async def ask(self) -> Mapping[Partition, int] | None:
        """The next offset of each partition that there is; ``None`` while nobody answers."""
        try:
            async with asyncio.timeout(ASK_SECONDS):
                return await self._ends(await self._connected())
        except (KafkaError, OSError, TimeoutError):
            await self.close()
            return None

    async def close(self) -> None:
        self._reader = None
        await self._open.aclose()

    async def _connected(self) -> AIOKafkaConsumer:
        if self._reader is None:
            reader = AIOKafkaConsumer(**self._brokers.client(), enable_auto_commit=False)
            await self._open.enter_async_context(started(reader.start, reader.stop))
            self._reader = reader
        return self._reader

    async def _ends(self, reader: AIOKafkaConsumer) -> Mapping[Partition, int]:
        cluster = await reader._client.fetch_all_metadata()  # noqa: SLF001 - `topics()` forgets their partitions
        tps = [TopicPartition(it, n) for it in self._topics for n in cluster.partitions_for_topic(it) or ()]
        found = await reader.end_offsets(tps) if tps else {}
        return {Partition(tp.topic, tp.partition): end for tp, end in found.items()}


@asynccontextmanager
async def _reader(brokers: Brokers) -> AsyncIterator[AIOKafkaConsumer]:
    reader = AIOKafkaConsumer(
        **brokers.client(),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=50,
    )
    async with asyncio.timeout(WITHIN_SECONDS), started(reader.start, reader.stop):
        yield reader


async def _end(reader: AIOKafkaConsumer, tp: TopicPartition, first: int, end: int) -> End:
    """Steps back further and further: the last offsets may be gaps, or records that are not ours."""
    back = LAST
    start = end
    while start > first:
        start = max(first, end - back)
        ours = [
            record async for record in _between(reader, tp, start, end) if place(record).position != NOTHING
        ]
        if ours:
            keys = frozenset(record.key for record in ours if record.key)
            return End(end, place(ours[-1]).position, _told(ours[-1]), keys)
        back *= 8
    return End(end, NOTHING)


def _told(record: Any) -> Seen:
    try:
        return read(record)
    except BadRecord as bad:
        return bad.seen


async def _between(reader: AIOKafkaConsumer, tp: TopicPartition, start: int, end: int) -> AsyncIterator[Any]:
    reader.assign([tp])
    reader.seek(tp, start)
    while await reader.position(tp) < end:
        for records in (await reader.getmany(tp, timeout_ms=200)).values():
            for record in records:
                if record.offset < end:
                    yield record


async def _records(brokers: Brokers, offsets: Mapping[Partition, int]) -> dict[Partition, Any]:
    """The first record at or behind the log's beginning or the offset, whichever is later, if at all."""
    found: dict[Partition, Any] = dict.fromkeys(offsets)
    async with _reader(brokers) as reader:
        present = {topic for topic in await reader.topics() if topic in {p.topic for p in offsets}}
        tps = [TopicPartition(*p) for p in offsets if p.topic in present]
        first, last = await reader.beginning_offsets(tps), await reader.end_offsets(tps)
        for tp in tps:
            at = max(first[tp], offsets[Partition(*tp)])
            async for record in _between(reader, tp, at, last[tp]):
                found[Partition(*tp)] = record
                break
    return found
