"""What a complaint 投诉 adds to the boards: that it is open, how fast it was answered and put right."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from services.performance.days import day_of, minute_of, minutes_between
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
    """The first answer: that it is resolved, where nobody had acknowledged it before."""
    resolved_at: datetime | None = None
    """The last resolution, while it stands."""
    closed_at: datetime | None = None
    satisfaction: int | None = None


def evolve(complaint: Complaint, event: ComplaintEvent) -> Complaint:
    at = event.occurred_at
    match event:
        case ComplaintFiled():
            return Complaint(filed_at=at)
        case ComplaintAcknowledged():
            return msgspec.structs.replace(complaint, answered_at=complaint.answered_at or at)
        case ComplaintResolved():
            answered = complaint.answered_at or at
            return msgspec.structs.replace(complaint, answered_at=answered, resolved_at=at)
        case ComplaintClosed():
            return msgspec.structs.replace(complaint, closed_at=at, satisfaction=event.satisfaction)
        case ComplaintReopened():
            undone = {"resolved_at": None, "closed_at": None, "satisfaction": None}
            return msgspec.structs.replace(complaint, **undone)
        case _:
            return complaint


def contribute(complaint: Complaint, *, zone: ZoneInfo) -> Contribution:
    """Times count on the day it was filed; the satisfaction on the day it was closed, unless reopened."""
    filed_at = complaint.filed_at
    if filed_at is None:
        return {}
    filed = Cell("complaints_filed", day_of(filed_at, zone))
    cells = {filed: 1}
    if complaint.answered_at is None:
        cells[filed.of("complaint_waiting", bucket=minute_of(filed_at))] = 1
    else:
        waited = minutes_between(filed_at, complaint.answered_at)
        cells[filed.of("complaint_response_minutes", bucket=waited)] = 1
    if complaint.resolved_at is None:
        cells[Cell("complaints_open")] = 1
    else:
        took = minutes_between(filed_at, complaint.resolved_at)
        cells[filed.of("complaint_resolution_minutes", bucket=took)] = 1
    if complaint.closed_at is not None and complaint.satisfaction is not None:
        closed = Cell("csat_closings", day_of(complaint.closed_at, zone), bucket=complaint.satisfaction)
        cells[closed] = 1
    return cells


def complaints(zone: ZoneInfo) -> Projection[Complaint]:
    return Projection(
        name="complaints",
        version=2,
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
