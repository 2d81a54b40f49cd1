"""The public pool 公海: leads that nobody follows up, free for anybody to claim."""

from datetime import datetime, timedelta

from services.customers.lead import Lead, Pooled, Working, not_before, workable
from shared.events.lead import LeadClaimed, LeadEvent, LeadReleased
from shared.eventstore.decider import Refused


def release(lead: Lead, *, reason: str, at: datetime) -> list[LeadEvent]:
    """Put it into the pool; whoever claims it starts anew."""
    if isinstance(lead, Pooled):
        return []
    it = workable(lead)
    not_before(it, at)
    return [LeadReleased(lead_id=it.lead_id, reason=reason, previous=it.owner, occurred_at=at)]


def claim(lead: Lead, *, owner: str, at: datetime) -> list[LeadEvent]:
    """Take it out of the pool; only one of several who try at once gets it."""
    match lead:
        case Pooled(was=was):
            not_before(was, at)
            return [LeadClaimed(lead_id=was.lead_id, owner=owner, occurred_at=at)]
        case _ if workable(lead).owner == owner:
            return []
        case _:
            raise Refused("The lead is not in the public pool.", code="lead-not-in-pool")


def recycle(lead: Lead, *, at: datetime, after: timedelta) -> list[LeadEvent]:
    """Release it when ``after`` has passed since its owner got it without a contact; else nothing."""
    match lead:
        case Working(owner=str(owner), assigned_at=datetime() as got, contacted_at=contacted):
            if at < max(got + after, lead.since) or (contacted is not None and contacted >= got):
                return []
            reason = f"No contact within {after / timedelta(days=1):g} days"
            return [LeadReleased(lead_id=lead.lead_id, reason=reason, previous=owner, occurred_at=at)]
        case _:
            return []
