"""Applies events to read models: guard, fold, cells, cell log and checkpoint in one transaction."""

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, NamedTuple

import structlog
from prometheus_client import Counter, Gauge, Histogram
from pydantic import ValidationError
from sqlalchemy import Connection, select

from shared.ages import age
from shared.events.catalogue import EVENTS
from shared.events.event import Event, is_sealed
from shared.events.seen import Seen
from shared.projections import rows, versions
from shared.projections.cell_rows import write_cells
from shared.projections.database import Database, micros
from shared.projections.dated_rows import write_states
from shared.projections.fold import Cause, Change, Dated, Entity, EntityKey, Step, step, take, takers
from shared.projections.parking import LARGEST, Parking
from shared.projections.projection import Projection
from shared.projections.tables import checkpoints

CACHED_ENTITIES: Final = 100_000

log = structlog.get_logger()

APPLIED: Final = Counter("baton_projection_events_total", "Events that were folded into the read models.")
SKIPPED: Final = Counter(
    "baton_projection_skipped_total",
    "Events that were not folded. unknown type: no version of this program knows it, so a newer one "
    "writes already. seen before: a redelivery, which the version guard leaves out.",
    ["reason"],
)
UNKNOWN, SEEN_BEFORE = SKIPPED.labels("unknown type"), SKIPPED.labels("seen before")
PARKED: Final = Gauge(
    "baton_parked_streams",
    "Streams that wait for a redrive, because one of their events could not be read or folded.",
)
PARKED_AGE: Final = Gauge(
    "baton_parked_oldest_age_seconds",
    "How long the stream that was parked first waits by now, looked at every few seconds; 0 when none does.",
)
APPLY_SECONDS: Final = Histogram(
    "baton_projection_apply_seconds",
    "Time to fold batches into the read models, until the database has committed them with the checkpoint.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Source(NamedTuple):
    """Where events come from: a topic's partition, or a store followed as a whole."""

    name: str
    partition: int = 0


class Position(NamedTuple):
    """How far a source was read, and which log that was (a refilled topic is another log)."""

    position: int
    log: str | None = None


class Batch(NamedTuple):
    """Events of one source in order; ``after`` is the checkpoint they go on from (none: the beginning)."""

    source: Source
    events: Sequence[Seen]
    after: Position | None
    now: Position


class Fenced(Exception):
    """Another worker moved the checkpoint: this one no longer owns the source and must start again."""


class Outdated(Exception):
    """The read model was built with other versions: it can be shown, but nothing more be added to it."""


@dataclass(frozen=True)
class Sorted:
    """A batch's events that may be applied, decoded; the others belong in the parking place."""

    good: Sequence[tuple[Seen, Event]]
    bad: Sequence[tuple[Seen, str | None]]


class Runner:
    """One per process and read model; its methods are called from one thread at a time.

    One that is ``quiet`` builds a read model that nobody looks at yet: it counts nothing, and tells nobody
    what is parked there.
    """

    def __init__(
        self,
        database: Database,
        service: str,
        folds: Iterable[Projection[Any]],
        *,
        cached: int = CACHED_ENTITIES,
        quiet: bool = False,
    ) -> None:
        self.database = database
        self.service = service
        self.parking = Parking(database)
        self._projections = {p.name: p for p in folds}
        self._takers = takers(self._projections.values())
        self.cached = cached
        self._quiet = quiet
        self._entities: OrderedDict[EntityKey, Entity] = OrderedDict()
        self.begin_anew()

    def begin_anew(self) -> None:
        """Go by what the database has now, which may be another read model than before."""
        self.forget()
        with self.database.begin() as tx:
            self.outdated = not versions.adopt(tx, self._projections.values())
        self.count_parked()

    def positions(self) -> Mapping[Source, Position]:
        """The checkpoints as the database has them now; forgets what was cached under older ones."""
        self.forget()
        self.count_parked()
        with self.database.connect() as tx:
            return positions_in(tx)

    def look_again(self) -> None:
        """Go by the read model that another process serves by now, if it does."""
        if self.database.look_again():
            self.begin_anew()

    def forget(self) -> None:
        self._entities.clear()
        self.parking.forget()

    def sort(self, events: Sequence[Seen], *, wanted: frozenset[str] = frozenset()) -> Sorted:
        """Decode what is folded (or ``wanted``), skip unknown types, set bad streams apart."""
        good: list[tuple[Seen, Event]] = []
        bad: list[tuple[Seen, str | None]] = []
        held = set(self.parking.streams())
        for seen in events:
            if seen.type not in EVENTS:
                self._count(UNKNOWN)
            elif seen.type not in self._takers and seen.type not in wanted:
                continue
            elif seen.stream in held:
                bad.append((seen, None))
            else:
                try:
                    good.append((seen, _decode(seen)))
                except ValueError as error:
                    if self.parking.was_dropped(seen):
                        continue
                    held.add(seen.stream)
                    bad.append((seen, str(error)))
        return Sorted(good, bad)

    def apply(self, batches: Sequence[Batch], sorted_events: Sorted | None = None) -> None:
        """Fold the batches and move their checkpoints, all or nothing.

        Raises ``Fenced``, ``Outdated`` and ``TakenUp``.
        """
        self._must_be_current()
        events = sorted_events or self.sort([seen for batch in batches for seen in batch.events])
        began = time.perf_counter()
        try:
            with self.database.begin() as tx:
                self.parking.stays(tx)
                _move_checkpoints(tx, batches)
                bad = _as_they_came(batches, [*events.bad, *self._fold(tx, events.good)])
                self.parking.park(tx, bad)
        except BaseException:
            self.forget()  # memory is ahead of the database now: read it again
            raise
        self._trim()
        if not self._quiet:
            APPLY_SECONDS.observe(time.perf_counter() - began)
            self._tell(bad)

    def _tell(self, bad: Sequence[tuple[Seen, str | None]]) -> None:
        for seen, error in bad:
            if error:
                log.error("stream parked", stream=seen.stream, event_id=seen.id, type=seen.type, error=error)
        if bad:
            self.count_parked()

    def redrivable(self, *, drop: bool = False) -> list[tuple[Seen, Event]]:
        """The parked events that ``redrive`` can read by now, decoded."""
        self.forget()
        readable = []
        with self.database.connect() as tx:
            for stream in sorted(self.parking.streams()):
                dropped = not drop
                for _, seen in self.parking.queue(tx, stream):
                    try:
                        readable.append((seen, _decode(seen)))
                    except ValueError:
                        if dropped:
                            break
                        dropped = True
        return readable

    def redrive(self, *, drop: bool = False) -> list[Seen]:
        """Take up parked streams again, each until its first bad event (``drop`` throws that one away).

        Returns the events that were applied. Raises ``Outdated``.
        """
        self._must_be_current()
        applied: list[Seen] = []
        self.forget()
        for stream in sorted(self.parking.streams()):
            try:
                with self.database.begin() as tx:
                    applied += self._redrive_stream(tx, stream, drop=drop)
            finally:
                self.forget()  # another worker may go on with it from here
        self.count_parked()
        return applied

    def _redrive_stream(self, tx: Connection, stream: str, *, drop: bool) -> list[Seen]:
        applied: list[Seen] = []
        self.parking.take_up(tx)
        for row_id, seen in self.parking.queue(tx, stream):
            if self.parking.was_dropped(seen):
                self.parking.remove(tx, row_id)
            elif self._take_up(tx, seen):
                applied.append(seen)
                self.parking.remove(tx, row_id)
            elif drop:
                self.parking.drop(tx, row_id, seen)
                drop = False
            else:
                break
        return applied

    def _take_up(self, tx: Connection, seen: Seen) -> bool:
        try:
            event = _decode(seen)
        except ValueError:
            return False
        return not self._fold(tx, [(seen, event)])

    def _fold(self, tx: Connection, events: Sequence[tuple[Seen, Event]]) -> list[tuple[Seen, str | None]]:
        """Fold in memory, then write; returns what could not be folded, to be parked."""
        routes = self._route(tx, events)
        touched: dict[int, Entity] = {}
        changes: list[Change] = []
        states: list[Dated] = []
        bad: list[tuple[Seen, str | None]] = []
        held: set[str] = set()
        for (seen, event), route in zip(events, routes, strict=True):
            if seen.stream in held:
                bad.append((seen, None))
                continue
            try:
                steps = self._steps(seen, event, route)
            except Exception as error:  # noqa: BLE001 - whatever a fold trips over parks that stream alone
                if self.parking.was_dropped(seen):
                    continue
                held.add(seen.stream)
                bad.append((seen, _told(error, event)))
                continue
            cause = Cause(seen, event.occurred_at, micros(seen.recorded_at))
            for taken in steps:
                entity = taken.entity
                before = entity.index
                changes += take(taken, cause)
                touched[id(entity)] = entity
                if entity.projection.dated:
                    states.append(Dated(entity, seen.recorded_at, entity.state, entity.index, before))
        self._count(APPLIED, len(events) - len(bad))
        rows.write_entities(tx, touched.values())
        write_states(tx, states)
        write_cells(tx, changes)
        return bad

    def _steps(self, seen: Seen, event: Event, route: Sequence[EntityKey] | Exception) -> list[Step]:
        if isinstance(route, Exception):
            raise route
        steps = []
        for at in route:
            if taken := step(self._entities[at], seen, event):
                steps.append(taken)
            else:
                self._count(SEEN_BEFORE)
        return steps

    def _route(
        self, tx: Connection, events: Sequence[tuple[Seen, Event]]
    ) -> list[Sequence[EntityKey] | Exception]:
        """Which entities each event is for, all in memory from here on; what is wrong where that fails."""
        routes: list[Sequence[EntityKey] | Exception] = []
        missing: dict[EntityKey, None] = {}
        for seen, event in events:
            route = _for_whom(self._takers.get(seen.type, ()), seen, event)
            routes.append(route)
            if isinstance(route, Exception):
                continue
            for at in route:
                if at in self._entities:
                    self._entities.move_to_end(at)
                else:
                    missing[at] = None
        self._load(tx, missing)
        return routes

    def _load(self, tx: Connection, missing: Iterable[EntityKey]) -> None:
        """Those the database has, and the others as they begin."""
        keys: dict[str, list[str]] = {}
        for name, key in missing:
            keys.setdefault(name, []).append(key)
            self._entities[name, key] = Entity(
                self._projections[name], key, self._projections[name].initial, {}
            )
        for name, some in keys.items():
            for entity in rows.read_entities(tx, self._projections[name], some):
                self._entities[name, entity.key] = entity

    def _trim(self) -> None:
        while len(self._entities) > self.cached:
            self._entities.popitem(last=False)

    def _must_be_current(self) -> None:
        if self.outdated:
            raise Outdated(f"the read model of {self.service} is being built anew")

    def count_parked(self) -> None:
        if not self._quiet:
            streams, since = self.parking.waiting()
            PARKED.set(streams)
            PARKED_AGE.set(age(since) if since else 0)

    def _count(self, counter: Counter, events: int = 1) -> None:
        if not self._quiet:
            counter.inc(events)


def positions_in(tx: Connection) -> Mapping[Source, Position]:
    """The checkpoints of a read model."""
    found = tx.execute(select(checkpoints))
    return {Source(row.source, row.partition): Position(row.position, row.log) for row in found}


def _for_whom(
    projections: Sequence[Projection[Any]], seen: Seen, event: Event
) -> Sequence[EntityKey] | Exception:
    try:
        return [(p.name, key) for p in projections if (key := p.entity(seen, event)) is not None]
    except Exception as error:  # noqa: BLE001 - whatever it trips over parks that stream alone
        return error


def _told(error: Exception, event: Event) -> str:
    """What went wrong, without what the event says of a person: it is logged and published."""
    told = repr(error)
    for name in event.personal_fields():
        if value := getattr(event, name):
            told = told.replace(value, "…").replace(repr(value)[1:-1], "…")
    return told


def _as_they_came(
    batches: Sequence[Batch], bad: Sequence[tuple[Seen, str | None]]
) -> list[tuple[Seen, str | None]]:
    """A stream must queue in its own order, whatever each event stumbled over."""
    if not bad:
        return []
    places = {
        id(seen): place for place, seen in enumerate(seen for batch in batches for seen in batch.events)
    }
    return sorted(bad, key=lambda one: places[id(one[0])])


def _move_checkpoints(tx: Connection, batches: Sequence[Batch]) -> None:
    for batch in sorted(batches, key=attrgetter("source")):  # or two workers might wait for each other
        reached = max((seen.recorded_at for seen in batch.events), default=None)
        if not rows.move_checkpoint(tx, batch.source, batch.after, batch.now, reached=reached):
            raise Fenced(f"{batch.source} is not at {batch.after} any more")


def _decode(seen: Seen) -> Event:
    """The event in its type; raises ``ValueError`` (pydantic's is one) for a payload that does not fit."""
    if not 0 <= seen.revision < LARGEST or not seen.stream:
        raise ValueError("the record does not say which stream and revision it is")
    if is_sealed(seen.data):
        raise ValueError("what is sealed in it cannot be opened")
    try:
        return EVENTS[seen.type].read(seen.data)
    except ValidationError as error:
        raise ValueError(
            "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:5])
        ) from error
