"""Leads 线索: strangers who might become customers."""

from .event import Event, Id, Instant, Label, PersonalText, Slug, Text


class OfLead(Event, category="lead", service="customers"):
    lead_id: Id


class LeadCreated(OfLead, type="lead-created.v1", personal_to="lead-{lead_id}"):
    """A lead came in from a campaign or a channel."""

    company: Text
    source: Label
    campaign: Label | None = None
    region: Label | None = None
    line: Label | None = None
    contact_name: PersonalText = None
    contact_phone: PersonalText = None
    department: Slug | None = None
    """That it belongs to; without one it is everybody's."""


class LeadAssigned(OfLead, type="lead-assigned.v1"):
    """A lead was given to a person, who is to make the first contact."""

    owner: Id
    previous: Id | None = None


class LeadContacted(OfLead, type="lead-contacted.v1"):
    """Somebody spoke with the lead; the first time is the lead's response time."""

    by: Id
    first: bool


class LeadQualified(OfLead, type="lead-qualified.v1"):
    """The lead is worth a deal: marketing hands it to sales."""

    by: Id
    owner: Id | None = None
    company: Text
    department: Slug | None = None
    """That it belongs to; without one it is everybody's."""


class LeadDisqualified(OfLead, type="lead-disqualified.v1"):
    """The lead is worth nothing to us; why is said."""

    reason: Text


class LeadConverted(OfLead, type="lead-converted.v1"):
    """The lead became an account and a deal; the lineage is kept in both directions."""

    account_id: Id
    deal_id: Id
    owner: Id
    created_at: Instant


class LeadReleased(OfLead, type="lead-released.v1"):
    """The lead went to the public pool 公海, by hand or because nobody followed up."""

    reason: Text
    previous: Id | None = None


class LeadClaimed(OfLead, type="lead-claimed.v1"):
    """Somebody took the lead out of the public pool."""

    owner: Id


LeadEvent = (
    LeadCreated
    | LeadAssigned
    | LeadContacted
    | LeadQualified
    | LeadDisqualified
    | LeadConverted
    | LeadReleased
    | LeadClaimed
)
