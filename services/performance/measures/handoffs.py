"""What a hand-off 交接 adds to the boards: who has it now, for how long, and whether it is late."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from services.performance.days import day_of
from shared.events.handoff import (
    HandoffAccepted,
    HandoffBreached,
    HandoffCancelled,
    HandoffCompleted,
    HandoffEvent,
    HandoffRequested,
    HandoffResubmitted,
    HandoffReturned,
)
from shared.projections.projection import Cell, Contribution, Projection

NAME: Final = "handoffs"

Doing = Literal["waiting", "working", "done"]


class Handoff(msgspec.Struct, frozen=True):
    kind: str = ""
    title: str = ""
    from_department: str = ""
    to_department: str = ""
    requested_at: datetime | None = None
    due_at: datetime | None = None
    breached: bool = False
    doing: Doing = "waiting"
    department: str = ""
    """Who has it now."""
    since: datetime | None = None
    spent: Mapping[str, int] = {}
    """``department/doing`` → microseconds of the spans that have ended."""


def evolve(handoff: Handoff, event: HandoffEvent) -> Handoff:
    match event:
        case HandoffRequested():
            return Handoff(
                kind=event.kind,
                title=event.title,
                from_department=event.from_department,
                to_department=event.to_department,
                requested_at=event.occurred_at,
                due_at=event.due_at,
                department=event.to_department,
                since=event.occurred_at,
            )
        case HandoffAccepted():
            return _passed(handoff, event, "working", handoff.to_department)
        case HandoffReturned():
            return _passed(handoff, event, "waiting", handoff.from_department)
        case HandoffResubmitted():
            return _passed(handoff, event, "waiting", handoff.to_department)
        case HandoffCompleted() | HandoffCancelled():
            return _passed(handoff, event, "done", "")
        case HandoffBreached():
            return msgspec.structs.replace(handoff, breached=True)
        case _:
            return handoff


def _passed(handoff: Handoff, event: HandoffEvent, doing: Doing, department: str) -> Handoff:
    """The present span ends, the next begins: spans add up to the elapsed time exactly."""
    spent = dict(handoff.spent)
    if handoff.since is not None:
        span = f"{handoff.department}/{handoff.doing}"
        spent[span] = spent.get(span, 0) + (event.occurred_at - handoff.since) // timedelta(microseconds=1)
    return msgspec.structs.replace(
        handoff, doing=doing, department=department, since=event.occurred_at, spent=spent
    )


def contribute(handoff: Handoff, *, zone: ZoneInfo) -> Contribution:
    if handoff.requested_at is None:
        return {}
    day = day_of(handoff.requested_at, zone)
    cells = {}
    if handoff.doing != "done":
        cells[Cell(f"handoffs_{handoff.doing}", department=handoff.department)] = 1
    if handoff.breached:
        cells[Cell("handoffs_breached", day, department=handoff.to_department)] = 1
    for span, microseconds in handoff.spent.items():
        department, doing = span.split("/")
        cells[Cell(f"handoff_{doing}_microseconds", day, department=department)] = microseconds
    return cells


def handoffs(zone: ZoneInfo) -> Projection[Handoff]:
    return Projection(
        name=NAME,
        version=2,
        state=Handoff,
        initial=Handoff(),
        events=(
            HandoffRequested,
            HandoffAccepted,
            HandoffReturned,
            HandoffResubmitted,
            HandoffCompleted,
            HandoffCancelled,
            HandoffBreached,
        ),
        evolve=evolve,
        contribute=partial(contribute, zone=zone),
        index=lambda handoff: {"state": "closed" if handoff.doing == "done" else "open"},
        dated=True,
    )
