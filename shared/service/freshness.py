"""How far what a service shows reaches: the newest event of each source, and what is still to come."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from math import nan
from typing import Final

from prometheus_client import Gauge
from pydantic import BaseModel
from sqlalchemy import func, select

from shared.events.catalogue import categories
from shared.eventstore.store import NOTHING, EventStore, StoreUnavailable
from shared.kafka.brokers import Brokers
from shared.kafka.log import Ends, Partition
from shared.projections.database import Database, instant
from shared.projections.runner import Position, Source, positions_in
from shared.projections.tables import checkpoints
from shared.service.intake import OWN_STORE

LOOK_EVERY_SECONDS: Final = 1.0

LAG: Final = Gauge(
    "baton_consumer_lag_events",
    "Events of a source that the group has not taken yet, looked at every second; NaN while the source "
    "cannot be asked. Of the own store these are positions, which in KurrentDB are bytes of its log.",
    ["group", "source"],
)
LAG_SECONDS: Final = Gauge(
    "baton_consumer_lag_seconds",
    "Age of the newest event that the group has taken while there is more to take, 0 when all was taken; NaN "
    "while the source cannot be asked or nothing of it was ever taken.",
    ["group", "source"],
)


class Reached(BaseModel):
    """One source; a lag is ``null`` while the source cannot be asked."""

    source: str
    last_event_at: datetime | None
    """When the newest event that was taken was recorded."""
    lag_events: int | None
    lag_seconds: float | None
    """How long ago that was while there is more to take; 0 when all was taken."""


Freshness = Sequence[Reached]


class Watch:
    """Asks every second how much is still to come; called, it says how far the read model reaches now.

    Whichever processes take the events: it compares where the sources end with the read model's checkpoints.
    """

    def __init__(
        self, database: Database, service: str, store: EventStore, brokers: Brokers, topics: Collection[str]
    ) -> None:
        self._database = database
        self._group = f"baton.{service}"
        self._categories = categories(service)
        self._store = store
        self._topics = topics
        self._ends = Ends(brokers, topics)
        self._behind: dict[str, int | None] = {}

    async def run(self) -> None:
        try:
            while True:
                await self._look()
                await asyncio.sleep(LOOK_EVERY_SECONDS)
        finally:
            await self._ends.close()

    async def _look(self) -> None:
        head, ends = await self._head(), await self._ends.ask()
        reached = await asyncio.to_thread(self._reached)
        self._behind = {OWN_STORE.name: behind_store(head, reached)}
        self._behind |= {topic: behind_topic(topic, ends, reached) for topic in self._topics}
        for source, lag in self._behind.items():
            LAG.labels(self._group, source).set(_known(lag))
        for it in await asyncio.to_thread(self):
            LAG_SECONDS.labels(self._group, it.source).set(_known(it.lag_seconds))

    async def _head(self) -> int | None:
        try:
            return await self._store.head(self._categories)
        except StoreUnavailable:
            return None

    def _reached(self) -> Mapping[Source, Position]:
        with self._database.connect() as tx:
            return positions_in(tx)

    def __call__(self) -> Freshness:
        c = checkpoints.c
        query = select(c.source, func.max(c.reached_at)).group_by(c.source)
        with self._database.connect() as tx:
            newest: dict[str, int | None] = {row[0]: row[1] for row in tx.execute(query)}
        return [
            _reached(source, newest.get(source), self._behind.get(source))
            for source in sorted({*newest, *self._behind})
        ]


def behind_store(head: int | None, reached: Mapping[Source, Position]) -> int | None:
    """How far the store's head is ahead of what was taken, in positions; ``None`` when it is not known."""
    at = reached.get(OWN_STORE)
    return None if head is None else max(0, head - (at.position if at else NOTHING))


def behind_topic(
    topic: str, ends: Mapping[Partition, int] | None, reached: Mapping[Source, Position]
) -> int | None:
    """How many records of a topic are still to come; ``None`` while no broker has that topic."""
    at = {p: reached.get(Source(p.topic, p.number)) for p in ends or () if p.topic == topic}
    if not ends or not at:
        return None
    return sum(max(0, ends[p] - (it.position if it else 0)) for p, it in at.items())


def _known(lag: float | None) -> float:
    return nan if lag is None else lag


def _reached(source: str, micros: int | None, lag: int | None) -> Reached:
    last = None if micros is None else instant(micros)
    seconds = 0.0 if lag == 0 else None
    if lag and last is not None:
        seconds = max(0.0, (datetime.now(UTC) - last).total_seconds())
    return Reached(source=source, last_event_at=last, lag_events=lag, lag_seconds=seconds)
