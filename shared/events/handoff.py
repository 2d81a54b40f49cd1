"""Hand-offs 交接: work that passes from one department to another, and who keeps whom waiting."""

from .event import Event, Id, Instant, Slug, Text


class OfHandoff(Event, category="handoff", service="coordination"):
    handoff_id: Id


class HandoffRequested(OfHandoff, type="handoff-requested.v1"):
    """One department asked another to take something over by a due time."""

    kind: Slug
    subject: Text
    """The stream it is about, such as ``order-42``."""
    title: Text
    from_department: Slug
    to_department: Slug
    due_at: Instant
    account_id: Id | None = None
    department: Slug | None = None
    """Whose it is where it is at no account; those who hand it on between them see it, too."""


class HandoffAccepted(OfHandoff, type="handoff-accepted.v1"):
    """The other department took it over; its working time begins."""

    by: Id


class HandoffReturned(OfHandoff, type="handoff-returned.v1"):
    """Something is missing: the asking department has to mend it."""

    by: Id
    reason: Text


class HandoffResubmitted(OfHandoff, type="handoff-resubmitted.v1"):
    """What was missing is there; the other department is asked again."""

    by: Id
    note: Text | None = None


class HandoffCompleted(OfHandoff, type="handoff-completed.v1"):
    """The work is done."""

    by: Id


class HandoffCancelled(OfHandoff, type="handoff-cancelled.v1"):
    """The work is not needed any more."""

    reason: Text


class HandoffBreached(OfHandoff, type="handoff-breached.v1"):
    """The due time passed and the work was not done; said once."""

    due_at: Instant


HandoffEvent = (
    HandoffRequested
    | HandoffAccepted
    | HandoffReturned
    | HandoffResubmitted
    | HandoffCompleted
    | HandoffCancelled
    | HandoffBreached
)
