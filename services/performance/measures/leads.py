"""What a lead 线索 adds to the boards: itself, how it ended, and how fast somebody called."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from services.performance.days import day_of, minutes_between
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
from shared.projections.projection import Contribution, Projection, place


class Lead(msgspec.Struct, frozen=True):
    created_at: datetime | None = None
    contacted_at: datetime | None = None
    owner: str = ""
    line: str = ""
    qualified: bool = False


def evolve(lead: Lead, event: LeadEvent) -> Lead:
    match event:
        case LeadCreated():
            return msgspec.structs.replace(lead, created_at=event.occurred_at, line=event.line or "")
        case LeadAssigned() | LeadClaimed():
            return msgspec.structs.replace(lead, owner=event.owner)
        case LeadReleased():
            return msgspec.structs.replace(lead, owner="")
        case LeadContacted() if lead.contacted_at is None:
            return msgspec.structs.replace(lead, contacted_at=event.occurred_at)
        case LeadQualified():
            return msgspec.structs.replace(lead, qualified=True)
        case LeadConverted():
            return msgspec.structs.replace(lead, qualified=True, owner=event.owner)
        case LeadDisqualified():
            return msgspec.structs.replace(lead, qualified=False)
        case _:
            return lead


def contribute(lead: Lead, *, zone: ZoneInfo) -> Contribution:
    """Everything counts on the day the lead was created, so that a rate compares like with like."""
    if lead.created_at is None:
        return {}
    where = place(day=day_of(lead.created_at, zone), person=lead.owner, line=lead.line)
    cells = {where.of("leads"): 1}
    if lead.qualified:
        cells[where.of("leads_qualified")] = 1
    if lead.contacted_at is not None:
        waited = minutes_between(lead.created_at, lead.contacted_at)
        cells[where.of("lead_response_minutes", bucket=waited)] = 1
    return cells


def leads(zone: ZoneInfo) -> Projection[Lead]:
    return Projection(
        name="leads",
        version=1,
        state=Lead,
        initial=Lead(),
        events=(
            LeadCreated,
            LeadAssigned,
            LeadClaimed,
            LeadReleased,
            LeadContacted,
            LeadQualified,
            LeadConverted,
            LeadDisqualified,
        ),
        evolve=evolve,
        contribute=partial(contribute, zone=zone),
    )
