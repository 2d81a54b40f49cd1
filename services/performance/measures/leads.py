"""What a lead 线索 adds to the boards: itself, whether it was any good, and how long it waited for a call."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from services.performance.days import day_of, minute_of, minutes_between
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
from shared.projections.projection import Cell, Contribution, Projection, place


class Lead(msgspec.Struct, frozen=True):
    created_at: datetime | None = None
    contacted_at: datetime | None = None
    """The first contact; who qualifies or converts a lead has spoken with it by then."""
    dropped_at: datetime | None = None
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
        case LeadContacted():
            return msgspec.structs.replace(lead, contacted_at=lead.contacted_at or event.occurred_at)
        case LeadQualified():
            contacted = lead.contacted_at or event.occurred_at
            return msgspec.structs.replace(lead, contacted_at=contacted, qualified=True)
        case LeadConverted():
            contacted = lead.contacted_at or event.occurred_at
            return msgspec.structs.replace(lead, contacted_at=contacted, qualified=True, owner=event.owner)
        case LeadDisqualified():
            return msgspec.structs.replace(lead, dropped_at=event.occurred_at, qualified=False)
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
    return {**cells, _waited(lead, where, lead.created_at): 1}


def _waited(lead: Lead, where: Cell, created_at: datetime) -> Cell:
    """Until somebody called; until it was dropped without a call; or it waits, since that minute."""
    if lead.contacted_at is not None:
        waited = minutes_between(created_at, lead.contacted_at)
        return where.of("lead_response_minutes", bucket=waited)
    if lead.dropped_at is not None:
        waited = minutes_between(created_at, lead.dropped_at)
        return where.of("lead_dropped_minutes", bucket=waited)
    return where.of("lead_waiting", bucket=minute_of(created_at))


def leads(zone: ZoneInfo) -> Projection[Lead]:
    return Projection(
        name="leads",
        version=2,
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
