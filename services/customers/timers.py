"""What this service does when a due time has come: leads that nobody followed up go to the pool 公海."""

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
from shared.service.reactions import Due, Timer


def timers(
    leads: Decider[Lead, LeadEvent], lead_list: Kept[LeadRow], *, recycle_after: timedelta
) -> list[Timer]:
    def due(now: datetime) -> Due:
        waiting = lead_list.up_to("uncontacted_since", sortable(now - recycle_after))
        return {stream: datetime.fromisoformat(since) + recycle_after for stream, since in waiting.items()}

    async def fire(stream: str, now: datetime, envelope: Envelope) -> bool:
        lead_id = stream.removeprefix("lead-")
        done = await leads.transact(lead_id, partial(recycle, at=now, after=recycle_after), envelope)
        return bool(done.events)

    return [Timer("recycle-leads", due, fire)]
