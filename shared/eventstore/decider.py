"""Load, decide, append, and again when somebody else was faster: once, for all aggregates."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar, cast
from uuid import UUID, uuid4, uuid5

from prometheus_client import Counter

from shared import traces
from shared.events.catalogue import EVENTS
from shared.events.event import Envelope, Event
from shared.eventstore.store import NOTHING, EventStore, NewEvent, StoredEvent, WrongRevision

S = TypeVar("S")
E = TypeVar("E", bound=Event)

MOST_TRIES: Final = 10
CACHED_STREAMS: Final = 50_000

COMMANDS: Final = Counter(
    "baton_commands_total", "Commands by what they were about and what came of them.", ["category", "outcome"]
)


class Refused(Exception):
    """A decision says no: ``message`` tells the person why, ``code`` names the rule for programs.

    ``more`` are facts that help them go on, such as the id of what is there already.
    """

    def __init__(self, message: str, *, code: str = "refused", **more: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.more = more


class NotFound(Refused):
    """The thing the command is about does not exist."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="not-found")


class StaleRevision(Exception):
    """The caller decided on an older revision than the stream has now (HTTP 412)."""

    def __init__(self, actual: int) -> None:
        super().__init__(f"the present revision is {actual}")
        self.actual = actual


class KeyReused(Exception):
    """The same idempotency key came with another command (HTTP 422)."""


class Contended(Exception):
    """The race was lost ``MOST_TRIES`` times in a row (HTTP 503)."""


@dataclass(frozen=True)
class Aggregate(Generic[S, E]):
    """One kind of stream: its category, and how its events fold into a state."""

    category: str
    initial: S
    evolve: Callable[[S, E], S]

    def stream(self, key: str) -> str:
        return f"{self.category}-{key}"


@dataclass(frozen=True)
class Outcome(Generic[S]):
    """What came of a command: the stream's state and revision after it, and what it added."""

    state: S
    revision: int
    events: Sequence[StoredEvent]


@dataclass
class _Loaded(Generic[S]):
    state: S
    revision: int = NOTHING
    commands: dict[str, str] = field(default_factory=dict)
    """Idempotency key → fingerprint of the command that used it."""
    caused: set[UUID] = field(default_factory=set)
    """The ids of events that are reactions to others."""


