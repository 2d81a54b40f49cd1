"""The ceiling of librdkafka: `consume` alone, or, with `--decode`, with every record read and decoded."""

import sys
from collections.abc import Sequence
from typing import Final, NamedTuple

from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, TopicPartition

from bench.stream.contest import Clock, task
from shared.events.catalogue import EVENTS
from shared.kafka.stream import MOST_RECORDS
from shared.service.sources import seen_in_topic

WAIT_SECONDS: Final = 0.05
"""For so long `consume` waits for its list to fill."""


class Record(NamedTuple):
    """A message by attributes, as the functions of Baton read it."""

    headers: Sequence[tuple[str, bytes]]
    key: bytes | None
    value: bytes | None
    timestamp: int
    topic: str
    partition: int
    offset: int


def main(*, decode: bool) -> None:
    asked = task()
    reader = Consumer(
        {
            "bootstrap.servers": asked.bootstrap,
            "group.id": f"librdkafka-{asked.folder.name}",
            "enable.auto.commit": False,
        }
    )
    partitions = reader.list_topics(asked.topic).topics[asked.topic].partitions
    taken, clock = 0, Clock()
    reader.assign([TopicPartition(asked.topic, number, OFFSET_BEGINNING) for number in partitions])
    while taken < asked.events:
        messages = reader.consume(num_messages=MOST_RECORDS, timeout=WAIT_SECONDS)
        for message in messages:
            if message.error():
                raise RuntimeError(message.error())
        taken += len(messages)
        if decode:
            for message in messages:
                seen = seen_in_topic(_record(message))
                EVENTS[seen.type].read(seen.data)
    clock.stop(taken)
    reader.close()


def _record(message: Message) -> Record:
    return Record(
        message.headers() or (),
        message.key(),
        message.value(),
        message.timestamp()[1],
        message.topic() or "",
        message.partition() or 0,
        message.offset() or 0,
    )


if __name__ == "__main__":
    decode = "--decode" in sys.argv
    sys.argv = [word for word in sys.argv if word != "--decode"]
    main(decode=decode)
