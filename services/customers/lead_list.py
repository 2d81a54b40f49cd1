"""The list of leads, with who has them and what became of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from shared.departments.open_to import belonging
from shared.events.lead import (
    LeadAssigned,
    LeadClaimed,
    LeadContacted,
    LeadConverted,
    LeadCreated,
    LeadDisqualified,
    LeadEvent,
    LeadQualified,
    LeadReleased,
)
from shared.projections.projection import Projection, sortable

LeadState = Literal["new", "assigned", "pool", "qualified", "disqualified", "converted"]


class LeadRow(Struct, frozen=True):
    id: str = ""
    company: str = ""
    source: str = ""
    campaign: str | None = None
    region: str | None = None
    line: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    department: str | None = None
    state: LeadState = "new"
    owner: str | None = None
    created_at: datetime | None = None
    assigned_at: datetime | None = None
    first_contact_at: datetime | None = None
    last_contact_at: datetime | None = None
    reason: str | None = None
    """Why it was disqualified or released."""
    account_id: str | None = None
    deal_id: str | None = None
    changed_at: datetime | None = None


def evolve(row: LeadRow, event: LeadEvent) -> LeadRow:
    at = event.occurred_at
    row = replace(row, changed_at=at)
    match event:
        case LeadCreated():
            return LeadRow(
                id=event.lead_id,
                company=event.company,
                source=event.source,
                campaign=event.campaign,
                region=event.region,
                line=event.line,
                contact_name=event.contact_name,
                contact_phone=event.contact_phone,
                department=event.department,
                created_at=at,
                changed_at=at,
            )
        case LeadAssigned(owner=owner) | LeadClaimed(owner=owner):
            state: LeadState = "qualified" if row.state == "qualified" else "assigned"
            return replace(row, state=state, owner=owner, assigned_at=at, reason=None)
        case LeadContacted():
            first = row.first_contact_at or at
            return replace(row, first_contact_at=first, last_contact_at=at)
        case LeadQualified():
            return replace(row, state="qualified")
        case LeadDisqualified():
            return replace(row, state="disqualified", reason=event.reason)
        case LeadConverted():
            became = {"account_id": event.account_id, "deal_id": event.deal_id, "owner": event.owner}
            return replace(row, state="converted", **became)
        case LeadReleased():
            return replace(row, state="pool", owner=None, assigned_at=None, reason=event.reason)
        case _:
            return row


def index(row: LeadRow) -> Mapping[str, str]:
    fields = {
        "state": row.state,
        "pool": "yes" if row.state == "pool" else "no",
        "owner": row.owner,
        "uncontacted_since": _uncontacted_since(row),
    }
    whose = belonging(row.id, account_id=row.account_id, department=row.department)
    return {**whose, **{name: value for name, value in fields.items() if value is not None}}


def _uncontacted_since(row: LeadRow) -> str | None:
    """Since when its owner has it without a contact; what the recycle rule waits for."""
    if row.state != "assigned" or row.assigned_at is None:
        return None
    if row.last_contact_at is not None and row.last_contact_at >= row.assigned_at:
        return None
    return sortable(row.assigned_at)


LEADS: Final = Projection(
    name="leads",
    version=2,
    state=LeadRow,
    initial=LeadRow(),
    events=(
        LeadCreated,
        LeadAssigned,
        LeadClaimed,
        LeadContacted,
        LeadQualified,
        LeadDisqualified,
        LeadConverted,
        LeadReleased,
    ),
    evolve=evolve,
    index=index,
)
