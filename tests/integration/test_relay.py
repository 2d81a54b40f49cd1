"""The relay: every event of the store is on the topic once, in order, whatever happens to the broker."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NOTHING, EventStore
from shared.kafka import cloudevents
from shared.kafka.brokers import Brokers
from shared.kafka.log import ends
from shared.kafka.one_log import LogInDoubt, producer_of_one_log
from shared.kafka.topics import PARTITIONS, ensure_topics, partition_of
from tests.counted import counting, said
from tests.integration.relayed import (
    ENVELOPE,
    SERVICE,
    TOPIC,
    append,
    append_to,
    everything,
    in_store,
    lead_event,
    on_topic,
    published,
    records_of,
    relaying,
    settled,
    streams_of,
)
from tests.local_broker import LocalBroker
from tests.waiting import until


async def test_events_are_published_in_order_under_their_stream(
    store: SqliteStore, own_broker: LocalBroker
) -> None:
    await own_broker.start()
    await append(store, streams=20, each=5)
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, 100)
    for records in await by_stream(own_broker.brokers):
        seen = [cloudevents.read(r) for r in records]
        assert [s.revision for s in seen] == list(range(5))
        assert {r.key.decode() for r in records} == {s.stream for s in seen}
        assert {r.partition for r in records} == {partition_of(records[0].key)}
        assert seen[0].type == "lead-created.v1"
        assert json.loads(records[0].value)["source"] == "/baton/customers"
    assert await on_topic(own_broker.brokers) == await in_store(store)


async def test_new_events_follow_while_it_runs(store: SqliteStore, own_broker: LocalBroker) -> None:
    await own_broker.start()
    async with relaying(store, own_broker.brokers) as relay:
        await until(lambda: relay.healthy)
        for n in range(10):
            await append(store, streams=1, each=3)
            await published(own_broker.brokers, 3 * (n + 1))
    assert await on_topic(own_broker.brokers) == await in_store(store)


async def test_personal_fields_never_reach_the_topic(store: SqliteStore, own_broker: LocalBroker) -> None:
    await own_broker.start()
    await append(store, streams=3, each=1)
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, 3)
    assert b"13800138000" in (await store.read((await streams_of(store))[0]))[0].data
    for record in await records_of(own_broker.brokers):
        assert b"13800138000" not in record.value
        assert "王芳".encode() not in record.value


async def test_a_traced_event_says_so_in_a_header(store: SqliteStore, own_broker: LocalBroker) -> None:
    await own_broker.start()
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    traced = json.dumps(json.loads(ENVELOPE) | {"traceparent": trace}).encode()
    await append(store, streams=1, each=2)
    await store.append("lead-traced", [lead_event("traced", 0)._replace(metadata=traced)], expected=NOTHING)
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, 3)
    said = {
        record.key: dict(record.headers).get("traceparent") for record in await records_of(own_broker.brokers)
    }
    assert said.pop(b"lead-traced") == trace.encode()
    assert set(said.values()) == {None}


async def test_a_restart_publishes_nothing_twice(store: SqliteStore, own_broker: LocalBroker) -> None:
    await own_broker.start()
    for n in range(1, 4):
        await append(store, streams=10, each=3)
        async with relaying(store, own_broker.brokers):
            await published(own_broker.brokers, 30 * n)
    assert await on_topic(own_broker.brokers) == await in_store(store)


async def test_a_relay_killed_after_any_acknowledgement_leaves_no_gap_and_no_double(
    store: SqliteStore, own_broker: LocalBroker
) -> None:
    await own_broker.start()
    await append(store, streams=40, each=25)
    for n in range(5):
        async with relaying(store, own_broker.brokers):
            await published(own_broker.brokers, 200 * n + 1, exactly=False)
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, 1000)
    assert await on_topic(own_broker.brokers) == await in_store(store)


async def test_a_broker_that_comes_later_gets_everything(store: SqliteStore, own_broker: LocalBroker) -> None:
    await append(store, streams=10, each=2)
    async with relaying(store, own_broker.brokers) as relay:
        await until(lambda: lag() == 20 and 0 < lag_seconds() < 60)
        assert not relay.healthy
        await own_broker.start()
        await published(own_broker.brokers, 20)
        await until(lambda: relay.healthy and lag() == lag_seconds() == 0)
    assert await on_topic(own_broker.brokers) == await in_store(store)


async def test_while_the_broker_is_away_the_oldest_event_that_waits_grows_older(
    store: SqliteStore, own_broker: LocalBroker
) -> None:
    await own_broker.start()
    await append(store, streams=5, each=1)
    async with relaying(store, own_broker.brokers) as relay:
        with counting("baton_relay_published_total", 8), counting("baton_relay_age_seconds_count", 8):
            await published(own_broker.brokers, 5)
            await until(lambda: relay.healthy and lag() == lag_seconds() == 0)
            own_broker.stop()
            await until(lambda: not relay.healthy)
            await append(store, streams=1, each=3)
            stored = datetime.now(UTC)
            young = await until(lag_seconds)
            old = await until(lambda: lag_seconds() > young + 1 and lag_seconds())
            assert abs(old - (datetime.now(UTC) - stored).total_seconds()) < 5
            await own_broker.start()
            await until(lambda: relay.healthy and lag() == lag_seconds() == 0)


async def test_a_wiped_broker_is_filled_again_exactly(store: SqliteStore, own_broker: LocalBroker) -> None:
    await own_broker.start()
    await append(store, streams=30, each=4)
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, 120)
    before = await on_topic(own_broker.brokers)
    own_broker.stop()
    own_broker.wipe()
    await own_broker.start()
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, 120)
    assert await on_topic(own_broker.brokers) == before


async def test_a_broker_wiped_under_a_running_relay_is_filled_again_exactly(
    store: SqliteStore, own_broker: LocalBroker
) -> None:
    await own_broker.start()
    await append(store, streams=30, each=4)
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, 120)
        own_broker.kill()
        own_broker.wipe()
        await append(store, streams=5, each=2)
        await own_broker.start()
        await published(own_broker.brokers, 130)
    assert await on_topic(own_broker.brokers) == await in_store(store)


async def test_a_broker_wiped_while_nothing_happens_is_filled_again(
    store: SqliteStore, own_broker: LocalBroker
) -> None:
    await own_broker.start()
    await append(store, streams=30, each=4)
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, 120)
        own_broker.stop()
        own_broker.wipe()
        await own_broker.start()
        await published(own_broker.brokers, 120)
    assert await on_topic(own_broker.brokers) == await in_store(store)


async def test_a_broker_killed_under_load_ends_up_with_everything_once(
    store: SqliteStore, own_broker: LocalBroker
) -> None:
    await own_broker.start()
    async with relaying(store, own_broker.brokers) as relay:
        for n in range(4):
            await append(store, streams=50, each=10)
            await published(own_broker.brokers, 500 * n + 1, exactly=False)
            own_broker.kill()  # forgets its last second or so
            await append(store, streams=1, each=1)
            await own_broker.start()
        await published(own_broker.brokers, 2004)
        assert relay.healthy
    assert await on_topic(own_broker.brokers) == await in_store(store)


async def test_a_topic_deleted_and_made_again_is_filled_again(
    store: SqliteStore, own_broker: LocalBroker
) -> None:
    await own_broker.start()
    await append(store, streams=200, each=4)
    async with relaying(store, own_broker.brokers) as relay, administering(own_broker) as admin:
        await published(own_broker.brokers, 800)
        await admin.delete_topics([TOPIC])
        await ensure_topics(own_broker.brokers, {TOPIC: PARTITIONS})
        await append(store, streams=1, each=1)
        # The new event got in before the relay could know; so that partition is filled behind it.
        await published(own_broker.brokers, 801, exactly=False)
        await until(lambda: relay.healthy)
        assert await settled(own_broker.brokers)
    first_seen = {p: list(dict.fromkeys(ids)) for p, ids in (await on_topic(own_broker.brokers)).items()}
    assert {p: sorted(ids) for p, ids in first_seen.items()} == {
        p: sorted(ids) for p, ids in (await in_store(store)).items()
    }


async def test_two_relays_of_one_store_keep_every_streams_order(
    store: SqliteStore, own_broker: LocalBroker
) -> None:
    await own_broker.start()
    async with relaying(store, own_broker.brokers), relaying(store, own_broker.brokers):
        for _ in range(5):
            await append(store, streams=20, each=5)
        await published(own_broker.brokers, 500, exactly=False)
    first_seen = {p: list(dict.fromkeys(ids)) for p, ids in (await on_topic(own_broker.brokers)).items()}
    assert first_seen == await in_store(store)


async def test_a_producer_never_writes_to_another_brokers_log(own_broker: LocalBroker) -> None:
    await own_broker.start()
    await ensure_topics(own_broker.brokers, {"log": 1})
    async with producer_of_one_log(own_broker.brokers) as producer:
        await producer.send_and_wait("log", b"first")
        own_broker.kill()
        own_broker.wipe()
        await own_broker.start()
        await ensure_topics(own_broker.brokers, {"log": 1})
        with pytest.raises(LogInDoubt):
            await producer.send_and_wait("log", b"second")
        with pytest.raises(LogInDoubt):
            await producer.send_and_wait("log", b"third")
    assert (await ends(own_broker.brokers, "log", 1))[0].offset == 0


async def test_a_partition_is_chosen_as_every_kafka_client_does(own_broker: LocalBroker) -> None:
    await own_broker.start()
    await ensure_topics(own_broker.brokers, {"keys": PARTITIONS})
    producer = AIOKafkaProducer(**own_broker.brokers.client())
    await producer.start()
    for n in range(50):
        key = f"deal-{n}".encode()
        sent = await producer.send_and_wait("keys", b"{}", key=key)
        assert sent.partition == partition_of(key)
    await producer.stop()


async def test_partitions_that_somebody_adds_stay_empty_and_no_stream_moves(
    store: SqliteStore, own_broker: LocalBroker
) -> None:
    await own_broker.start()
    keys = await append(store, streams=60, each=2)
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, 120)
        async with administering(own_broker) as admin:
            await admin.create_partitions({TOPIC: NewPartitions(2 * PARTITIONS)})
        await append_to(store, keys, first=2, each=2)
        await published(own_broker.brokers, 240)
    async with relaying(store, own_broker.brokers):  # one that starts with them there
        await append_to(store, keys, first=4, each=2)
        await published(own_broker.brokers, 360)
    assert await on_topic(own_broker.brokers) == await in_store(store)


@pytest.mark.parametrize("partitions", [PARTITIONS // 2, 2 * PARTITIONS])
async def test_a_topic_of_another_number_of_partitions_is_refused_until_it_is_made_anew(
    store: SqliteStore, own_broker: LocalBroker, partitions: int
) -> None:
    await own_broker.start()
    await append(store, streams=60, each=2)
    await _fill(partitions, store, own_broker)
    async with relaying(store, own_broker.brokers) as relay, administering(own_broker) as admin:
        await until(lambda: relay.refuses)
        assert "where it does not belong with 12 partitions" in relay.refuses
        assert "docs/operations/capacity.md" in relay.refuses
        await admin.delete_topics([TOPIC])
        await until(lambda: relay.healthy)
        await published(own_broker.brokers, 120)
    assert await on_topic(own_broker.brokers) == await in_store(store)


async def _fill(partitions: int, store: EventStore, broker: LocalBroker) -> None:
    """As a version did that had other partitions."""
    await ensure_topics(broker.brokers, {TOPIC: partitions})
    async with AIOKafkaProducer(**broker.brokers.client()) as producer:
        for event in await everything(store):
            document, headers = cloudevents.document(event, source=SERVICE), cloudevents.headers(event)
            await producer.send(TOPIC, document, key=event.stream.encode(), headers=headers)


@asynccontextmanager
async def administering(broker: LocalBroker) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**broker.brokers.client())
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def by_stream(brokers: Brokers) -> list[list[Any]]:
    found: dict[bytes, list[Any]] = defaultdict(list)
    for record in await records_of(brokers):
        found[record.key].append(record)
    return list(found.values())


def lag() -> float:
    return said("baton_relay_lag_events")


def lag_seconds() -> float:
    return said("baton_relay_lag_seconds")
