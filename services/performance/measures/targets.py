"""What a target 目标 adds to the boards: its amount spread over the days of its period, exactly."""

from datetime import date

import msgspec

from services.performance.measures.spread import spread
from shared.events.target import TargetEvent, TargetSet, TargetWithdrawn
from shared.projections.projection import Cell, Contribution, Projection


class Target(msgspec.Struct, frozen=True):
    person: str = ""
    line: str = ""
    currency: str = ""
    minor: int = 0
    start: date | None = None
    end: date | None = None
    """The first day no longer in the period."""


def evolve(target: Target, event: TargetEvent) -> Target:
    match event:
        case TargetSet():
            return Target(
                person=event.person_id,
                line=event.line or "",
                currency=event.amount.currency,
                minor=event.amount.minor,
                start=event.start,
                end=event.end,
            )
        case TargetWithdrawn():
            return msgspec.structs.replace(target, start=None)
        case _:
            return target


def contribute(target: Target) -> Contribution:
    if target.start is None or target.end is None:
        return {}
    return {
        Cell("target_amount", day, target.person, target.line, target.currency): part
        for day, part in spread(target.minor, target.start, target.end)
    }


TARGETS = Projection(
    name="targets",
    version=1,
    state=Target,
    initial=Target(),
    events=(TargetSet, TargetWithdrawn),
    evolve=evolve,
    contribute=contribute,
    index=lambda target: {"person": target.person} if target.start else {},
)
