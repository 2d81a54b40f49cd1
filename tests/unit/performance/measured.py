"""What one entity adds to the boards after some events, to be compared with cells worked out by hand."""

from functools import reduce
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.events.event import Event
from shared.projections.projection import Cell, Contribution, Projection

ZONE: Final = ZoneInfo("Asia/Shanghai")


def adds(projection: Projection[Any], *events: Event) -> Contribution:
    assert {type(event) for event in events} <= set(projection.events)
    return projection.contribute(reduce(projection.evolve, events, projection.initial))


def only(contribution: Contribution, *measures: str) -> dict[Cell, int]:
    return {cell: value for cell, value in contribution.items() if cell.measure in measures}
