"""Load, decide, append, and again when somebody else was faster: once, for all aggregates."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, ClassVar, Final, Generic, Literal, TypeVar, cast, get_args
from uuid import UUID, uuid4, uuid5

from prometheus_client import Counter, Histogram

from shared import traces
from shared.events.catalogue import EVENTS
from shared.events.event import Envelope, Event
from shared.eventstore.store import NOTHING, EventStore, NewEvent, StoredEvent, WrongRevision
from shared.eventstore.whose import Whose, everybodys

S = TypeVar("S")
E = TypeVar("E", bound=Event)

MOST_TRIES: Final = 10
CACHED_STREAMS: Final = 50_000

Came = Literal["done", "ignored", "repeated", "refused", "stale", "lost_race", "contended"]

COMMANDS: Final = Counter(
    "baton_commands_total",
    "Commands by the kind of stream they are about, the function that decides, and what came of them. "
    "done: events were stored. ignored: there was nothing to do, as when it was done before. "
    "repeated: the Idempotency-Key had been used for the same command. refused: a rule said no, or the key "
    "had been used for another command. stale: If-Match named an older revision. lost_race: somebody else "
    "stored first; counted once for each lost race, and the command is decided again, so what came of it in "
    "the end is counted, too. contended: it lost so often that it was given up.",
    ["category", "decision", "outcome"],
)
APPEND_SECONDS: Final = Histogram(
    "baton_store_append_seconds",
    "Time from handing events to the store until they are durable, the sealing of personal fields included.",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Refused(Exception):
    """A decision says no: ``message`` tells the person why, ``code`` names the rule for programs.

    ``more`` are facts that help them go on, such as the id of what is there already.
    """

    came: ClassVar[Came] = "refused"

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

    came: ClassVar[Came] = "stale"

    def __init__(self, actual: int) -> None:
        super().__init__(f"the present revision is {actual}")
        self.actual = actual


class KeyReused(Exception):
    """The same idempotency key came with another command (HTTP 422)."""

    came: ClassVar[Came] = "refused"


class Contended(Exception):
    """The race was lost ``MOST_TRIES`` times in a row (HTTP 503)."""

    came: ClassVar[Came] = "contended"


@dataclass(frozen=True)
class Aggregate(Generic[S, E]):
    """One kind of stream: its category, how its events fold into a state, and whose that is."""

    category: str
    initial: S
    evolve: Callable[[S, E], S]
    whose: Callable[[S], Whose] = everybodys

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
        self,
        store: EventStore,
        aggregate: Aggregate[S, E],
        *,
        cached: int = CACHED_STREAMS,
        recorded: Callable[[S, Sequence[E]], None] = lambda _state, _events: None,
    ) -> None:
        """``recorded`` is told what was stored here just now, and the state after it."""
        self._store = store
        self._aggregate = aggregate
        self._cached = cached
        self._recorded = recorded
        self._cache: OrderedDict[str, _Loaded[S]] = OrderedDict()

    @property
    def category(self) -> str:
        return self._aggregate.category

    async def load(self, key: str) -> Outcome[S]:
        """The present state; that of a stream nobody wrote to is the aggregate's ``initial``."""
        loaded = await self._load(self._aggregate.stream(key), fresh=True)
        return Outcome(loaded.state, loaded.revision, ())

    async def whose(self, key: str) -> Whose | None:
        """Whose it is at present; ``None`` where nobody wrote to the stream."""
        now = await self.load(key)
        return None if now.revision == NOTHING else self._aggregate.whose(now.state)

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
        permit: Callable[[Whose], None] = lambda _whose: None,
    ) -> Outcome[S]:
        """Record what ``decide`` makes of the present state; decides again after a lost race.

        ``permit`` comes before anything is said about the stream, each time that it is decided.
        Raises what either raises, which is only ``Refused`` and then about the true state,
        ``StaleRevision`` when ``expected`` is given and is not the present revision, ``KeyReused`` and
        ``Contended``.
        """
        came = _counted(self._aggregate.category, _name(decide))
        try:
            return await self._transact(self._aggregate.stream(key), decide, envelope, expected, came, permit)
        except (Refused, StaleRevision, KeyReused, Contended) as answer:
            came[answer.came].inc()
            raise

    async def _transact(
        self,
        stream: str,
        decide: Callable[[S], Sequence[E]],
        envelope: Envelope,
        expected: int | None,
        came: Mapping[Came, Counter],
        permit: Callable[[Whose], None],
    ) -> Outcome[S]:
        fresh = expected is not None
        for _ in range(MOST_TRIES):
            loaded = await self._load(stream, fresh=fresh)
            try:
                permit(self._aggregate.whose(loaded.state))
                if _already_done(loaded, envelope):
                    came["repeated"].inc()
                    return Outcome(loaded.state, loaded.revision, ())
                if expected is not None and expected != loaded.revision:
                    raise StaleRevision(loaded.revision)
                events = decide(loaded.state)
            except Refused:
                if not fresh:  # the cached state may be behind: a refusal must be a true one
                    fresh = True
                    continue
                raise
            if not events and not fresh:  # and so must be an answer that there is nothing to do
                fresh = True
                continue
            new = _to_store(stream, events, envelope)
            if loaded.caused.issuperset(event.id for event in new):  # nothing, or a reaction once more
                came["ignored"].inc()
                return Outcome(loaded.state, loaded.revision, ())
            began = time.perf_counter()
            try:
                with traces.span("append", {"baton.stream": stream, "baton.events": len(new)}):
                    stored = await self._store.append(stream, new, expected=loaded.revision)
            except WrongRevision:
                was_known = fresh or loaded.revision != NOTHING  # else the stream was only not in memory
                came["lost_race"].inc(was_known)
                fresh = True
                continue
            except BaseException:
                self._cache.pop(stream, None)  # nobody knows what was kept: forget it
                raise
            APPEND_SECONDS.observe(time.perf_counter() - began)
            kept = _as_kept(stored, new, events)
            self._fold(loaded, stored, kept)
            self._recorded(loaded.state, kept)
            came["done"].inc()
            return Outcome(loaded.state, loaded.revision, stored)
        raise Contended(f"{stream} is changed by too many at once")

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


@lru_cache(maxsize=4096)
def _counted(category: str, decision: str) -> Mapping[Came, Counter]:
    """Its time series; to look one up by its labels costs more than to add to it."""
    return {came: COMMANDS.labels(category, decision, came) for came in get_args(Came)}


def _name(decide: Callable[..., Any]) -> str:
    """Of the function in the code that decides, whatever is bound to it."""
    while isinstance(decide, partial):
        decide = decide.func
    name: str = getattr(decide, "__name__", type(decide).__name__)
    return name.strip("_<>")


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
