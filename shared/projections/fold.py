"""Folds events into entities and contributions in memory, before anything touches the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

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


class Cause(msgspec.Struct, eq=False, gc=False):
    """An event that changes cells."""

    seen: Seen
    occurred_at: datetime
    recorded: int
    """When it was recorded, in microseconds since 1970."""
    number: int = 0
    """Its number among the causes, once it is written."""


class Change(msgspec.Struct, gc=False):
    """One line of the cell log, and the event that caused it."""

    cell: Cell
    entity: Entity
    change: int
    cause: Cause


class Dated(msgspec.Struct):
    """A state that an entity had from a moment on, with its index then and before."""

    entity: Entity
    recorded_at: datetime
    state: Any
    fields: Mapping[str, str]
    before: Mapping[str, str]


class Step(msgspec.Struct):
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


def take(taken: Step, cause: Cause) -> list[Change]:
    """Make the step and say by how much it changes each cell."""
    entity = taken.entity
    old, new = entity.contribution, taken.contribution
    changes = []
    for cell, value in new.items():  # in the order the projection says it: a rebuild writes the same log
        if difference := value - old.get(cell, 0):
            changes.append(Change(cell, entity, difference, cause))
    for cell, value in old.items():
        if value and cell not in new:
            changes.append(Change(cell, entity, -value, cause))
    entity.state, entity.contribution, entity.index = taken.state, new, taken.fields
    entity.revisions[taken.stream] = taken.revision
    return changes
