"""The chunked Faust transport on a real broker: every record once and in order, from our own checkpoint."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, cast

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.kafka.brokers import Brokers
from shared.kafka.log import Partition
from shared.kafka.stream import chunked_app, run
from shared.kafka.topics import ensure_topics
from shared.kafka.transport import Chunk
from tests.integration.reader import Reader
from tests.local_broker import LocalBroker
from tests.waiting import until

Fresh = Callable[[str], str]


async def test_every_record_is_handled_once_and_in_order(broker: Brokers, fresh: Fresh) -> None:
    one, two = fresh("one"), fresh("two")
    await ensure_topics(broker, {one: 4, two: 2})
    sent = {**await send(broker, one, 4, 500), **await send(broker, two, 2, 300)}
    reader = Reader()
    async with reader.reading(broker, fresh("group"), one, two):
        await until(lambda: reader.count() >= 2600)
        more = await send(broker, one, 4, 50, first=500)
        await until(lambda: reader.count() >= 2800)
    assert reader.took == {p: values + more.get(p, []) for p, values in sent.items()}


async def test_what_waits_comes_in_one_call(broker: Brokers, fresh: Fresh) -> None:
    topic = fresh("topic")
    await ensure_topics(broker, {topic: 6})
    await send(broker, topic, 6, 100)
    reader = Reader()
    async with reader.reading(broker, fresh("group"), topic):
        await until(lambda: reader.count() == 600)
    assert len(reader.calls) < 12


async def test_the_group_offset_follows_for_those_who_watch_lag(broker: Brokers, fresh: Fresh) -> None:
    topic, group = fresh("topic"), fresh("group")
    await ensure_topics(broker, {topic: 2})
    await send(broker, topic, 2, 100)
    reader = Reader()
    async with reader.reading(broker, group, topic):
        await until(lambda: reader.count() == 200)
        assert await committed(broker, group, 200)
        await send(broker, topic, 2, 7)
        await until(lambda: reader.count() == 214)
        assert await committed(broker, group, 214)


async def test_a_restart_goes_on_at_our_checkpoint(broker: Brokers, fresh: Fresh) -> None:
    topic, group = fresh("topic"), fresh("group")
    await ensure_topics(broker, {topic: 3})
    sent = await send(broker, topic, 3, 100)
    reader = Reader(instance="the one")  # so that it need not leave, as one that was killed
    async with reader.reading(broker, group, topic):
        await until(lambda: reader.count() == 300)
    more = await send(broker, topic, 3, 20, first=100)
    async with reader.reading(broker, group, topic):
        await until(lambda: reader.count() >= 360)
    assert reader.took == {p: values + more[p] for p, values in sent.items()}


async def test_our_checkpoint_counts_and_not_the_groups(broker: Brokers, fresh: Fresh) -> None:
    topic, group = fresh("topic"), fresh("group")
    await ensure_topics(broker, {topic: 1})
    sent = await send(broker, topic, 1, 100)
    here = Partition(topic, 0)
    reader = Reader()
    async with reader.reading(broker, group, topic):
        await until(lambda: reader.count() == 100)
        assert await committed(broker, group, 100)
    again = Reader(checkpoint={here: 40})  # as after a crash before the commit, or a restored database
    async with again.reading(broker, group, topic):
        await until(lambda: again.count() >= 60)
    assert again.took[here] == sent[here][40:]
    rebuilt = Reader()
    async with rebuilt.reading(broker, group, topic):
        await until(lambda: rebuilt.count() >= 100)
    assert rebuilt.took == sent


async def test_what_a_stop_interrupted_comes_again(broker: Brokers, fresh: Fresh) -> None:
    topic, group = fresh("topic"), fresh("group")
    await ensure_topics(broker, {topic: 1})
    sent = await send(broker, topic, 1, 50)
    working, stopping = asyncio.Event(), asyncio.Event()

    async def handle(_chunks: Sequence[Chunk]) -> None:
        working.set()
        await stopping.wait()
        raise ConnectionError("the database went away in the middle")

    app = chunked_app(group, broker, [topic], handle=handle, start_at=Reader().start_at)
    await app.start()
    await asyncio.wait_for(working.wait(), 20)
    stopped = asyncio.create_task(app.stop())
    stopping.set()
    await stopped
    reader = Reader()
    async with reader.reading(broker, group, topic):
        await until(lambda: reader.count() >= 50)
    assert reader.took == sent


async def test_what_failed_comes_again_before_anything_behind_it(broker: Brokers, fresh: Fresh) -> None:
    topic = fresh("topic")
    await ensure_topics(broker, {topic: 3})
    sent: dict[Partition, list[bytes]] = defaultdict(list)
    reader = Reader()
    reader.fail = lambda _: len(reader.calls) in {1, 2, 4, 7, 8, 11}
    async with reader.reading(broker, fresh("group"), topic):
        for n in range(10):
            for partition, values in (await send(broker, topic, 3, 50, first=50 * n)).items():
                sent[partition] += values
            await until(lambda total=150 * (n + 1): reader.count() >= total)  # type: ignore[misc] # mypy knows no default there
    assert len(reader.calls) > 11
    assert reader.took == sent


async def test_a_handler_that_fails_for_long_holds_everything_and_then_goes_on(
    broker: Brokers, fresh: Fresh
) -> None:
    topic = fresh("topic")
    await ensure_topics(broker, {topic: 2})
    sent = await send(broker, topic, 2, 100)
    away = True
    reader = Reader(fail=lambda _: away)
    async with reader.reading(broker, fresh("group"), topic):
        await until(lambda: len(reader.calls) >= 3)
        more = await send(broker, topic, 2, 10, first=100)
        assert reader.count() == 0
        away = False
        await until(lambda: reader.count() >= 220)
    assert reader.took == {p: values + more[p] for p, values in sent.items()}


async def test_two_readers_share_the_partitions_and_nothing_is_lost_or_doubled(
    broker: Brokers, fresh: Fresh
) -> None:
    topic, group = fresh("topic"), fresh("group")
    await ensure_topics(broker, {topic: 6})
    sent = await send(broker, topic, 6, 50)
    checkpoint: dict[Partition, int] = {}
    first, second = Reader(checkpoint=checkpoint), Reader(checkpoint=checkpoint)

    def shared() -> bool:
        return len(first.owns) == len(second.owns) == 3 and not first.owns & second.owns

    async with first.reading(broker, group, topic):
        await until(lambda: first.count() == 300)
        async with second.reading(broker, group, topic):
            await until(shared)
            apart = await send(broker, topic, 6, 50, first=50)
            await until(lambda: first.count() + second.count() >= 600)
            for partition in sent:
                whole = first.took[partition] + second.took[partition]
                assert whole == sent[partition] + apart[partition]
                assert (partition in first.owns) == (not second.took[partition])
            # The embedded broker counts a reader twice that commits while another one leaves.
            assert await committed(broker, group, 600)
        await until(lambda: len(first.owns) == 6)
        alone = await send(broker, topic, 6, 10, first=100)
        await until(lambda: first.count() + second.count() >= 660)
    for partition in sent:
        halves = sorted((first.took[partition], second.took[partition]), key=len)
        assert sorted(halves[0] + halves[1]) == sorted(sent[partition] + apart[partition] + alone[partition])


async def test_a_reader_of_an_old_generation_stays_who_it_is(broker: Brokers, fresh: Fresh) -> None:
    topic = fresh("topic")
    await ensure_topics(broker, {topic: 2})
    reader = Reader()
    async with reader.reading(broker, fresh("group"), topic) as app:
        await until(lambda: len(reader.owns) == 2)
        coordinator = cast("Any", app.consumer)._thread._consumer._coordinator
        member, generation = coordinator.member_id, coordinator.generation
        coordinator.generation = generation - 1
        sent = await send(broker, topic, 2, 100)
        await until(lambda: coordinator.generation > generation, what="it has joined again")
        await until(lambda: reader.count() >= 200)
        assert coordinator.member_id == member
    assert reader.took == sent


async def test_readers_that_come_and_go_under_load_lose_nothing(broker: Brokers, fresh: Fresh) -> None:
    topic, group = fresh("topic"), fresh("group")
    await ensure_topics(broker, {topic: 4})
    checkpoint: dict[Partition, int] = {}
    steady, passing = Reader(checkpoint=checkpoint), Reader(checkpoint=checkpoint)
    sent: dict[Partition, list[bytes]] = defaultdict(list)

    async def load() -> None:
        for n in range(30):
            for partition, values in (await send(broker, topic, 4, 50, first=50 * n)).items():
                sent[partition] += values

    async with steady.reading(broker, group, topic):
        sending = asyncio.create_task(load())
        for _ in range(2):
            async with passing.reading(broker, group, topic):
                await until(lambda: bool(passing.owns))
        await sending
        await until(lambda: sum(checkpoint.values()) == 6000)
    for partition, values in sent.items():
        assert sorted(steady.took[partition] + passing.took[partition]) == values


async def test_a_broker_that_lost_its_log_is_read_again(own_broker: LocalBroker, fresh: Fresh) -> None:
    await own_broker.start()
    topic = fresh("topic")
    await ensure_topics(own_broker.brokers, {topic: 1})
    here = Partition(topic, 0)
    sent = await send(own_broker.brokers, topic, 1, 100)
    reader = Reader()
    async with reader.reading(own_broker.brokers, fresh("group"), topic):
        await until(lambda: reader.count() == 100)
        own_broker.stop()
        own_broker.wipe()
        await own_broker.start()
        await ensure_topics(own_broker.brokers, {topic: 1})
        again = await send(own_broker.brokers, topic, 1, 30)
        await until(lambda: reader.count() >= 130, within=60)
    assert reader.took[here] == sent[here] + again[here]


async def test_a_stream_starts_when_the_broker_comes(own_broker: LocalBroker, fresh: Fresh) -> None:
    topic = fresh("topic")
    reader = Reader()
    running = asyncio.create_task(run(partial(reader.app, own_broker.brokers, fresh("group"), topic)))
    try:
        await asyncio.sleep(0)  # it tries, and there is nobody
        await own_broker.start()
        await ensure_topics(own_broker.brokers, {topic: 2})
        await send(own_broker.brokers, topic, 2, 10)
        await until(lambda: reader.count() == 20 or running.done(), within=40)
        assert not running.done(), running.exception()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_throughput_is_far_above_what_messages_one_by_one_allow(
    broker: Brokers, fresh: Fresh, capsys: pytest.CaptureFixture[str]
) -> None:
    topic = fresh("topic")
    await ensure_topics(broker, {topic: 12})
    await send(broker, topic, 12, 4000, size=330)
    reader = Reader()
    async with reader.reading(broker, fresh("group"), topic):
        began = time.perf_counter()
        await until(lambda: reader.count() == 48_000, within=60)
    took = time.perf_counter() - began
    with capsys.disabled():
        print(f"\nchunked transport: {48_000 / took:,.0f} records/s in {len(reader.calls)} calls")  # noqa: T201


async def send(
    broker: Brokers, topic: str, partitions: int, each: int, *, first: int = 0, size: int = 8
) -> dict[Partition, list[bytes]]:
    """Numbered values into every partition; what was sent, in order."""
    values = [b"%08d" % n + b"." * (size - 8) for n in range(first, first + each)]
    producer = AIOKafkaProducer(**broker.client(), linger_ms=5, max_batch_size=1_000_000)
    await producer.start()
    try:
        sent = [await producer.send(topic, v, partition=p) for v in values for p in range(partitions)]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()
    return {Partition(topic, p): values for p in range(partitions)}


async def committed(broker: Brokers, group: str, total: int) -> bool:
    """Whether the group's offsets come to this sum, within a while."""
    admin = AIOKafkaAdminClient(**broker.client())
    await admin.start()
    offsets: Mapping[TopicPartition, object] = {}
    try:
        async with asyncio.timeout(15):
            while True:
                offsets = await admin.list_consumer_group_offsets(group)
                if sum(getattr(o, "offset", 0) for o in offsets.values()) == total:
                    return True
                await asyncio.sleep(0.05)
    finally:
        await admin.close()