class Decider(Generic[S, E]):
    """Runs decisions on one kind of aggregate, keeping recent states in memory."""

    def __init__(
        self, store: EventStore, aggregate: Aggregate[S, E], *, cached: int = CACHED_STREAMS
    ) -> None:
        self._store = store
        self._aggregate = aggregate
        self._cached = cached
        self._cache: OrderedDict[str, _Loaded[S]] = OrderedDict()

    async def load(self, key: str) -> Outcome[S]:
        """The present state; that of a stream nobody wrote to is the aggregate's ``initial``."""
        loaded = await self._load(self._aggregate.stream(key), fresh=True)
        return Outcome(loaded.state, loaded.revision, ())

    def forget(self) -> None:
        """Read every stream anew: what was known of somebody may not be known any more."""
        self._cache.clear()

    async def transact(
        self,
        key: str,
        decide: Callable[[S], Sequence[E]],
        envelope: Envelope,
        *,
        expected: int | None = None,
    ) -> Outcome[S]:
        """Record what ``decide`` makes of the present state; decides again after a lost race.

        Raises what ``decide`` raises, which is only ``Refused`` and then about the true state,
        ``StaleRevision`` when ``expected`` is given and is not the present revision, ``KeyReused`` and
        ``Contended``.
        """
        stream = self._aggregate.stream(key)
        fresh = expected is not None
        for _ in range(MOST_TRIES):
            loaded = await self._load(stream, fresh=fresh)
            if _already_done(loaded, envelope):
                self._count("ignored")
                return Outcome(loaded.state, loaded.revision, ())
            if expected is not None and expected != loaded.revision:
                raise StaleRevision(loaded.revision)
            try:
                events = decide(loaded.state)
            except Refused:
                if not fresh:  # the cached state may be behind: a refusal must be a true one
                    fresh = True
                    continue
                self._count("refused")
                raise
            if not events and not fresh:  # and so must be an answer that there is nothing to do
                fresh = True
                continue
            new = _to_store(stream, events, envelope)
            if loaded.caused.issuperset(event.id for event in new):  # nothing, or a reaction once more
                self._count("ignored")
                return Outcome(loaded.state, loaded.revision, ())
            try:
                with traces.span("append", {"baton.stream": stream, "baton.events": len(new)}):
                    stored = await self._store.append(stream, new, expected=loaded.revision)
            except WrongRevision:
                self._count_lost(loaded, fresh=fresh)
                fresh = True
                continue
            except BaseException:
                self._cache.pop(stream, None)  # nobody knows what was kept: forget it
                raise
            self._fold(loaded, stored, _as_kept(stored, new, events))
            self._count("done")
            return Outcome(loaded.state, loaded.revision, stored)
        raise Contended(f"{stream} is changed by too many at once")

    def _count_lost(self, loaded: _Loaded[S], *, fresh: bool) -> None:
        if fresh or loaded.revision != NOTHING:  # else the stream was only not in memory
            self._count("lost_race")

    async def _load(self, stream: str, *, fresh: bool) -> _Loaded[S]:
        loaded = self._cache.get(stream)
        if loaded is None:
            # Not read: most commands on a stream that is not known here begin it, and every answer that the
            # store must not bear out itself, a refusal or that there is nothing to do, is sought again fresh.
            loaded = self._cache[stream] = _Loaded(self._aggregate.initial)
            while len(self._cache) > self._cached:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(stream)
        if fresh:
            newer = await self._store.read(stream, after=loaded.revision)
            self._fold(loaded, newer, [cast("E", EVENTS[e.type].read(e.data)) for e in newer])
        return loaded

    def _fold(self, loaded: _Loaded[S], stored: Sequence[StoredEvent], events: Sequence[E]) -> None:
        for kept, event in zip(stored, events, strict=True):
            if kept.revision <= loaded.revision:
                continue  # another command of this process folded it while we waited
            loaded.state = self._aggregate.evolve(loaded.state, event)
            loaded.revision = kept.revision
            envelope = Envelope.model_validate_json(kept.metadata)
            if envelope.command is not None:
                used, _, fingerprint = envelope.command.rpartition("#")
                loaded.commands[used] = fingerprint
            if envelope.causation_id is not None:
                loaded.caused.add(kept.id)

    def _count(self, outcome: str) -> None:
        COMMANDS.labels(self._aggregate.category, outcome).inc()


def _already_done(loaded: _Loaded[S], envelope: Envelope) -> bool:
    if envelope.command is None:
        return False
    key, _, fingerprint = envelope.command.rpartition("#")
    if key not in loaded.commands:
        return False
    if loaded.commands[key] != fingerprint:
        raise KeyReused("This Idempotency-Key was used for another command.")
    return True


def _as_kept(stored: Sequence[StoredEvent], new: Sequence[NewEvent], events: Sequence[E]) -> Sequence[E]:
    """The events as the store has them: of a reaction once more, what was kept the first time counts."""
    if all(kept.data == one.data for kept, one in zip(stored, new, strict=True)):
        return events
    return [cast("E", EVENTS[kept.type].read(kept.data)) for kept in stored]


def _to_store(stream: str, events: Sequence[Event], envelope: Envelope) -> list[NewEvent]:
    metadata = envelope.model_dump_json(exclude_none=True).encode()
    return [
        NewEvent(_new_id(stream, f"{e.type}/{n}", envelope), e.type, e.wire(), metadata)
        for n, e in enumerate(events)
    ]


def _new_id(stream: str, part: str, envelope: Envelope) -> UUID:
    """Deterministic where the cause is named, so that a reaction repeated is the same event."""
    if envelope.causation_id is not None:
        return uuid5(UUID(envelope.causation_id), f"{stream}/{part}")
    return uuid4()
