"""Faust's Kafka transport, in chunks: one message a poll, its value the raw records of each partition.

Faust makes several tasks and objects for every message; a chunk of a thousand records pays that once
(ADR 0004). Where to read is ours to say: ``start_at`` is asked at every assignment and after every failure.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple, cast

import aiokafka
import structlog
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage, Message

from shared.kafka.log import Partition
from shared.kafka.membership import keep_membership, tell_at_once
from shared.kafka.pace import pace

FETCH_MAX_WAIT_MS: Final = 500
STOP_SECONDS: Final = 5.0
REVOKE_SECONDS: Final = 10.0
"""A handler that takes longer loses its partitions all the same; the checkpoint's fence holds it off."""

log = structlog.get_logger()

StartAt = Callable[[Collection[Partition]], Awaitable[Mapping[Partition, int | None]]]
"""The next offset to read of each partition; None, or not there, means from the beginning."""


class Chunk(NamedTuple):
    """Raw records (aiokafka's ``ConsumerRecord``) of one partition in order, never none."""

    partition: Partition
    records: Sequence[Any]

    @property
    def position(self) -> int:
        """The offset after the last record: what a checkpoint keeps."""
        return int(self.records[-1].offset) + 1


class Fetched(NamedTuple):
    """Chunks on their way to the handler; of no worth once the partitions were sought anew."""

    chunks: Sequence[Chunk]
    """Of one poll, never none."""
    seek: int

    @property
    def records(self) -> int:
        return sum(len(chunk.records) for chunk in self.chunks)


class Unremembered(dict[TP, int | None]):
    """In place of what Faust remembers as read: below that it would drop what we sought back to."""

    def __getitem__(self, tp: TP) -> None:
        return None

    def __setitem__(self, tp: TP, offset: int | None) -> None: ...


class ChunkThread(driver.AIOKafkaConsumerThread):
    def _create_worker_consumer(self, transport: driver.Transport) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_MAX_WAIT_MS  # noqa: SLF001 - Faust writes 1500 there, without a setting
        return consumer

    async def on_start(self) -> None:
        await super().on_start()
        consumer = self._ensure_consumer()
        pace(consumer._fetcher)  # noqa: SLF001 - aiokafka has no setting for it
        keep_membership(consumer._coordinator)  # noqa: SLF001 - see above
        tell_at_once(consumer._coordinator, self._broke)  # noqa: SLF001 - see above

    async def _broke(self, error: Exception) -> None:
        """The app ends, as it does where a fetch raises the error, and another is started."""
        crash = asyncio.run_coroutine_threadsafe(self.consumer.crash(error), self.parent_loop)
        await asyncio.wrap_future(crash)

    async def on_thread_stop(self) -> None:
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await super().on_thread_stop()
        except (asyncio.CancelledError, TimeoutError):
            # aiokafka awaits tasks that it cancelled, or that wait for us, and so may stop half-way.
            await self._ensure_consumer()._client.close()  # noqa: SLF001 - the half that is left

    def close(self) -> None:
        """Not when Faust wants it, from another thread's loop: ``on_thread_stop`` closes the consumer."""


