"""The list of complaints, with how long the customer waited for an answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from shared.departments.open_to import belonging
from shared.events.complaint import (
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintClosed,
    ComplaintEvent,
    ComplaintFiled,
    ComplaintHeld,
    ComplaintReopened,
    ComplaintResolved,
    ComplaintResumed,
    Severity,
)
from shared.projections.projection import Projection

ComplaintState = Literal["open", "held", "resolved", "closed"]


class ComplaintRow(Struct, frozen=True):
    id: str = ""
    account_id: str | None = None
    order_id: str | None = None
    subject: str = ""
    severity: Severity = "normal"
    state: ComplaintState = "open"
    assignee: str | None = None
    resolution: str | None = None
    satisfaction: int | None = None
    filed_at: datetime | None = None
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    changed_at: datetime | None = None


def evolve(row: ComplaintRow, event: ComplaintEvent) -> ComplaintRow:
    at = event.occurred_at
    row = replace(row, changed_at=at)
    match event:
        case ComplaintFiled():
            return ComplaintRow(
                id=event.complaint_id,
                account_id=event.account_id,
                order_id=event.order_id,
                subject=event.subject,
                severity=event.severity,
                filed_at=at,
                changed_at=at,
            )
        case ComplaintAcknowledged():
            return replace(row, acknowledged_at=at)
        case ComplaintAssigned():
            return replace(row, assignee=event.to)
        case ComplaintHeld():
            return replace(row, state="held")
        case ComplaintResumed():
            return replace(row, state="open")
        case ComplaintResolved():
            return replace(row, state="resolved", resolution=event.resolution, resolved_at=at)
        case ComplaintReopened():
            undone = {"resolution": None, "resolved_at": None, "satisfaction": None, "closed_at": None}
            return replace(row, state="open", **undone)
        case ComplaintClosed():
            return replace(row, state="closed", satisfaction=event.satisfaction, closed_at=at)
        case _:
            return row


def index(row: ComplaintRow) -> Mapping[str, str]:
    return {"state": row.state, **belonging(row.id, account_id=row.account_id, department=None)}


COMPLAINTS: Final = Projection(
    name="complaints",
    version=2,
    state=ComplaintRow,
    initial=ComplaintRow(),
    events=(
        ComplaintFiled,
        ComplaintAcknowledged,
        ComplaintAssigned,
        ComplaintHeld,
        ComplaintResumed,
        ComplaintResolved,
        ComplaintReopened,
        ComplaintClosed,
    ),
    evolve=evolve,
    index=index,
)
