"""What a complaint 投诉 adds to the boards: that it is open, and how fast the customer was answered."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from services.performance.days import day_of, minutes_between
from shared.events.complaint import (
    ComplaintAcknowledged,
    ComplaintClosed,
    ComplaintEvent,
    ComplaintFiled,
    ComplaintReopened,
    ComplaintResolved,
)
from shared.projections.projection import Cell, Contribution, Projection


class Complaint(msgspec.Struct, frozen=True):
    filed_at: datetime | None = None
    answered_at: datetime | None = None
    open: bool = False


def evolve(complaint: Complaint, event: ComplaintEvent) -> Complaint:
    match event:
        case ComplaintFiled():
            return Complaint(filed_at=event.occurred_at, open=True)
        case ComplaintAcknowledged() if complaint.answered_at is None:
            return msgspec.structs.replace(complaint, answered_at=event.occurred_at)
        case ComplaintResolved() | ComplaintClosed():
            return msgspec.structs.replace(complaint, open=False)
        case ComplaintReopened():
            return msgspec.structs.replace(complaint, open=True)
        case _:
            return complaint


def contribute(complaint: Complaint, *, zone: ZoneInfo) -> Contribution:
    if complaint.filed_at is None:
        return {}
    day = day_of(complaint.filed_at, zone)
    cells = {Cell("complaints_filed", day): 1}
    if complaint.open:
        cells[Cell("complaints_open")] = 1
    if complaint.answered_at is not None:
        waited = minutes_between(complaint.filed_at, complaint.answered_at)
        cells[Cell("complaint_response_minutes", day, bucket=waited)] = 1
    return cells


def complaints(zone: ZoneInfo) -> Projection[Complaint]:
    return Projection(
        name="complaints",
        version=1,
        state=Complaint,
        initial=Complaint(),
        events=(
            ComplaintFiled,
            ComplaintAcknowledged,
            ComplaintResolved,
            ComplaintClosed,
            ComplaintReopened,
        ),
        evolve=evolve,
        contribute=partial(contribute, zone=zone),
    )
