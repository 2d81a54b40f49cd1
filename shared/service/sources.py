"""Where a service's events come from: its own store, and the topics of the others."""

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from shared import traces
from shared.events.catalogue import categories, topic
from shared.events.seen import Seen
from shared.eventstore.store import NOTHING, EventStore
from shared.kafka import stream
from shared.kafka.cloudevents import BadRecord, publishing, read
from shared.kafka.log import Partition, end_offsets, log_identity
from shared.kafka.topics import PARTITIONS, ensure_topics, parked_topic
from shared.kafka.transport import Chunk
from shared.projections.projection import Projection
from shared.projections.runner import Batch, Position, Source
from shared.service.intake import OWN_STORE, Intake, seen_in_store
from shared.service.reactions import Reaction
from shared.service.settings import Settings

BETWEEN_BATCHES: Final = 0.02
"""Seconds from one batch of the own store to the next: a transaction a commit would take most of a core."""


def topics_of(projections: Sequence[Projection[Any]], reactions: Sequence[Reaction]) -> Sequence[str]:
    """The topics of the services whose events these take."""
    wanted = [event for p in projections for event in p.events] + [r.to for r in reactions]
    return sorted({topic(event.service) for event in wanted})


class Ahead(Exception):
    """The read model was made of events that the store does not have: one of the two was restored."""


class OwnStore:
    """Follows the service's own store, which still has the fields that no topic carries."""

    def __init__(self, store: EventStore, service: str, intake: Intake) -> None:
        self._store = store
        self._categories = categories(service)
        self._intake = intake
        self.ready = False

    async def run(self) -> None:
        """Raises ``Ahead``, rather than pass over what comes where the read model has been."""
        self.ready = False
        at = (await self._intake.positions()).get(OWN_STORE)
        after = at.position if at else NOTHING
        if after > (head := await self._store.head(self._categories)):
            raise Ahead(
                f"the read model has taken position {after}, the event store ends at {head}: if that was"
                " restored, empty the read database (docs/operations/backup.md)"
            )
        self.ready = True
        async for stored in self._store.follow(self._categories, after=after):
            began = time.monotonic()
            now = Position(stored[-1].position)
            events = [seen_in_store(one) for one in stored]
            await self._intake.take([Batch(OWN_STORE, events, at, now)])
            at = now
            await asyncio.sleep(began + BETWEEN_BATCHES - time.monotonic())


class Topics:
    """Follows the topics of the services whose events are wanted, in chunks, through Faust."""

    def __init__(
        self,
        projections: Sequence[Projection[Any]],
        reactions: Sequence[Reaction],
        service: str,
        settings: Settings,
        intake: Intake,
    ) -> None:
        self._names = topics_of(projections, reactions)
        self._service = service
        self._brokers = settings.brokers()
        self._replication = settings.kafka_replication
        self._intake = intake
        self._instance = settings.kafka_instance_id or None
        self._at: dict[Source, Position | None] = {}
        self._logs: dict[Partition, str | None] = {}
        self._behind: dict[Partition, int] = {}
        self._assigned = False

    @property
    def ready(self) -> bool:
        """Whether everything is taken that was in the topics when they were assigned."""
        return self._assigned and not self._behind

    async def run(self) -> None:
        counts = dict.fromkeys(self._names, PARTITIONS) | {parked_topic(self._service): 1}
        await ensure_topics(self._brokers, counts, replication=self._replication)
        self._assigned = False
        await stream.run(self._app)

    def _app(self) -> stream.ChunkedApp:
        return stream.chunked_app(
            f"baton.{self._service}",
            self._brokers,
            self._names,
            handle=self._handle,
            start_at=self._start_at,
            instance=self._instance,
        )

    async def _start_at(self, partitions: Collection[Partition]) -> Mapping[Partition, int | None]:
        """Our checkpoints; one of another log counts for nothing: that partition is read anew."""
        kept = await self._intake.positions()
        self._logs = await log_identity(self._brokers, partitions)
        starts: dict[Partition, int | None] = {}
        for partition in partitions:
            source = Source(partition.topic, partition.number)
            at = kept.get(source)
            self._at[source] = at
            starts[partition] = at.position if at and at.log == self._logs[partition] else None
        ends = await end_offsets(self._brokers, partitions)
        self._behind = {p: end for p, end in ends.items() if end > (starts[p] or 0)}
        self._assigned = True
        return starts

    async def _handle(self, chunks: Sequence[Chunk]) -> None:
        batches = [self._batch(chunk) for chunk in chunks]
        await self._intake.take(batches)
        for batch in batches:
            self._at[batch.source] = batch.now
        for chunk in chunks:
            if chunk.position >= self._behind.get(chunk.partition, 0):
                self._behind.pop(chunk.partition, None)

    def _batch(self, chunk: Chunk) -> Batch:
        source = Source(chunk.partition.topic, chunk.partition.number)
        events = [seen_in_topic(record) for record in chunk.records]
        if chunk.records[0].offset == 0:
            self._logs[chunk.partition] = events[0].id
        now = Position(chunk.position, self._logs.get(chunk.partition))
        return Batch(source, events, self._at.get(source), now)


def seen_in_topic(record: Any) -> Seen:
    try:
        seen = read(record)
    except BadRecord as bad:
        seen = bad.seen
    # What is done now follows the step in which it was published; nearly all events are of no trace.
    if seen.traceparent is not None and traces.telling(seen.traceparent):
        seen = seen._replace(traceparent=publishing(record) or seen.traceparent)
    return seen if seen.id else seen._replace(id=f"{record.topic}/{record.partition}/{record.offset}")
