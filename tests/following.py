"""A service follows its own store, one step at a time: reactions first, then read models."""

from collections.abc import Sequence
from typing import Any, Final

from shared.events.catalogue import categories
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NOTHING
from shared.projections.database import Database
from shared.projections.projection import Projection
from shared.projections.runner import Batch, Position, Runner, Source
from shared.service.intake import Intake, seen_in_store
from shared.service.reactions import Reaction

OWN_STORE: Final = Source("own store")


class Following:
    """Takes what the store has that was not taken before."""

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
