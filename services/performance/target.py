"""Targets 目标: set for a person and a period, set anew, withdrawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from shared.events.target import TargetEvent, TargetSet, TargetWithdrawn
from shared.eventstore.decider import Aggregate, NotFound, Refused

LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True)
class NotSet:
    pass


@dataclass(frozen=True)
class Standing:
    last: TargetSet


@dataclass(frozen=True)
class Withdrawn:
    last: TargetSet


Target = NotSet | Standing | Withdrawn


def evolve(target: Target, event: TargetEvent) -> Target:
    match event:
        case TargetSet():
            return Standing(event)
        case TargetWithdrawn():
            match target:
                case Standing(last=last) | Withdrawn(last=last):
                    return Withdrawn(last)
                case NotSet():
                    raise ValueError("a target's first event must set it")
                case _:
                    assert_never(target)
        case _:
            assert_never(event)


TARGET: Final = Aggregate[Target, TargetEvent](
    category="target",
    initial=NotSet(),
    evolve=evolve,
)


def set_target(target: Target, *, wanted: TargetSet) -> list[TargetEvent]:
    if not wanted.start < wanted.end:
        raise Refused("The period must end after it starts.", code="empty-period")
    if wanted.end - wanted.start > LONGEST:
        raise Refused(f"A period has at most {LONGEST.days} days.", code="long-period")
    match target:
        case Standing(last=last) if _same(last, wanted):
            return []
        case _:
            return [wanted]


def withdraw(target: Target, *, at: datetime) -> list[TargetEvent]:
    match target:
        case NotSet():
            raise NotFound("There is no such target.")
        case Withdrawn():
            return []
        case Standing(last=last):
            return [TargetWithdrawn(target_id=last.target_id, occurred_at=at)]
        case _:
            assert_never(target)


def _same(one: TargetSet, other: TargetSet) -> bool:
    return one.model_dump(exclude={"occurred_at"}) == other.model_dump(exclude={"occurred_at"})