class ChunkConsumer(driver.Consumer):
    """Hands over each record behind the place of the last seek, once and in order, whatever Faust drops."""

    transport: "ChunkTransport"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seeks = 0
        self.handling = asyncio.Lock()
        """Held while a handler works: a seek waits, so that it asks for the checkpoint behind that work."""
        self._seeking = asyncio.Lock()
        self._read_offset = Unremembered()
        self._next: dict[TP, int] = {}
        self._looked_again: set[tuple[TP, int]] = set()

    def _new_consumer_thread(self) -> ChunkThread:
        return ChunkThread(self, loop=self.loop, beacon=self.beacon)

    async def perform_seek(self) -> None:
        """Called by Faust at the end of every rebalance, and by the reader after a failure."""
        async with self.handling, self._seeking:
            self.seeks += 1  # what was fetched before this is dropped, here and by the reader
            assigned = {Partition(tp.topic, tp.partition): tp for tp in self.assignment()}
            starts = await self.transport.start_at(set(assigned)) if assigned else {}
            offsets = {tp: starts.get(partition) or 0 for partition, tp in assigned.items()}
            for tp in offsets:
                self._forget(tp)
            if offsets:
                await self.seek_wait(offsets)
            self._next = dict(offsets)
            self._looked_again.clear()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Give partitions away once the work on them is done, so that their next reader goes on behind it."""
        await super().on_partitions_revoked(revoked)
        with suppress(TimeoutError):
            async with asyncio.timeout(REVOKE_SECONDS), self.handling:
                pass

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109 - Faust's name
        async with self._seeking:
            seeks = self.seeks
        fetched, active = await self._wait_next_records(timeout)
        if not fetched or self.should_stop:
            return
        if seeks != self.seeks:
            await self._look_again(fetched)  # fetched before the seek or after it, who can tell
            return
        chunks: list[Chunk] = []
        for tp, records in fetched.items():
            if not self.flow_active or seeks != self.seeks:
                return  # a rebalance or a failure: what comes next is read from the checkpoint
            if (active is None or tp in active or tp in self._buffered_partitions) and (
                admitted := await self._admit(tp, records)
            ):
                chunks.append(Chunk(Partition(tp.topic, tp.partition), admitted))
        if chunks:
            tp = TP(*chunks[0].partition)
            yield tp, self._to_message(tp, Fetched(chunks, seeks))

    async def _admit(self, tp: TP, records: Sequence[Any]) -> Sequence[Any]:
        expected, first = self._next.get(tp), records[0].offset
        if expected is not None and first > expected and (tp, expected) not in self._looked_again:
            # Records were fetched and dropped on the way (Faust does that around rebalances), or the log has
            # a hole here. Looking once more tells which.
            self._looked_again.add((tp, expected))
            await self._look_again((tp,))
            return ()
        if expected is not None and first < expected:
            log.warning(
                "the log begins anew", topic=tp.topic, partition=tp.partition, had=expected, got=first
            )
            self._forget(tp)
        self._looked_again.clear()
        self._next[tp] = records[-1].offset + 1
        return records

    async def _look_again(self, tps: Iterable[TP]) -> None:
        async with self._seeking:
            await self.seek_wait({tp: self._next[tp] for tp in tps if tp in self._next})

    def _to_message(self, tp: TP, record: Any) -> ConsumerMessage:
        last = record.chunks[0].records[-1]  # tp's own; for the others see ``ack``
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            last.offset,
            last.timestamp / 1000,
            last.timestamp_type,
            headers=[],
            key=None,
            value=record,
            checksum=None,
            tp=tp,
            generation_id=self.app.consumer_generation_id,
        )

    def ack(self, message: Message) -> bool:
        """Faust knows the message as one of its first chunk's partition; the other chunks are done, too."""
        fetched = cast("Fetched", message.value)
        for chunk in fetched.chunks[1:]:
            self._acked[TP(*chunk.partition)].append(chunk.position - 1)
        return bool(super().ack(message))

    def _forget(self, tp: TP) -> None:
        """Faust acknowledges nothing below what it committed; now that is to come again."""
        for known in (self._acked, self._acked_index, self._committed_offset):
            known.pop(tp, None)

    def _new_offset(self, tp: TP) -> int | None:
        """What to commit: chunks are handled in order, so it is the last one's end; no gaps to count."""
        if not (acked := self._acked[tp]):
            return None
        last = max(acked)
        acked.clear()
        self._acked_index[tp].clear()
        return last + 1

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """The offsets between two chunks' ends are no gap."""

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust would call a quiet partition stuck; our lag metric watches instead."""


class ChunkTransport(driver.Transport):
    Consumer = ChunkConsumer

    def __init__(self, url: Any, app: Any, *, start_at: StartAt) -> None:
        super().__init__(url, app)
        self.start_at = start_at
