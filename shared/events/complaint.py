"""Complaints 投诉: what went wrong for a customer, and how fast it was put right."""

from typing import Annotated, Literal

from pydantic import Field

from .event import Event, Id, Text

Severity = Literal["low", "normal", "high"]


class OfComplaint(Event, category="complaint", service="customers"):
    complaint_id: Id


class ComplaintFiled(OfComplaint, type="complaint-filed.v1"):
    """A customer complained; the clocks of response and resolution begin."""

    account_id: Id | None = None
    order_id: Id | None = None
    subject: Text
    severity: Severity = "normal"


class ComplaintAcknowledged(OfComplaint, type="complaint-acknowledged.v1"):
    """The first answer to the customer; ends the response time."""

    by: Id


class ComplaintAssigned(OfComplaint, type="complaint-assigned.v1"):
    """The complaint was given to a person."""

    to: Id


class ComplaintHeld(OfComplaint, type="complaint-held.v1"):
    """Waiting for the customer or a third party."""

    reason: Text


class ComplaintResumed(OfComplaint, type="complaint-resumed.v1"):
    """What was waited for came; the complaint is worked on again."""


class ComplaintResolved(OfComplaint, type="complaint-resolved.v1"):
    """It was put right; ends the resolution time, unless it is reopened."""

    resolution: Text


class ComplaintReopened(OfComplaint, type="complaint-reopened.v1"):
    """It was not put right after all."""

    reason: Text


class ComplaintClosed(OfComplaint, type="complaint-closed.v1"):
    """The customer agreed that it is solved; 1 (very unhappy) to 5 (very happy) if they said."""

    satisfaction: Annotated[int, Field(ge=1, le=5)] | None = None


ComplaintEvent = (
    ComplaintFiled
    | ComplaintAcknowledged
    | ComplaintAssigned
    | ComplaintHeld
    | ComplaintResumed
    | ComplaintResolved
    | ComplaintReopened
    | ComplaintClosed
)
