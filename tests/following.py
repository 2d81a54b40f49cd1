"""A service follows its store and others' topics, one step at a time: reactions first, then read models."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from shared.events.catalogue import categories, topic
from shared.events.event import Event
from shared.events.seen import Seen
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NOTHING
from shared.projections.database import Database
from shared.projections.projection import Projection
from shared.projections.runner import Batch, Position, Runner, Source
from shared.service.intake import Intake, seen_in_store
from shared.service.reactions import Reaction

OWN_STORE: Final = Source("own store")


class Topic:
    """Another service's, as whoever follows it takes it."""

    def __init__(self, service: str) -> None:
        self.source = Source(topic(service))
        self.told: list[Seen] = []

    def tell(self, *events: Event) -> Batch:
        after = Position(len(self.told)) if self.told else None
        for event in events:
            self.told.append(self._next(event))
        now = len(self.told)
        return Batch(self.source, self.told[now - len(events) :], after, Position(now))

    def _next(self, event: Event) -> Seen:
        stream = f"{event.category}-{getattr(event, event.key)}"
        return Seen(
            id=f"{stream}-{len(self.told)}",
            type=event.type,
            stream=stream,
            revision=sum(told.stream == stream for told in self.told),
            recorded_at=datetime.now(UTC),
            role="sales",
            correlation_id="",
            data=event.wire(),
        )


class Following:
    """Takes what the store has that was not taken before, and what topics tell."""

    def __init__(
        self,
        store: SqliteStore,
        database: Database,
        service: str,
        folds: Sequence[Projection[Any]],
        *,
        reactions: Sequence[Reaction] = (),
    ) -> None:
        self._store = store
        self._service = service
        self._intake = Intake(Runner(database, service, folds), reactions)

    async def hear(self, told: Batch) -> None:
        await self._intake.take([told])

    async def catch_up(self) -> None:
        """Everything is taken, and what the reactions to it added, too."""
        at = (await self._intake.positions()).get(OWN_STORE)
        done = at.position if at else NOTHING
        if done == await self._store.head():
            return
        async for stored in self._store.follow(categories(self._service), after=done):
            now = Position(stored[-1].position)
            await self._intake.take([Batch(OWN_STORE, [seen_in_store(one) for one in stored], at, now)])
            at = now
            if now.position == await self._store.head():
                return
