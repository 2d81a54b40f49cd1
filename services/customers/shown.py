"""One thing as it stands this moment, read from its stream: nobody waits for a list to catch up."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, TypeVar

from fastapi import Response

from shared.events.catalogue import EVENTS
from shared.eventstore.decider import NotFound
from shared.eventstore.store import EventStore, category
from shared.projections.projection import Projection
from shared.service.history import Happened, history

T = TypeVar("T")


@dataclass(frozen=True)
class Shown(Generic[T]):
    states: Sequence[T]
    """How it stood after each event."""
    history: list[Happened]

    @property
    def now(self) -> T:
        return self.states[-1]


async def shown(store: EventStore, rows: Projection[T], stream: str, response: Response) -> Shown[T]:
    """The list's row folded from the stream itself, its ETag set; raises ``NotFound``."""
    happened = await history(store, stream)
    if not happened:
        raise NotFound(f"There is no such {category(stream)}.")
    events = [EVENTS[h.type].model_validate({**h.data, "occurred_at": h.occurred_at}) for h in happened]
    states = list(accumulate(events, rows.evolve, initial=rows.initial))[1:]
    response.headers["ETag"] = f'"{happened[-1].revision}"'
    return Shown(states, happened)
