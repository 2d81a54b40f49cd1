"""Topics exist, with their partitions and for ever, before anybody uses them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from baton.broker import NoBroker, answers, embedded_broker, until_it_answers
from shared.events.catalogue import topic
from shared.kafka.brokers import Brokers
from shared.kafka.log import Partition, ends, event_ids, log_identity
from shared.kafka.topics import PARTITIONS, ensure_topics, parked_topic
from tests.local_broker import LocalBroker

Fresh = Callable[[str], str]


async def test_a_topic_is_made_with_its_partitions(broker: Brokers, fresh: Fresh) -> None:
    name = fresh("events")
    assert await ensure_topics(broker, {name: PARTITIONS}) == {name: 12}


async def test_asking_again_changes_nothing(broker: Brokers, fresh: Fresh) -> None:
    name = fresh("events")
    await ensure_topics(broker, {name: 3})
    await _send(broker, name, 0, {"id": "kept"})
    assert await ensure_topics(broker, {name: 3}) == {name: 3}
    assert await log_identity(broker, [Partition(name, 0)]) == {Partition(name, 0): "kept"}


async def test_records_are_kept_for_ever(broker: Brokers, fresh: Fresh) -> None:
    name = fresh("events")
    await ensure_topics(broker, {name: 1})
    admin = AIOKafkaAdminClient(**broker.client())
    await admin.start()
    try:
        [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    finally:
        await admin.close()
    settings = {entry[0]: entry[1] for entry in answer.resources[0][4]}
    assert settings["retention.ms"] == "-1"


async def test_a_topic_the_broker_made_by_itself_gets_its_partitions(broker: Brokers, fresh: Fresh) -> None:
    name = fresh("events")
    waiting = AIOKafkaConsumer(name, **broker.client())
    await waiting.start()  # asks for the topic, and so creates it
    await waiting.stop()
    assert await ensure_topics(broker, {name: PARTITIONS}) == {name: 12}


async def test_names_follow_the_service() -> None:
    assert topic("orders") == "baton.orders.events"
    assert parked_topic("orders") == "baton.orders.parked"


async def test_the_last_event_is_found_behind_what_is_not_ours(broker: Brokers, fresh: Fresh) -> None:
    name = fresh("events")
    await ensure_topics(broker, {name: 2})
    await _send(broker, name, 0, {"position": "7"})
    await _send(broker, name, 0, {"position": "42"})
    for _ in range(20):
        await _send(broker, name, 0, {"other": "1"})
    found = await ends(broker, name, 2)
    assert found[0][:2] == (22, 42)
    assert found[1] == (0, -1, None, frozenset())


async def test_a_checkpoint_can_be_held_against_the_log(broker: Brokers, fresh: Fresh) -> None:
    name = fresh("events")
    await ensure_topics(broker, {name: 1})
    for n in range(3):
        await _send(broker, name, 0, {"id": f"event-{n}"})
    here, nowhere = Partition(name, 0), Partition(fresh("nothing"), 0)
    assert await event_ids(broker, {here: 2}) == {here: "event-2"}
    assert await event_ids(broker, {here: 3, nowhere: 0}) == {here: None, nowhere: None}
    assert await log_identity(broker, [here]) == {here: "event-0"}


async def test_a_broker_that_is_not_there_is_said_plainly(own_broker: LocalBroker) -> None:
    assert not await answers(own_broker.brokers)
    with pytest.raises(NoBroker, match="did not answer"):
        await until_it_answers(own_broker.brokers, within=0.1)


async def test_an_embedded_broker_ends_with_its_block_and_keeps_what_it_had(
    tmp_path: Path, own_broker: LocalBroker
) -> None:
    port = int(own_broker.bootstrap.rpartition(":")[2])
    async with embedded_broker(tmp_path / "data", port=port) as bootstrap:
        await ensure_topics(bootstrap, {"kept": 1})
        await _send(bootstrap, "kept", 0, {"id": "1"})
    assert not await answers(bootstrap)
    async with embedded_broker(tmp_path / "data", port=port):
        assert await log_identity(bootstrap, [Partition("kept", 0)]) == {Partition("kept", 0): "1"}


async def _send(broker: Brokers, name: str, partition: int, value: dict[str, str]) -> None:
    producer = AIOKafkaProducer(**broker.client())
    await producer.start()
    await producer.send_and_wait(name, json.dumps(value).encode(), partition=partition)
    await producer.stop()
