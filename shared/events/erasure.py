"""Erasures 删除个人信息: what is known of a person is made unreadable for ever, when two managers want it.

Customers erases leads, contacts and who answered surveys; performance erases staff. A category belongs to
one service, so there are two of a kind.
"""

from .event import Event, Id, PersonalText, PersonRef


class Requested(Event):
    """Somebody asked for it; nothing is erased before another person agrees."""

    erasure_id: PersonRef
    requested_by: Id
    reason: PersonalText = None
    """It may say who it is, so it is erased with the rest."""


class Withdrawn(Event):
    """It was taken back."""

    erasure_id: PersonRef
    withdrawn_by: Id


class Erased(Event):
    """Two managers wanted it: the person's key goes now, and what was derived from their data follows."""

    erasure_id: PersonRef
    requested_by: Id
    approved_by: Id


class OfErasure(Event, category="erasure", service="customers"):
    erasure_id: PersonRef


class ErasureRequested(Requested, OfErasure, type="erasure-requested.v1", personal_to="{erasure_id}"):
    """A manager wants a lead's, a contact's or a survey's personal data erased; another has to agree."""


class ErasureWithdrawn(Withdrawn, OfErasure, type="erasure-withdrawn.v1"):
    """The request was taken back."""


class PersonErased(Erased, OfErasure, type="person-erased.v1"):
    """The person's personal data cannot be read any more, in past events or later ones: forget it, too."""


class OfStaffErasure(Event, category="staff_erasure", service="performance", key="erasure_id"):
    erasure_id: PersonRef


class StaffErasureRequested(
    Requested, OfStaffErasure, type="staff-erasure-requested.v1", personal_to="{erasure_id}"
):
    """A manager wants the personal data of somebody on the staff erased; another has to agree."""


class StaffErasureWithdrawn(Withdrawn, OfStaffErasure, type="staff-erasure-withdrawn.v1"):
    """The request was taken back."""


class StaffErased(Erased, OfStaffErasure, type="staff-erased.v1"):
    """The person's personal data cannot be read any more, in past events or later ones: forget it, too."""


ErasureEvent = ErasureRequested | ErasureWithdrawn | PersonErased
StaffErasureEvent = StaffErasureRequested | StaffErasureWithdrawn | StaffErased
