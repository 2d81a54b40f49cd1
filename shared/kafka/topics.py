"""The topics of Baton: their names, their partitions, and that they exist before anybody uses them."""

import asyncio
from collections.abc import Mapping
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.errors import NoError, TopicAlreadyExistsError, for_code
from aiokafka.partitioner import murmur2

from shared.kafka.brokers import Brokers
from shared.kafka.started import started

PARTITIONS: Final = 12
FOR_EVER: Final = {"retention.ms": "-1", "retention.bytes": "-1"}


def parked_topic(service: str) -> str:
    """Where records go that a service could not take, with what was wrong in their headers."""
    return f"baton.{service}.parked"


def partition_of(key: bytes) -> int:
    """Where Kafka's default partitioner puts a key (murmur2), in every language."""
    return int((murmur2(key) & 0x7FFFFFFF) % PARTITIONS)


async def ensure_topics(
    brokers: Brokers, topics: Mapping[str, int], *, replication: int = 1, within: float = 30.0
) -> Mapping[str, int]:
    """Make sure these topics exist and keep their records for ever; topic → its number of partitions.

    ``topics`` says how many partitions each must have at least; ``replication`` counts for new ones.
    Raises ``KafkaError``, and ``TimeoutError`` after ``within`` seconds.
    """
    admin = AIOKafkaAdminClient(**brokers.client())
    async with asyncio.timeout(within), started(admin.start, admin.close):
        while True:
            present = await _partitions(admin)
            missing = {name: n for name, n in topics.items() if name not in present}
            small = {name: n for name, n in topics.items() if 0 < present.get(name, 0) < n}
            if not missing and not small:
                return {name: present[name] for name in topics}
            if missing:
                await _create(admin, missing, replication)
            if small:
                # A broker makes a topic by itself, with one partition, as soon as a client asks for it:
                # after it lost its data, a waiting consumer may have been here first.
                await admin.create_partitions({name: NewPartitions(n) for name, n in small.items()})
            await asyncio.sleep(0.02)


async def _create(admin: AIOKafkaAdminClient, topics: Mapping[str, int], replication: int) -> None:
    answer = await admin.create_topics(
        [NewTopic(name, n, replication, topic_configs=dict(FOR_EVER)) for name, n in topics.items()]
    )
    for name, code, *_ in answer.topic_errors:
        error = for_code(code)
        if error not in (NoError, TopicAlreadyExistsError):
            raise error(name)


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, int]:
    """Every topic that has its leaders; asked for all, because asking by name would create it."""
    return {
        topic["topic"]: len(topic["partitions"])
        for topic in await admin.describe_topics()
        if topic["error_code"] == 0 and all(p["leader"] >= 0 for p in topic["partitions"])
    }
