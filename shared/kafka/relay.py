"""The relay: follows a service's event store and publishes every event to the service's topic.

The topic is the checkpoint. What stands last in each partition says where to go on, so no second record of
progress can disagree with the log: a crash publishes nothing twice, and a log that was lost is filled again.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from itertools import count
from math import nan
from typing import Any, Final, cast

import structlog
from aiokafka.errors import KafkaError
from opentelemetry.trace import Span, SpanKind
from prometheus_client import Counter, Gauge

from shared import traces
from shared.ages import age, ages
from shared.events.catalogue import categories, topic
from shared.eventstore.store import NOTHING, EventStore, StoredEvent, StoreUnavailable
from shared.kafka import cloudevents
from shared.kafka.brokers import Brokers
from shared.kafka.log import End, Partition, end_offsets, ends
from shared.kafka.one_log import LogInDoubt, OneLogProducer, producer_of_one_log
from shared.kafka.ours import Misplaced, NotOurs, must_be_ours, must_be_where_it_belongs
from shared.kafka.topics import PARTITIONS, ensure_topics, partition_of

IN_FLIGHT: Final = 4000
SHORTEST_WAIT: Final = 0.1
LONGEST_WAIT: Final = 5.0
MEASURE_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 1.0
WATCH_SECONDS: Final = 0.5
LOOK_EVERY: Final = 10

log = structlog.get_logger()

PUBLISHED: Final = Counter(
    "baton_relay_published_total", "Events of the store that the broker acknowledged on the service's topic."
)
LAG: Final = Gauge(
    "baton_relay_lag_events",
    "From the last published event to the service's last, in positions of the store: in the embedded store "
    "these are events, in KurrentDB bytes of its log, where only baton_relay_lag_seconds can be compared.",
)
LAG_SECONDS: Final = Gauge(
    "baton_relay_lag_seconds",
    "Age of the oldest stored event that the broker did not acknowledge, looked at every second; 0 when none "
    "waits. It grows while the broker is away. Until a process has seen the topic for the first time it does "
    "not know what was published before, and counts from its own start.",
)
AGE: Final = ages(
    "baton_relay_age_seconds",
    "Age of an event when the broker acknowledged it. Events that a wiped broker gets again count with the "
    "age they have then.",
    (),
)
HEALTHY: Final = Gauge(
    "baton_relay_healthy",
    "1 while the relay follows the store and the broker, else 0; NaN in a process that does not publish.",
)
HEALTHY.set(nan)

Sent = asyncio.Queue[tuple[StoredEvent, int, asyncio.Future[Any], Span | None]]

TROUBLE: Final = (KafkaError, StoreUnavailable, OSError, TimeoutError)


class Relay:
    """One per store and service. ``healthy`` is false from a failure until the log was looked at again."""

    def __init__(self, store: EventStore, service: str, brokers: Brokers, *, replication: int = 1) -> None:
        self._store = store
        self._service = service
        self._brokers = brokers
        self._replication = replication
        self._topic = topic(service)
        self._ends: dict[int, End] = {}
        self._refill: set[int] = set()
        self._position = NOTHING
        self._waiting_since: datetime | None = None
        """When the oldest event was recorded that is known to wait for an acknowledgement."""
        self._made_at = datetime.now(UTC)
        self.refuses = ""
        """Why it does not publish until somebody has put that right."""
        self._say(healthy=False)

    async def run(self) -> None:
        """Publish until cancelled; what was handed to the broker by then is still sent."""
        lag = asyncio.create_task(self._measure_lag())
        wait = SHORTEST_WAIT
        try:
            while True:
                try:
                    await self._publish()
                except* TROUBLE as trouble:
                    log.warning(
                        "relay lost the broker or the store", service=self._service, trouble=_first(trouble)
                    )
                except* (NotOurs, Misplaced) as found:
                    self._refuse(str(found.exceptions[0]))
                wait = SHORTEST_WAIT if self.healthy else min(wait * 2, LONGEST_WAIT)
                self._say(healthy=False)
                await asyncio.sleep(wait)
        finally:
            self._say(healthy=False)
            lag.cancel()

    async def _publish(self) -> None:
        there = await ensure_topics(self._brokers, {self._topic: PARTITIONS}, replication=self._replication)
        # Connected first, looked at the log second: had the broker changed in between, a send says so.
        async with producer_of_one_log(self._brokers) as producer:
            await self._reconcile(partitions=there[self._topic])
            sent: Sent = asyncio.Queue(IN_FLIGHT)
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._settle(sent))
                    tasks.create_task(self._send(producer, sent))
                    tasks.create_task(self._watch(producer))
            finally:
                _let_go(sent)

    async def _reconcile(self, *, partitions: int) -> None:
        """Learn from the topic what it has; a partition in doubt is published from the beginning.

        Partitions that somebody added stay empty: what has a stream's beginning gets the rest of it.
        """
        found = await ends(self._brokers, self._topic, partitions)
        must_be_where_it_belongs(self._topic, found)
        await must_be_ours(self._store, self._topic, found.values())
        self.refuses = ""
        self._ends = {
            number: End(found[number].offset, NOTHING) if number in self._refill else found[number]
            for number in range(PARTITIONS)
        }
        self._refill.clear()
        self._waiting_since = None
        self._position = max(end.position for end in self._ends.values())
        self._say(healthy=True)
        log.info("relay follows", service=self._service, after=_start(self._ends), published=self._position)

    async def _send(self, producer: OneLogProducer, sent: Sent) -> None:
        there = {number: end.position for number, end in self._ends.items()}
        async for events in self._store.follow(categories(self._service), after=_start(self._ends)):
            for event in events:
                key = event.stream.encode()
                partition = partition_of(key)
                if event.position <= there[partition]:
                    continue
                trace = cloudevents.traceparent(event)
                span = self._publishing(event, trace, partition) if traces.telling(trace) else None
                acknowledged = await producer.send(
                    self._topic,
                    cloudevents.document(event, source=self._service),
                    key=key,
                    partition=partition,
                    headers=cloudevents.headers(event, traceparent=traces.of(span) if span else trace),
                    timestamp_ms=int(event.recorded_at.timestamp() * 1000),
                )
                await sent.put((event, partition, acknowledged, span))
        raise StoreUnavailable("the store ended")

    async def _settle(self, sent: Sent) -> None:
        while True:
            event, partition, acknowledged, span = await sent.get()
            self._waiting_since = event.recorded_at
            offset = (await acknowledged).offset
            if offset < self._ends[partition].offset:
                self._refill.add(partition)
                raise LogInDoubt(f"partition {partition} begins anew: offset {offset} was taken before")
            self._ends[partition] = End(offset + 1, event.position)
            self._position = max(self._position, event.position)
            self._waiting_since = None
            PUBLISHED.inc()
            AGE.observe(age(event.recorded_at))
            if span is not None:
                span.set_attribute("messaging.kafka.offset", offset)
                span.end()

    def _publishing(self, event: StoredEvent, trace: str, partition: int) -> Span:
        """A step of the event's trace, from the hand-over to the acknowledgement."""
        return traces.started(
            f"publish {self._topic}",
            {
                "messaging.system": "kafka",
                "messaging.operation.name": "publish",
                "messaging.operation.type": "send",
                "messaging.destination.name": self._topic,
                "messaging.destination.partition.id": str(partition),
                "messaging.kafka.message.key": event.stream,
                "messaging.message.id": str(event.id),
            },
            parent=trace,
            kind=SpanKind.PRODUCER,
        )

    async def _watch(self, producer: OneLogProducer) -> None:
        """A log that was lost while nothing is published must be filled again, too."""
        for turn in count(1):
            await asyncio.sleep(WATCH_SECONDS)
            producer.check()
            if turn % LOOK_EVERY == 0:
                known = dict(self._ends)
                there = await end_offsets(self._brokers, [Partition(self._topic, n) for n in known])
                if any(there[Partition(self._topic, n)] < end.offset for n, end in known.items()):
                    raise LogInDoubt("the log became shorter")

    async def _measure_lag(self) -> None:
        while True:
            with suppress(StoreUnavailable):
                lag = max(0, await self._store.head(categories(self._service)) - self._position)
                LAG.set(lag)
                if lag and not self.healthy and self._waiting_since is None:
                    oldest = await self._oldest_after(self._position)
                    self._waiting_since = None if self.healthy else oldest  # it may have gone out meanwhile
            LAG_SECONDS.set(age(self._waiting_since) if self._waiting_since else 0)
            await asyncio.sleep(MEASURE_SECONDS)

    async def _oldest_after(self, position: int) -> datetime | None:
        """When the first event of this service above a position was recorded."""
        if not self._ends:
            return self._made_at
        following = self._store.follow(categories(self._service), after=position, batch=1)
        events_after = cast("AsyncGenerator[list[StoredEvent], None]", following)
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS), aclosing(events_after) as several:
                async for events in several:
                    return events[0].recorded_at
        return None

    def _refuse(self, why: str) -> None:
        if why != self.refuses:
            log.error("relay publishes nothing", service=self._service, why=why)
        self.refuses = why

    def _say(self, *, healthy: bool) -> None:
        self.healthy = healthy
        HEALTHY.set(healthy)


def _let_go(sent: Sent) -> None:
    """Nobody will ask how these went: the log is read again instead."""
    while not sent.empty():
        sent.get_nowait()[2].add_done_callback(lambda done: done.cancelled() or done.exception())


def _start(known: Mapping[int, End]) -> int:
    return min(end.position for end in known.values())


def _first(trouble: BaseExceptionGroup[Any]) -> str:
    error = trouble.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else repr(error)
