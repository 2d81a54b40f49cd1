"""Webhooks from the broker to somebody's endpoint: in order, again when it fails, and never lost."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import REGISTRY
from standardwebhooks import Webhook as Verifier

from services.coordination.webhooks import reading, secrets, sender, subscribing
from services.coordination.webhooks.attempt import Outside
from services.coordination.webhooks.queue import Queue, open_queue
from services.coordination.webhooks.reach import Reach
from services.coordination.webhooks.sender import Means
from services.coordination.webhooks.sending import Sending, Webhooks, disable, sending
from services.coordination.webhooks.webhook import WEBHOOK, Disabled
from shared.events.catalogue import EVENTS, SERVICES, topic
from shared.events.event import Envelope
from shared.events.examples import ENVELOPE, EXAMPLES
from shared.events.webhook import WebhookEvent, WebhookSubscribed
from shared.eventstore.decider import Decider
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import StoredEvent
from shared.kafka import cloudevents
from shared.kafka.brokers import Brokers
from shared.kafka.topics import PARTITIONS, ensure_topics, partition_of
from shared.service.settings import networks
from tests.local_broker import LocalBroker
from tests.receiving import Got, Receiver, Reply, receiving, without_repeats
from tests.waiting import until

KEY = "a master key that only the tests know, long enough"
INSIDE = networks("127.0.0.0/8")
MOMENT = timedelta(milliseconds=20)
BY_A_MANAGER = Envelope(actor="boss", role="manager", correlation_id="c")
ORDER = "order-opened.v1"


@dataclass
class Log:
    """The topics, and who writes to them: events of streams, each with the next sequence and position."""

    producer: AIOKafkaProducer
    heads: dict[str, int] = field(default_factory=dict)
    position: int = 0

    async def happens(self, *streams: str, name: str = "deal-won.v1", **told: Any) -> None:
        for stream in streams:
            self.position += 1
            sequence = self.heads[stream] = self.heads.get(stream, -1) + 1
            event = EXAMPLES[name].model_copy(update=told)
            now = datetime.now(UTC)
            stored = StoredEvent(
                uuid4(),
                stream,
                sequence,
                self.position,
                name,
                now,
                event.wire(),
                ENVELOPE.model_dump_json().encode(),
            )
            await self.producer.send_and_wait(
                topic(EVENTS[name].service),
                cloudevents.document(stored, source=EVENTS[name].service),
                key=stream.encode(),
                partition=partition_of(stream.encode()),
                headers=cloudevents.headers(stored),
                timestamp_ms=int(now.timestamp() * 1000),
            )


@dataclass
class Coordination:
    """What sends, with a schedule of moments, and what it is told to do."""

    brokers: Brokers
    store: SqliteStore
    webhooks: Webhooks
    queue: Queue
    outside: Outside
    schedule: tuple[timedelta, ...] = (MOMENT,) * 3

    @asynccontextmanager
    async def sends(self) -> AsyncIterator[Sending]:
        means = Means(
            queue=self.queue,
            post=self.outside.post,
            disable=partial(disable, self.webhooks),
            brokers=self.brokers,
            schedule=self.schedule,
        )
        it = Sending(self.store, self.webhooks, means)
        async with sending(it):
            yield it

    async def subscribe(
        self, receiver: Receiver, *, key: str = "wh-1", types: tuple[str, ...] = (), **more: Any
    ) -> None:
        told = {"name": "ERP", "target": "webhook", "lang": "zh", "signature": "v1", "where": {}} | more
        wanted = WebhookSubscribed.model_validate(
            {"webhook_id": key, "url": receiver.url, "types": types, "occurred_at": datetime.now(UTC), **told}
        )
        await self.does(partial(subscribing.subscribe, wanted=wanted, others=0), key=key)

    async def does(self, decide: Callable[[Any], list[WebhookEvent]], *, key: str = "wh-1") -> None:
        await self.webhooks.transact(key, decide, BY_A_MANAGER)

    def empty(self, key: str = "wh-1") -> bool:
        return self.queue.standing(key).waiting == 0


@pytest.fixture
async def log(own_broker: LocalBroker) -> AsyncIterator[Log]:
    await own_broker.start()
    await ensure_topics(own_broker.brokers, {topic(name): PARTITIONS for name in SERVICES})
    producer = AIOKafkaProducer(**own_broker.brokers.client())
    await producer.start()
    yield Log(producer)
    await producer.stop()


@pytest.fixture
async def coordination(
    own_broker: LocalBroker, store: SqliteStore, tmp_path: Path
) -> AsyncIterator[Coordination]:
    queue = open_queue(f"sqlite:///{tmp_path}/read.db")
    async with Outside(Reach(INSIDE), master_key=KEY, desk="http://127.0.0.1:8080", within=5.0) as outside:
        yield Coordination(own_broker.brokers, store, Decider(store, WEBHOOK), queue, outside)
    queue.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as it:
        yield it


def failing(stream: str, reply: Reply, *, times: int = 1_000_000) -> Callable[[Got], Reply]:
    """Refuses the events of one stream so many times."""
    left = [times]

    def answer(got: Got) -> Reply:
        if got.stream == stream and left[0] > 0:
            left[0] -= 1
            return reply
        return Reply()

    return answer


async def test_all_that_ever_happened_arrives_as_it_is_on_the_topic_and_signed(
    log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    await log.happens("deal-1", "deal-2", "deal-1")
    await log.happens("order-1", name=ORDER)
    await coordination.subscribe(receiver)
    async with coordination.sends():
        await until(lambda: len(receiver.taken) == 4)
        await log.happens("deal-3")
        await until(lambda: receiver.of("deal-3") == [0])
        await until(coordination.empty)
    assert receiver.of("deal-1") == [0, 1]
    for got in receiver.taken:
        assert got.headers["content-type"] == "application/cloudevents+json"
        assert got.id == got.event["id"]
        Verifier(secrets.secret(KEY, "wh-1", 1)).verify(got.body, dict(got.headers))
    sent = coordination.queue.attempts("wh-1").items
    assert {(it.status, it.error, it.attempt) for it in sent} == {(204, None, 1)}


async def test_only_what_is_asked_for_and_only_from_then_on(
    log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    await log.happens("deal-1")
    await coordination.subscribe(
        receiver, types=("deal-won.v1",), where={"owner": "p-li"}, since=datetime.now(UTC)
    )
    async with coordination.sends():
        await log.happens("deal-2", owner="p-wang")
        await log.happens("order-1", name=ORDER)
        await log.happens("deal-3", owner="p-li")
        await until(lambda: len(receiver.taken) == 1)
    assert [got.stream for got in receiver.asked] == ["deal-3"]


async def test_a_stream_that_fails_holds_up_itself_alone(
    log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    receiver.answer = failing("deal-1", Reply(500), times=3)
    await coordination.subscribe(receiver)
    async with coordination.sends():
        await log.happens("deal-1", "deal-1", *(f"deal-{n}" for n in range(2, 12)), "deal-1")
        await until(lambda: len(receiver.taken) == 13)
        await until(coordination.empty)
    assert receiver.of("deal-1") == [0, 1, 2]
    assert [got.sequence for got in receiver.asked if got.stream == "deal-1"] == [0, 0, 0, 0, 1, 2]
    assert [got.stream for got in receiver.taken].index("deal-1") >= 1
    first = [it for it in coordination.queue.attempts("wh-1").items if it.stream == "deal-1"][-1]
    assert (first.status, first.attempt, first.error) == (500, 1, "It answered 500.")


async def test_what_never_succeeds_is_dead_and_its_stream_goes_on_until_it_is_sent_again(
    log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    receiver.answer = lambda got: Reply(500) if (got.stream, got.sequence) == ("deal-1", 0) else Reply()
    await coordination.subscribe(receiver)
    async with coordination.sends() as sends:
        await log.happens("deal-1", "deal-1")
        await until(lambda: receiver.of("deal-1") == [1])
        await until(lambda: coordination.queue.standing("wh-1").dead == 1)
        [dead] = coordination.queue.dead("wh-1").items
        assert (dead.stream, dead.attempts, dead.error) == ("deal-1", 4, "It answered 500.")
        await until(lambda: _dead_letters("wh-1") == 1)
        receiver.answer = lambda _: Reply()
        assert coordination.queue.redeliver("wh-1", event_id=None, now=datetime.now(UTC)) == 1
        sends.wake("wh-1")
        await until(lambda: receiver.of("deal-1") == [1, 0], within=4)
        await until(coordination.empty)
        await until(lambda: _dead_letters("wh-1") == 0)
    assert coordination.queue.standing("wh-1").dead == 0


def _dead_letters(webhook: str) -> float | None:
    return REGISTRY.get_sample_value("baton_webhook_dead", {"webhook": webhook})


async def test_gone_disables_it_and_who_resumes_it_gets_what_happened_meanwhile(
    log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    receiver.answer = lambda _: Reply(410)
    await coordination.subscribe(receiver)
    async with coordination.sends():
        await log.happens("deal-1")

        async def disabled() -> bool:
            return isinstance((await coordination.webhooks.load("wh-1")).state, Disabled)

        await until(disabled)
        await log.happens("deal-1")
        assert len(receiver.asked) == 1
        receiver.answer = lambda _: Reply()
        await coordination.does(partial(subscribing.resume, at=datetime.now(UTC)))
        await until(lambda: receiver.of("deal-1") == [0, 1])
    stored = await coordination.store.read("webhook-wh-1")
    [disabling] = [it for it in stored if it.type == "webhook-disabled.v1"]
    assert Envelope.model_validate_json(disabling.metadata).role == "system"


@pytest.mark.parametrize("status", [429, 503])
async def test_an_endpoint_that_wants_to_be_let_alone_is(
    status: int, log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    receiver.answer = failing("deal-1", Reply(status, {"Retry-After": "2"}), times=1)
    await coordination.subscribe(receiver)
    async with coordination.sends():
        await log.happens("deal-1")
        paused = await until(lambda: coordination.queue.standing("wh-1").paused_until)
    async with coordination.sends():  # it is remembered by who comes next
        await log.happens("deal-2")
        await until(lambda: not coordination.empty())
        await until(lambda: len(receiver.taken) == 2)
    assert datetime.now(UTC) >= paused
    assert [got.stream for got in receiver.asked].count("deal-1") == 2


async def test_a_redirection_is_not_followed(
    log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    elsewhere = receiver.url.replace("/hook", "/elsewhere")
    receiver.answer = lambda _: Reply(307, {"Location": elsewhere})
    coordination.schedule = ()
    await coordination.subscribe(receiver)
    async with coordination.sends():
        await log.happens("deal-1")
        await until(lambda: coordination.queue.standing("wh-1").dead == 1)
    assert len(receiver.asked) == 1


async def test_an_address_inside_is_not_reached(
    log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    coordination.schedule = ()
    async with Outside(Reach(), master_key=KEY, desk="") as outside:
        coordination.outside = outside
        await coordination.subscribe(receiver)
        async with coordination.sends():
            await log.happens("deal-1")
            await until(lambda: coordination.queue.standing("wh-1").dead == 1)
    assert receiver.asked == []
    [attempt] = coordination.queue.attempts("wh-1").items
    assert attempt.error == "127.0.0.1 is an address inside, which must not be reached."


async def test_while_secrets_overlap_both_verify(
    log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    await coordination.subscribe(receiver)
    now = datetime.now(UTC)
    await coordination.does(partial(subscribing.rotate, overlap=timedelta(hours=1), at=now))
    async with coordination.sends():
        await log.happens("deal-1")
        await until(lambda: len(receiver.taken) == 1)
        for number in (1, 2):
            Verifier(secrets.secret(KEY, "wh-1", number)).verify(
                receiver.taken[0].body, dict(receiver.taken[0].headers)
            )
        await coordination.does(partial(subscribing.rotate, overlap=timedelta(), at=now))
        await until(partial(_described_anew, coordination, 3))
        await log.happens("deal-2")
        await until(lambda: len(receiver.taken) == 2)
    assert len(receiver.taken[-1].headers["webhook-signature"].split()) == 1


async def _described_anew(coordination: Coordination, secret: int) -> bool:
    state: Any = (await coordination.webhooks.load("wh-1")).state
    return bool(state.it.secret == secret)


async def test_a_replay_sends_everything_again_in_order(
    log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    await coordination.subscribe(receiver)
    async with coordination.sends():
        await log.happens("deal-1", "deal-1", "deal-2")
        await until(lambda: len(receiver.taken) == 3)
        first = receiver.ids()
        await coordination.does(partial(subscribing.replay, since=None, at=datetime.now(UTC)))
        await until(lambda: len(receiver.taken) == 6)
        await log.happens("deal-1")
        await until(lambda: len(receiver.taken) == 7)
    assert sorted(receiver.ids()[3:6]) == sorted(first)
    assert receiver.of("deal-1") == [0, 1, 0, 1, 2]


async def test_who_stands_by_takes_over_and_goes_on(
    log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    await coordination.subscribe(receiver)
    async with coordination.sends(), coordination.sends():
        await log.happens("deal-1")
        await until(lambda: len(receiver.taken) == 1)
    async with coordination.sends():
        await log.happens("deal-1")
        await until(lambda: len(receiver.taken) == 2)
    assert receiver.of("deal-1") == [0, 1]


async def test_who_lost_the_lease_sends_nothing_until_it_has_it_again(
    log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    await coordination.subscribe(receiver)
    async with coordination.sends():
        await log.happens("deal-1")
        await until(lambda: len(receiver.taken) == 1)
        await until(coordination.empty)
        other = coordination.queue.acquire("other", now=datetime.now(UTC) + timedelta(minutes=1))
        assert other is not None
        await log.happens("deal-1")
        await until(lambda: REGISTRY.get_sample_value("baton_webhook_sends") == 0)
        assert coordination.empty()
        assert len(receiver.asked) == 1
        coordination.queue.give_up(other)
        await until(lambda: receiver.of("deal-1") == [0, 1])


async def test_a_broker_that_lost_its_log_and_has_it_again_repeats_nothing_and_loses_nothing(
    own_broker: LocalBroker, coordination: Coordination, receiver: Receiver
) -> None:
    await own_broker.start()
    await ensure_topics(own_broker.brokers, {topic(name): PARTITIONS for name in SERVICES})
    await coordination.subscribe(receiver)
    kept: list[Any] = []
    producer = AIOKafkaProducer(**own_broker.brokers.client())
    await producer.start()
    log = Log(producer)
    async with coordination.sends():
        await log.happens(*(["deal-1"] * 5))
        await until(lambda: len(receiver.taken) == 5)
        await until(coordination.empty)
        kept = [json.loads(got.body) for got in receiver.taken]
    await producer.stop()
    own_broker.kill()
    own_broker.wipe()
    await own_broker.start()
    await ensure_topics(own_broker.brokers, {topic(name): PARTITIONS for name in SERVICES})
    producer = AIOKafkaProducer(**own_broker.brokers.client())
    await producer.start()
    # One record fewer, as where the lost log had one twice, and then what is new.
    for event in kept[1:]:
        await producer.send_and_wait(
            topic("customers"), json.dumps(event).encode(), partition=partition_of(b"deal-1")
        )
    log.producer = producer
    await log.happens("deal-1", "deal-1")
    async with coordination.sends():
        await until(lambda: len(receiver.taken) == 7)
    await producer.stop()
    assert receiver.of("deal-1") == [0, 1, 2, 3, 4, 5, 6]


async def test_who_takes_nothing_is_not_read_for_without_end(
    log: Log, coordination: Coordination, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "MOST_WAITING", 10)
    monkeypatch.setattr(reading, "AT_ONCE", 5)
    receiver.answer = lambda _: Reply(500)
    coordination.schedule = (MOMENT,) * 1000
    await log.happens(*(["deal-1"] * 40))
    await coordination.subscribe(receiver)
    async with coordination.sends():
        await until(lambda: len(receiver.asked) > 20)
        assert 10 <= coordination.queue.standing("wh-1").waiting < 15
        receiver.answer = lambda _: Reply()
        await until(lambda: len(receiver.taken) == 40)
        await until(coordination.empty)
    assert receiver.of("deal-1") == list(range(40))


async def test_many_streams_and_moods_every_stream_in_order(
    log: Log, coordination: Coordination, receiver: Receiver
) -> None:
    coordination.schedule = (MOMENT,) * 30
    count = [0]

    def moody(_: Got) -> Reply:
        count[0] += 1
        return Reply(500) if count[0] % 5 == 0 else Reply()

    receiver.answer = moody
    streams = [f"deal-{n}" for n in range(10)]
    await coordination.subscribe(receiver)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_happening(log, streams, 10))
        for n in range(1, 4):  # whoever sends is stopped in the middle, again and again
            async with coordination.sends():
                await until(lambda n=n: len(receiver.asked) >= 25 * n)  # type: ignore[misc]  # the loop's n
    async with coordination.sends():
        await until(lambda: len({got.id for got in receiver.taken}) == 100)
        await until(coordination.empty)
    firsts: Mapping[str, list[int]] = {
        stream: [got.sequence for got in without_repeats(receiver.taken) if got.stream == stream]
        for stream in streams
    }
    assert firsts == {stream: list(range(10)) for stream in streams}


async def _happening(log: Log, streams: list[str], each: int) -> None:
    for _ in range(each):
        await log.happens(*streams)
