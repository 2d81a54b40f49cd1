"""Reads stretches of partitions, from one offset up to another, without a group: nobody else notices."""

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.kafka.brokers import Brokers
from shared.kafka.log import Partition
from shared.kafka.pace import pace
from shared.kafka.started import started
from shared.kafka.stream import MOST_RECORDS
from shared.kafka.transport import Chunk

QUIET_SECONDS: Final = 10.0
"""When nothing came for so long, the log is shorter than what is asked for, or its broker is away."""
WAIT_MS: Final = 200


class Stretch(NamedTuple):
    """The offsets from ``start`` up to ``end``, which is not in any more."""

    start: int
    end: int


async def read_stretches(
    brokers: Brokers, stretches: Mapping[Partition, Stretch]
) -> AsyncGenerator[Sequence[Chunk], None]:
    """Their records, a chunk of each partition at a time, each partition's in order.

    Ends early when a log is shorter than its stretch. Raises ``KafkaError`` when no broker answers.
    """
    ends = {TopicPartition(*at): it.end for at, it in stretches.items() if it.start < it.end}
    if not ends:
        return
    reader = AIOKafkaConsumer(**brokers.client(), enable_auto_commit=False, auto_offset_reset="earliest")
    async with started(reader.start, reader.stop):
        pace(reader._fetcher)  # noqa: SLF001 - aiokafka has no setting for it
        reader.assign(list(ends))
        for tp in ends:
            reader.seek(tp, stretches[Partition(tp.topic, tp.partition)].start)
        waiting, came = set(ends), time.monotonic()
        while waiting and time.monotonic() - came < QUIET_SECONDS:
            fetched = await reader.getmany(*waiting, timeout_ms=WAIT_MS, max_records=MOST_RECORDS)
            for tp in list(waiting):
                if await reader.position(tp) >= ends[tp]:
                    waiting.discard(tp)
                    reader.pause(tp)
            chunks = [_chunk(tp, records, ends[tp]) for tp, records in fetched.items()]
            if some := [chunk for chunk in chunks if chunk.records]:
                yield some
                came = time.monotonic()


def _chunk(tp: TopicPartition, records: Sequence[Any], end: int) -> Chunk:
    return Chunk(Partition(tp.topic, tp.partition), [record for record in records if record.offset < end])
