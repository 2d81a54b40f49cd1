"""Everything a service ever took, once more: its own store and the topics, up to given checkpoints."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final, Protocol, cast

from shared.events.catalogue import categories
from shared.eventstore.store import NOTHING, EventStore, StoredEvent
from shared.kafka.brokers import Brokers
from shared.kafka.log import Partition, log_identity, reach
from shared.kafka.stretch import QUIET_SECONDS, Stretch, read_stretches
from shared.kafka.transport import Chunk
from shared.projections.runner import Batch, Position, Source
from shared.service.intake import OWN_STORE, seen_in_store
from shared.service.sources import seen_in_topic

Positions = Mapping[Source, Position]

BATCH: Final = 1000


class Log(Protocol):
    """Where events can be read again, from any checkpoints up to others."""

    def has(self, source: Source) -> bool:
        """Whether this is one of its sources; a checkpoint may be of one that is read no more."""

    def read(self, after: Positions, to: Positions) -> AsyncGenerator[Sequence[Batch], None]:
        """What lies between, as batches; less where a source is shorter, or another log than at ``to``."""


class WholeLog:
    """The log of a service in its event store and in Kafka; reading it disturbs nobody."""

    def __init__(self, store: EventStore, service: str, brokers: Brokers, topics: Collection[str]) -> None:
        self._store = store
        self._categories = categories(service)
        self.published = Published(brokers, topics)

    def has(self, source: Source) -> bool:
        return source == OWN_STORE or self.published.has(source)

    async def read(self, after: Positions, to: Positions) -> AsyncGenerator[Sequence[Batch], None]:
        of_topics = {source: at for source, at in to.items() if source != OWN_STORE}
        if any(after.get(source) != at for source, at in of_topics.items()):
            await self.published.reach()  # nothing is begun that cannot be finished
        if OWN_STORE in to:
            async with aclosing(self._own(after.get(OWN_STORE), to[OWN_STORE])) as batches:
                async for batch in batches:
                    yield [batch]
        async with aclosing(self.published.read(after, of_topics)) as several:
            async for some in several:
                yield some

    async def _own(self, at: Position | None, to: Position) -> AsyncGenerator[Batch, None]:
        done = at.position if at else NOTHING
        follow = self._store.follow(self._categories, after=done, batch=BATCH)
        async with aclosing(cast("AsyncGenerator[list[StoredEvent], None]", follow)) as following:
            while done < to.position:
                try:
                    async with asyncio.timeout(QUIET_SECONDS):
                        stored = await anext(following)
                except (TimeoutError, StopAsyncIteration):
                    return
                before = [one for one in stored if one.position <= to.position]
                if not before:
                    return
                now = Position(before[-1].position)
                yield Batch(OWN_STORE, [seen_in_store(one) for one in before], at, now)
                done, at = now.position, now


class Published:
    """The part of the log that is in Kafka; any process can read it."""

    def __init__(self, brokers: Brokers, topics: Collection[str]) -> None:
        self._brokers = brokers
        self._topics = topics

    def has(self, source: Source) -> bool:
        return source.name in self._topics

    async def reach(self) -> None:
        """Raises ``KafkaError`` when no broker answers."""
        await reach(self._brokers)

    async def read(self, after: Positions, to: Positions) -> AsyncGenerator[Sequence[Batch], None]:
        partitions = {Partition(source.name, source.partition): source for source in to}
        stretches = {p: Stretch(_start(after.get(s)), to[s].position) for p, s in partitions.items()}
        wanted = {p: it for p, it in stretches.items() if it.start < it.end}
        logs = await self._logs({p: after.get(partitions[p]) for p in wanted})
        same = {p: it for p, it in wanted.items() if logs[p] == to[partitions[p]].log}
        at: dict[Source, Position | None] = {source: after.get(source) for source in to}
        async with aclosing(read_stretches(self._brokers, same)) as several:
            async for chunks in several:
                yield [_batch(chunk, partitions[chunk.partition], at, logs) for chunk in chunks]

    async def _logs(self, at: Mapping[Partition, Position | None]) -> Mapping[Partition, str | None]:
        """Which log each partition holds; where reading has begun, that was asked then."""
        begun = {partition: position.log for partition, position in at.items() if position}
        unknown = at.keys() - begun.keys()
        return begun | (await log_identity(self._brokers, unknown) if unknown else {})


def _start(at: Position | None) -> int:
    return at.position if at else 0


def _batch(
    chunk: Chunk, source: Source, at: dict[Source, Position | None], logs: Mapping[Partition, Any]
) -> Batch:
    now = Position(chunk.position, logs[chunk.partition])
    batch = Batch(source, [seen_in_topic(record) for record in chunk.records], at[source], now)
    at[source] = now
    return batch
