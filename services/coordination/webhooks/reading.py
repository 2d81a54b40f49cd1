"""What a webhook reads: the topics of all services, from its own places on, without any group."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.coordination.webhooks.filtering import holds, names
from services.coordination.webhooks.queue import Arrived, Cursor
from services.coordination.webhooks.webhook import Content
from shared.events.catalogue import SERVICES, topic
from shared.eventstore.store import NOTHING
from shared.kafka.brokers import Brokers
from shared.kafka.log import Partition
from shared.kafka.pace import pace
from shared.kafka.started import started
from shared.kafka.topics import PARTITIONS, ensure_topics

AT_ONCE: Final = 500
"""Records that are taken in one transaction, at most."""
PATIENCE_MS: Final = 1000
AFTER_NOTHING: Final = 0.2
"""Seconds; where there may be a hundred readers, each asks less often than one that is alone."""
FETCHED_BYTES: Final = 512 * 1024
"""Of each partition; there may be a hundred webhooks, each with all partitions."""
TOPICS: Final = tuple(topic(service) for service in SERVICES)


class _Record(msgspec.Struct):
    id: str
    type: str
    subject: str
    position: str
    recordedtime: datetime
    data: msgspec.Raw


_read: Final = msgspec.json.Decoder(_Record).decode


@dataclass(frozen=True)
class Batch:
    """What came, in the order of each partition, and where reading goes on after it."""

    arrived: list[Arrived]
    at: dict[Partition, Cursor]


class Reading:
    """One consumer of all partitions; ``batches`` waits while nobody asks for the next one.

    A broker may lose its log and get it again from the stores. Offsets mean nothing in that one, so it is
    read from its beginning, and what was taken from the other is known by its position in its store.
    """

    def __init__(self, consumer: AIOKafkaConsumer, it: Content, cursors: Mapping[Partition, Cursor]) -> None:
        self._consumer = consumer
        self._it = it
        self._at = dict(cursors)
        self._unsure = {partition for partition, cursor in cursors.items() if cursor.position != NOTHING}
        """Where it is not sure yet that the log is the one that the cursor is of."""
        self._taken: dict[Partition, int] = {}
        """The position of what was taken from the log that a partition had before."""

    async def start(self, partitions: list[TopicPartition]) -> None:
        """At the cursors; where there is none, where the webhook said to begin."""
        self._consumer.assign(partitions)
        new = [tp for tp in partitions if Partition(*tp) not in self._at]
        starts = await self._starts(new)
        for tp in partitions:
            partition = Partition(*tp)
            cursor = self._at.setdefault(partition, Cursor(starts.get(tp, 0)))
            self._consumer.seek(tp, cursor.offset - 1 if partition in self._unsure else cursor.offset)

    async def batches(self) -> AsyncIterator[Batch]:
        """For ever; each holds at least one record, though maybe none that is wanted."""
        while True:
            found = await self._consumer.getmany(timeout_ms=PATIENCE_MS, max_records=AT_ONCE)
            arrived: list[Arrived] = []
            at: dict[Partition, Cursor] = {}
            for tp, records in found.items():
                partition = Partition(*tp)
                if self._of_another_log(partition, records[0]):
                    self._begin_anew(tp)
                    continue
                arrived += self._wanted(partition, records)
                at[partition] = self._at[partition]
            if at:
                yield Batch(arrived, at)

    def behind(self) -> int:
        """How many records of the topics are not read yet, as far as it is known."""
        ends = {p: self._consumer.highwater(TopicPartition(*p)) for p in self._at}
        return sum(max(0, end - self._at[p].offset) for p, end in ends.items() if end is not None)

    async def _starts(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        since = self._it.since
        if since is None or not partitions:
            return {}
        millis = int(since.timestamp() * 1000)
        ends = await self._consumer.end_offsets(partitions)  # first: what comes in between must be read
        found = await self._consumer.offsets_for_times(dict.fromkeys(partitions, millis))
        return {tp: ends[tp] if found.get(tp) is None else found[tp].offset for tp in partitions}

    def _of_another_log(self, partition: Partition, first: Any) -> bool:
        """The record before the next one must be the one that was taken last."""
        cursor = self._at[partition]
        unsure = partition in self._unsure
        self._unsure.discard(partition)
        if not unsure:
            return bool(first.offset < cursor.offset)
        if first.offset == cursor.offset - 1:
            return _position(first) not in {cursor.position, NOTHING}
        return bool(first.offset < cursor.offset)

    def _begin_anew(self, tp: TopicPartition) -> None:
        partition = Partition(*tp)
        taken = max(self._at[partition].position, self._taken.get(partition, NOTHING))
        self._taken[partition] = taken
        self._at[partition] = Cursor(0, taken)
        self._consumer.seek(tp, 0)

    def _wanted(self, partition: Partition, records: list[Any]) -> list[Arrived]:
        wanted = []
        cursor = self._at[partition]
        position = cursor.position
        for record in records:
            one = _event(record)
            if one is None:
                continue
            position = int(one.position)
            if record.offset >= cursor.offset and self._is_new(partition, one) and self._asks_for(one):
                wanted.append(Arrived(one.subject, one.id, one.type, bytes(record.value)))
        self._at[partition] = Cursor(records[-1].offset + 1, position)
        return wanted

    def _is_new(self, partition: Partition, one: _Record) -> bool:
        if partition not in self._taken:
            return True
        begun = self._it.since is None or one.recordedtime >= self._it.since
        return begun and int(one.position) > self._taken[partition]

    def _asks_for(self, one: _Record) -> bool:
        described = self._it.described
        if not names(described, one.type):
            return False
        return not described.where or holds(described, msgspec.json.decode(one.data))


@asynccontextmanager
async def reading(
    it: Content, cursors: Mapping[Partition, Cursor], *, brokers: Brokers, replication: int
) -> AsyncIterator[Reading]:
    """Reads while the block lasts. Raises ``KafkaError`` and ``TimeoutError``."""
    counts = await ensure_topics(brokers, dict.fromkeys(TOPICS, PARTITIONS), replication=replication)
    consumer = AIOKafkaConsumer(
        **brokers.client(),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=PATIENCE_MS,
        max_partition_fetch_bytes=FETCHED_BYTES,
    )
    async with started(consumer.start, consumer.stop):
        pace(consumer._fetcher, after_nothing=AFTER_NOTHING)  # noqa: SLF001 - aiokafka has no setting for it
        it_reads = Reading(consumer, it, cursors)
        await it_reads.start([TopicPartition(name, n) for name, many in counts.items() for n in range(many)])
        yield it_reads


def _event(record: Any) -> _Record | None:
    """None for what is no event of ours."""
    try:
        one = _read(record.value or b"")
        int(one.position)
    except (msgspec.DecodeError, ValueError):
        return None
    return one if one.recordedtime.tzinfo is not None else None


def _position(record: Any) -> int:
    one = _event(record)
    return NOTHING if one is None else int(one.position)
