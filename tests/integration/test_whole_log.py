"""All that a service took can be read again, from its store and from topics, up to exactly where it was."""

from collections import defaultdict
from collections.abc import Mapping

import pytest
from aiokafka.errors import KafkaError

from shared.events.catalogue import categories, topic
from shared.eventstore.sqlite import SqliteStore
from shared.kafka import cloudevents, stretch
from shared.kafka.log import Partition, end_offsets, log_identity
from shared.kafka.topics import PARTITIONS
from shared.projections.runner import Position, Source
from shared.service import whole_log
from shared.service.intake import OWN_STORE
from shared.service.whole_log import Positions, WholeLog
from tests.integration.relayed import append, published, records_of, relaying
from tests.local_broker import LocalBroker

TOPIC = topic("customers")
EVENTS = 120


@pytest.fixture(autouse=True)
def _quiet_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (stretch, whole_log):
        monkeypatch.setattr(module, "QUIET_SECONDS", 1.0)


@pytest.fixture
async def broker(store: SqliteStore, own_broker: LocalBroker) -> LocalBroker:
    """Its topic holds what is in the store."""
    await own_broker.start()
    await append(store, streams=30, each=EVENTS // 30)
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, EVENTS)
    return own_broker


async def test_topics_are_read_up_to_the_checkpoints_and_on_from_there(
    store: SqliteStore, broker: LocalBroker
) -> None:
    log = WholeLog(store, "performance", broker.brokers, [TOPIC])
    whole = await _ends(broker)
    half = {source: at._replace(position=(at.position + 1) // 2) for source, at in whole.items()}
    first, reached = await _read(log, {}, half)
    assert reached == half
    rest, reached = await _read(log, half, whole)
    assert reached == whole
    there = await _on_topic(broker)
    for source, at in half.items():
        assert first[source] == there[source][: at.position]
        assert rest[source] == there[source][at.position :]
    assert await _read(log, whole, whole) == ({}, {})


async def test_the_own_store_is_read_up_to_the_checkpoint_and_on_from_there(
    store: SqliteStore, broker: LocalBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_log, "BATCH", 7)
    log = WholeLog(store, "customers", broker.brokers, ())
    ids, positions = [], []
    async for stored in store.follow(categories("customers")):
        ids += [str(one.id) for one in stored]
        positions += [one.position for one in stored]
        if len(ids) == EVENTS:
            break
    middle, end = ({OWN_STORE: Position(positions[n])} for n in (40, -1))
    assert await _read(log, {}, middle) == ({OWN_STORE: ids[:41]}, middle)
    assert await _read(log, middle, end) == ({OWN_STORE: ids[41:]}, end)
    beyond = {OWN_STORE: Position(positions[-1] + 5)}
    assert await _read(log, middle, beyond) == ({OWN_STORE: ids[41:]}, end)


async def test_a_log_that_is_shorter_is_read_to_its_end(store: SqliteStore, broker: LocalBroker) -> None:
    whole = await _ends(broker)
    longer = {source: at._replace(position=at.position + 3) for source, at in whole.items()}
    found, reached = await _read(WholeLog(store, "performance", broker.brokers, [TOPIC]), {}, longer)
    assert reached == whole
    assert sum(map(len, found.values())) == EVENTS


async def test_a_partition_that_holds_another_log_is_not_read(
    store: SqliteStore, broker: LocalBroker
) -> None:
    whole = await _ends(broker)
    other = next(source for source, at in whole.items() if at.position)
    asked = {**whole, other: whole[other]._replace(log="another")}
    _, reached = await _read(WholeLog(store, "performance", broker.brokers, [TOPIC]), {}, asked)
    assert reached.keys() == whole.keys() - {other}


async def test_without_a_broker_nothing_is_begun(store: SqliteStore, broker: LocalBroker) -> None:
    whole = await _ends(broker)
    broker.kill()
    log = WholeLog(store, "performance", broker.brokers, [TOPIC])
    with pytest.raises(KafkaError):
        await _read(log, {}, {**whole, OWN_STORE: Position(3)})
    own, to = WholeLog(store, "customers", broker.brokers, ()), {OWN_STORE: Position(3)}
    assert (await _read(own, {}, to))[1] == to


def test_it_knows_its_sources() -> None:
    log = WholeLog(None, "performance", "", [TOPIC])  # type: ignore[arg-type]  # nothing is read
    assert [log.has(it) for it in (OWN_STORE, Source(TOPIC, 3), Source("other", 3))] == [True, True, False]


async def _ends(broker: LocalBroker) -> dict[Source, Position]:
    partitions = [Partition(TOPIC, number) for number in range(PARTITIONS)]
    ends = await end_offsets(broker.brokers, partitions)
    logs = await log_identity(broker.brokers, partitions)
    return {Source(*it): Position(end, logs[it]) for it, end in ends.items() if end}


async def _read(
    log: WholeLog, after: Positions, to: Positions
) -> tuple[Mapping[Source, list[str]], Positions]:
    """The ids of the events of each source, and where it was left."""
    found: dict[Source, list[str]] = defaultdict(list)
    at = dict(after)
    reached: dict[Source, Position] = {}
    async for batches in log.read(after, to):
        for batch in batches:
            assert batch.after == at.get(batch.source)
            assert batch.events
            at[batch.source] = reached[batch.source] = batch.now
            found[batch.source] += [seen.id for seen in batch.events]
    return found, reached


async def _on_topic(broker: LocalBroker) -> Mapping[Source, list[str]]:
    found: dict[Source, list[str]] = defaultdict(list)
    for record in sorted(await records_of(broker.brokers), key=lambda it: (it.partition, it.offset)):
        found[Source(TOPIC, record.partition)].append(cloudevents.read(record).id)
    return found
