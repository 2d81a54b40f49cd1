"""Folds events into entities and contributions in memory, before anything touches the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from shared.events.event import Event
from shared.events.seen import Seen
from shared.projections.projection import Cell, Projection


@dataclass(slots=True)
class Entity:
    """An entity as it stands, with the revision taken from each stream that feeds it."""

    projection: Projection[Any]
    key: str
    state: Any
    revisions: dict[str, int]
    row: int | None = None
    contribution: Mapping[Cell, int] = field(default_factory=dict)
    index: Mapping[str, str] = field(default_factory=dict)
    written_index: Mapping[str, str] = field(default_factory=dict)


EntityKey = tuple[str, str]
"""Projection name and entity key."""


class Change(NamedTuple):
    """One line of the cell log, and the event that caused it."""

    cell: Cell
    entity: Entity
    change: int
    seen: Seen
    occurred_at: datetime


class Dated(NamedTuple):
    """A state that an entity had from a moment on, with its index then and before."""

    entity: Entity
    recorded_at: datetime
    state: Any
    fields: Mapping[str, str]
    before: Mapping[str, str]


class Step(NamedTuple):
    """What one event makes of one entity."""

    entity: Entity
    stream: str
    revision: int
    state: Any
    contribution: Mapping[Cell, int]
    fields: Mapping[str, str]


def takers(
    projections: Iterable[Projection[Any]],
) -> Mapping[str, Sequence[Projection[Any]]]:
    """Which projections fold which wire name."""
    by_type: dict[str, list[Projection[Any]]] = {}
    for projection in projections:
        for event in projection.events:
            by_type.setdefault(event.type, []).append(projection)
    return by_type


def step(entity: Entity, seen: Seen, event: Event) -> Step | None:
    """The entity after the event; ``None`` when it has taken this event before."""
    if seen.revision <= entity.revisions.get(seen.stream, -1):
        return None
    projection = entity.projection
    state = projection.evolve(entity.state, event)
    contribution = projection.contribute(state)
    return Step(entity, seen.stream, seen.revision, state, contribution, projection.index(state))


def take(taken: Step, seen: Seen, occurred_at: datetime) -> list[Change]:
    """Make the step and say by how much it changes each cell."""
    entity = taken.entity
    old, new = entity.contribution, taken.contribution
    changes = []
    moved = (*new, *(cell for cell in old if cell not in new)) if old != new else ()
    for cell in moved:  # in the order the projection says it: a rebuild writes the same log
        difference = new.get(cell, 0) - old.get(cell, 0)
        if difference:
            changes.append(Change(cell, entity, difference, seen, occurred_at))
    entity.state, entity.contribution, entity.index = taken.state, new, taken.fields
    entity.revisions[taken.stream] = taken.revision
    return changes
