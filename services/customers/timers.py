"""What this service does when a due time has come: leads that nobody followed up go to the pool 公海."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from services.customers.lead import Lead
from services.customers.lead_list import LeadRow
from services.customers.pool import recycle
from shared.events.event import Envelope
from shared.events.lead import LeadEvent
from shared.eventstore.decider import Decider
from shared.projections.lists import Kept
from shared.projections.projection import sortable
from shared.service.reactions import Timer


def timers(
    leads: Decider[Lead, LeadEvent], lead_list: Kept[LeadRow], *, recycle_after: timedelta
) -> list[Timer]:
    def due(now: datetime) -> Sequence[str]:
        return lead_list.up_to("uncontacted_since", sortable(now - recycle_after))

    async def fire(stream: str, now: datetime, envelope: Envelope) -> None:
        lead_id = stream.removeprefix("lead-")
        await leads.transact(lead_id, partial(recycle, at=now, after=recycle_after), envelope)

    return [Timer("recycle-leads", due, fire)]
