"""A store that was restored beside a topic that was not: what the topic holds more is never passed over."""

import json
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from shared.events.seen import Seen
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NOTHING, NewEvent
from shared.kafka.log import End
from shared.kafka.ours import NotOurs, must_be_ours
from tests.integration.relayed import TOPIC, append, in_store, on_topic, published, relaying, settled
from tests.local_broker import LocalBroker
from tests.waiting import until


@pytest.fixture
async def restored(store: SqliteStore, own_broker: LocalBroker, tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """The store as it was when it had 60 events; the topic has 100, of which it has forgotten 40."""
    await own_broker.start()
    await append(store, streams=20, each=3)
    shutil.copy(tmp_path / "events.db", tmp_path / "yesterday.db")
    shutil.copy(tmp_path / "events.db-wal", tmp_path / "yesterday.db-wal")
    await append(store, streams=20, each=2)
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, 100)
    yesterday = SqliteStore(tmp_path / "yesterday.db")
    assert await yesterday.head() == 59
    yield yesterday
    await yesterday.close()


async def test_a_topic_that_holds_more_than_the_store_is_left_alone(
    restored: SqliteStore, own_broker: LocalBroker
) -> None:
    before = await on_topic(own_broker.brokers)
    async with relaying(restored, own_broker.brokers) as relay:
        await until(lambda: relay.refuses)
        assert "baton.customers.events holds events that the event store does not" in relay.refuses
        assert "docs/operations/backup.md" in relay.refuses
        assert not relay.healthy
        await append(restored, streams=40, each=3)  # its head passes the topic's last event
        assert await settled(own_broker.brokers)
    async with relaying(restored, own_broker.brokers) as relay:
        await until(lambda: relay.refuses)
        assert not relay.healthy
    assert await on_topic(own_broker.brokers) == before


async def test_once_the_topic_is_deleted_it_is_filled_with_what_the_store_has(
    restored: SqliteStore, own_broker: LocalBroker
) -> None:
    await append(restored, streams=5, each=2)
    async with relaying(restored, own_broker.brokers) as relay:
        await until(lambda: relay.refuses)
        admin = AIOKafkaAdminClient(**own_broker.brokers.client())
        await admin.start()
        await admin.delete_topics([TOPIC])
        await admin.close()
        await until(lambda: relay.healthy)
        assert relay.refuses == ""
        await published(own_broker.brokers, 70)
    assert await on_topic(own_broker.brokers) == await in_store(restored)


async def test_a_record_that_only_claims_a_position_is_not_believed(
    store: SqliteStore, own_broker: LocalBroker
) -> None:
    await own_broker.start()
    await append(store, streams=1, each=1)
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, 1)
    async with AIOKafkaProducer(**own_broker.brokers.client()) as producer:
        await producer.send_and_wait(TOPIC, json.dumps({"position": "99999"}).encode(), partition=0)
    async with relaying(store, own_broker.brokers) as relay:
        await until(lambda: relay.refuses)


async def test_an_event_that_a_reaction_made_again_is_not_the_one_on_the_topic(store: SqliteStore) -> None:
    made = NewEvent(uuid4(), "order-opened.v1", b"{}", b"{}")
    [stored] = await store.append("order-1", [made], expected=NOTHING)
    told = Seen(str(stored.id), stored.type, stored.stream, 0, stored.recorded_at, "system", "c", b"{}")
    at = stored.position
    await must_be_ours(store, "topic", [End(1, at, told), End(0, NOTHING)])
    others: list[tuple[int, dict[str, Any]]] = [
        (at, {"recorded_at": told.recorded_at - timedelta(microseconds=1)}),
        (at + 1, {}),
        (at, {"id": str(uuid4())}),
        (at, {"revision": 1}),
        (at, {"revision": -1}),
        (at, {"stream": "order-2"}),
    ]
    for position, changes in others:
        with pytest.raises(NotOurs, match="such as order-opened"):
            await must_be_ours(store, "topic", [End(1, position, told._replace(**changes))])
