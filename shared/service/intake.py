"""Where events enter a service: reactions first, then read models and checkpoint in one transaction."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final, Literal

import msgspec
from opentelemetry.trace import Span, SpanKind

from shared import traces
from shared.ages import age, ages
from shared.events.seen import Seen
from shared.eventstore.store import StoredEvent
from shared.projections.parking import TakenUp
from shared.projections.runner import Batch, Position, Runner, Sorted, Source
from shared.service.reactions import Reaction, expect, react

Station = Literal["taken", "applied"]

OWN_STORE: Final = Source("own store")

FEW: Final = 20
"""So many events are decoded at once, in less time than it takes to hand them to a thread and back."""

AGE: Final = ages(
    "baton_intake_age_seconds",
    "Age of a batch's oldest event when it came in (taken), and when reactions were done and the read models "
    "had it (applied). After a pause it is as old as the pause was long.",
    ["source", "station"],
)


class Intake:
    """Takes batches from every source, one at a time.

    A reaction that fails raises, and the batch comes again: reactions are repeated, never lost.
    """

    def __init__(
        self, runner: Runner, reactions: Sequence[Reaction], *, applied: Callable[[], None] = lambda: None
    ) -> None:
        self.runner = runner
        self._reactions = reactions
        expect(reactions)
        self.wanted = frozenset(reaction.to.type for reaction in reactions)
        """What is decoded though nothing may fold it: one that cannot be read parks its stream, too."""
        self._applied = applied
        self._turn = asyncio.Lock()

    async def take(self, batches: Sequence[Batch]) -> None:
        """Apply the batches, all or nothing; raises ``Fenced`` and what a reaction or the database raises."""
        oldest = [
            (it.source.name, min(seen.recorded_at for seen in it.events)) for it in batches if it.events
        ]
        began = time.time_ns()
        self._note(oldest, "taken")
        async with self._turn:
            while not await self._taken(batches):
                pass
        self._applied()
        self._note(oldest, "applied")
        if traces.on():
            self._tell(batches, began)

    async def _taken(self, batches: Sequence[Batch]) -> bool:
        """Whether they were, or have to be looked at once more."""
        checked = await self._reacted_to(batches) if self._reactions else None
        try:
            await asyncio.to_thread(self.runner.apply, batches, checked)
        except TakenUp:
            return False
        return True

    async def _reacted_to(self, batches: Sequence[Batch]) -> Sorted:
        events = [seen for batch in batches for seen in batch.events]
        if len(events) <= FEW and self.runner.parking.known:
            checked = self.runner.sort(events, wanted=self.wanted)
        else:
            checked = await asyncio.to_thread(self.runner.sort, events, wanted=self.wanted)
        for seen, event in checked.good:
            await react(self._reactions, self.runner.service, seen, event)
        return checked

    def _note(self, oldest: Sequence[tuple[str, datetime]], station: Station) -> None:
        for source, recorded_at in oldest:
            AGE.labels(source, station).observe(age(recorded_at))

    def _tell(self, batches: Sequence[Batch], began: int) -> None:
        """Each event of a trace was processed while its batch was."""
        for batch in batches:
            for seen in batch.events:
                if seen.traceparent is not None and traces.telling(seen.traceparent):
                    _processing(seen, batch.source, self.runner.service, began).end()

    async def look_again(self) -> None:
        """Go by the read model that another process serves by now, if it does."""
        async with self._turn:
            await asyncio.to_thread(self.runner.look_again)

    async def positions(self) -> Mapping[Source, Position]:
        """The checkpoints as they are now, in the read model that is served now."""
        async with self._turn:
            await asyncio.to_thread(self.runner.look_again)
            return await asyncio.to_thread(self.runner.positions)

    async def redrive(self, *, drop: bool) -> int:
        """Take up parked streams again; how many events were applied."""
        async with self._turn:
            for seen, event in await asyncio.to_thread(self.runner.redrivable, drop=drop):
                await react(self._reactions, self.runner.service, seen, event)
            applied = await asyncio.to_thread(self.runner.redrive, drop=drop)
        self._applied()
        return len(applied)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Nothing is taken while this lasts."""
        async with self._turn:
            yield
        self._applied()


def _processing(seen: Seen, source: Source, service: str, began: int) -> Span:
    about = {"baton.stream": seen.stream, "baton.event_type": seen.type, "messaging.message.id": seen.id}
    of_topic = {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": source.name,
        "messaging.destination.partition.id": str(source.partition),
        "messaging.consumer.group.name": f"baton.{service}",
    }
    return traces.started(
        f"process {source.name}",
        about if source == OWN_STORE else about | of_topic,
        parent=seen.traceparent or "",
        kind=SpanKind.CONSUMER,
        at=began,
    )


class _Origin(msgspec.Struct):
    role: str
    correlation_id: str
    traceparent: str | None = None


_origin = msgspec.json.Decoder(_Origin).decode


def seen_in_store(stored: StoredEvent) -> Seen:
    """An event of the service's own store, as a consumer sees it (personal fields included)."""
    origin = _origin(stored.metadata)
    return Seen(
        id=str(stored.id),
        type=stored.type,
        stream=stored.stream,
        revision=stored.revision,
        recorded_at=stored.recorded_at,
        role=origin.role,
        correlation_id=origin.correlation_id,
        data=stored.data,
        traceparent=origin.traceparent,
    )
