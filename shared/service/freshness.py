"""How far what a service shows reaches: the newest event of each source, and what is still to come."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import nan
from typing import Final, Protocol

from prometheus_client import Gauge
from pydantic import BaseModel
from sqlalchemy import func, select

from shared.projections.database import Database, instant
from shared.projections.tables import checkpoints

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


class Followed(Protocol):
    """What follows one source or several, and knows how much of each is still to come."""

    async def behind(self) -> Mapping[str, int | None]: ...


class Watch:
    """Asks every second how much is still to come; called, it says how far the read model reaches now."""

    def __init__(self, database: Database, service: str, followed: Sequence[Followed]) -> None:
        self._database = database
        self._group = f"baton.{service}"
        self._followed = followed
        self._behind: dict[str, int | None] = {}

    async def run(self) -> None:
        while True:
            for one in self._followed:
                self._behind |= await one.behind()
            for source, lag in self._behind.items():
                LAG.labels(self._group, source).set(_known(lag))
            for it in await asyncio.to_thread(self):
                LAG_SECONDS.labels(self._group, it.source).set(_known(it.lag_seconds))
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def __call__(self) -> Freshness:
        c = checkpoints.c
        query = select(c.source, func.max(c.reached_at)).group_by(c.source)
        with self._database.connect() as tx:
            newest: dict[str, int | None] = {row[0]: row[1] for row in tx.execute(query)}
        return [
            _reached(source, newest.get(source), self._behind.get(source))
            for source in sorted({*newest, *self._behind})
        ]


def _known(lag: float | None) -> float:
    return nan if lag is None else lag


def _reached(source: str, micros: int | None, lag: int | None) -> Reached:
    last = None if micros is None else instant(micros)
    seconds = 0.0 if lag == 0 else None
    if lag and last is not None:
        seconds = max(0.0, (datetime.now(UTC) - last).total_seconds())
    return Reached(source=source, last_event_at=last, lag_events=lag, lag_seconds=seconds)
