"""Leads 线索: assigned, contacted, qualified and converted, or given back to the public pool 公海."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, assert_never

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
from shared.eventstore.decider import Aggregate, NotFound, Refused
from shared.eventstore.whose import EVERYBODYS, Whose


@dataclass(frozen=True)
class NotCreated:
    pass


@dataclass(frozen=True)
class Working:
    """A lead somebody is to find out about."""

    created: LeadCreated
    since: datetime
    """When the last thing happened to it; nothing can happen before."""
    owner: str | None = None
    assigned_at: datetime | None = None
    contacted_at: datetime | None = None
    """The last contact, whoever made it."""

    @property
    def lead_id(self) -> str:
        return self.created.lead_id


@dataclass(frozen=True)
class Pooled:
    """In the public pool 公海: free for anybody to claim."""

    was: Working


@dataclass(frozen=True)
class Qualified:
    was: Working


@dataclass(frozen=True)
class Disqualified:
    was: Working


@dataclass(frozen=True)
class Converted:
    was: Working
    account_id: str
    deal_id: str


Lead = NotCreated | Working | Pooled | Qualified | Disqualified | Converted


def evolve(lead: Lead, event: LeadEvent) -> Lead:
    at = event.occurred_at
    match event:
        case LeadCreated():
            return Working(created=event, since=at)
        case LeadAssigned(owner=owner) | LeadClaimed(owner=owner):
            return _changed(lead, at, owner=owner, assigned_at=at)
        case LeadContacted():
            return _changed(lead, at, contacted_at=at)
        case LeadQualified():
            return Qualified(replace(content(lead), since=at))
        case LeadDisqualified():
            return Disqualified(replace(content(lead), since=at))
        case LeadConverted():
            was = replace(content(lead), since=at, owner=event.owner)
            return Converted(was, event.account_id, event.deal_id)
        case LeadReleased():
            return Pooled(replace(content(lead), since=at, owner=None, assigned_at=None))
        case _:
            assert_never(event)


def whose(lead: Lead) -> Whose:
    """Its department's; once it is converted, whose its account is."""
    match lead:
        case NotCreated():
            return EVERYBODYS
        case Converted(was=was, account_id=account_id):
            return Whose(department=was.created.department, account_id=account_id)
        case _:
            return Whose(department=content(lead).created.department)


LEAD: Final = Aggregate[Lead, LeadEvent](
    category="lead",
    initial=NotCreated(),
    evolve=evolve,
    whose=whose,
)


def create(lead: Lead, *, created: LeadCreated, owner: str | None) -> list[LeadEvent]:
    match lead:
        case NotCreated():
            if owner is None:
                return [created]
            at = created.occurred_at
            return [created, LeadAssigned(lead_id=created.lead_id, owner=owner, occurred_at=at)]
        case _:
            was = content(lead).created
            if (was.company, was.source, was.campaign) == (created.company, created.source, created.campaign):
                return []
            raise Refused("Another lead has this id.", code="id-taken")


def assign(lead: Lead, *, owner: str, at: datetime) -> list[LeadEvent]:
    """Give it to a person; a lead in the public pool may be given out too."""
    it = lead.was if isinstance(lead, Pooled) else workable(lead)
    if it.owner == owner:
        return []
    not_before(it, at)
    return [LeadAssigned(lead_id=it.lead_id, owner=owner, previous=it.owner, occurred_at=at)]


def contact(lead: Lead, *, by: str, at: datetime) -> list[LeadEvent]:
    """Somebody spoke with it; every later moment is another contact, the same moment is the same one."""
    it = workable(lead)
    if it.contacted_at == at:
        return []
    not_before(it, at)
    return [LeadContacted(lead_id=it.lead_id, by=by, first=it.contacted_at is None, occurred_at=at)]


def qualify(lead: Lead, *, by: str, at: datetime) -> list[LeadEvent]:
    if isinstance(lead, Qualified):
        return []
    it = workable(lead)
    not_before(it, at)
    qualified = LeadQualified(
        lead_id=it.lead_id,
        by=by,
        owner=it.owner,
        company=it.created.company,
        department=it.created.department,
        occurred_at=at,
    )
    return [qualified]


def disqualify(lead: Lead, *, reason: str, at: datetime) -> list[LeadEvent]:
    if isinstance(lead, Disqualified):
        return []
    it = lead.was if isinstance(lead, Pooled) else workable(lead)
    not_before(it, at)
    return [LeadDisqualified(lead_id=it.lead_id, reason=reason, occurred_at=at)]


def convert(lead: Lead, *, account_id: str, deal_id: str, owner: str, at: datetime) -> list[LeadEvent]:
    """The lead became this account and this deal."""
    match lead:
        case Qualified(was=was):
            not_before(was, at)
            created_at = was.created.occurred_at
            converted = LeadConverted(
                lead_id=was.lead_id,
                account_id=account_id,
                deal_id=deal_id,
                owner=owner,
                created_at=created_at,
                occurred_at=at,
            )
            return [converted]
        case Converted(account_id=kept_account, deal_id=kept_deal):
            if (account_id, deal_id) == (kept_account, kept_deal):
                return []
            raise _converted(lead)
        case _:
            workable(lead)
            raise Refused(
                "Only a qualified lead can be converted; qualify it first.", code="lead-not-qualified"
            )


def content(lead: Lead) -> Working:
    """What is known of it, whatever became of it; raises ``NotFound`` for a lead nobody created."""
    match lead:
        case Working():
            return lead
        case Pooled(was=was) | Qualified(was=was) | Disqualified(was=was) | Converted(was=was):
            return was
        case NotCreated():
            raise NotFound("There is no such lead.")
        case _:
            assert_never(lead)


def workable(lead: Lead) -> Working:
    """The lead, if somebody may go on with it; raises ``Refused`` when it is in the pool or done with."""
    match lead:
        case Working() | Qualified() | NotCreated():
            return content(lead)
        case Pooled():
            raise Refused("The lead is in the public pool; claim it first.", code="lead-in-pool")
        case Disqualified():
            raise Refused("The lead was disqualified.", code="lead-disqualified")
        case Converted():
            raise _converted(lead)
        case _:
            assert_never(lead)


def not_before(lead: Working, at: datetime) -> None:
    if at < lead.since:
        raise Refused("Something happened to the lead after that moment already.", code="out-of-order")


def _converted(lead: Converted) -> Refused:
    return Refused(
        "The lead was converted.", code="lead-converted", account_id=lead.account_id, deal_id=lead.deal_id
    )


def _changed(lead: Lead, at: datetime, **what: Any) -> Working | Qualified:
    """The lead with these facts changed: still qualified if it was, out of the pool if it was there."""
    it = replace(content(lead), since=at, **what)
    return Qualified(it) if isinstance(lead, Qualified) else it
