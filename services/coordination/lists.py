"""What the lists show, folded from the service's own events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from services.coordination.handoff import StateName
from services.coordination.webhooks.listing import WEBHOOKS
from shared.departments.accounts import ACCOUNTS
from shared.departments.open_to import belonging, open_to_each
from shared.events.handoff import (
    HandoffAccepted,
    HandoffBreached,
    HandoffCancelled,
    HandoffCompleted,
    HandoffEvent,
    HandoffRequested,
    HandoffResubmitted,
    HandoffReturned,
)
from shared.eventstore.whose import Whose
from shared.projections.projection import Folds, Projection, sortable
from shared.service.permissions import handed_between

OPEN: Final[frozenset[StateName]] = frozenset({"waiting", "working", "returned"})


class Handoff(msgspec.Struct, frozen=True):
    id: str = ""
    state: StateName = "waiting"
    kind: str = ""
    subject: str = ""
    title: str = ""
    from_department: str = ""
    to_department: str = ""
    requested_at: datetime | None = None
    due_at: datetime | None = None
    breached: bool = False
    account_id: str | None = None
    department: str | None = None

    @property
    def with_department(self) -> str:
        """Who has to act; once it is closed, who was asked."""
        return self.from_department if self.state == "returned" else self.to_department


def evolve(it: Handoff, event: HandoffEvent) -> Handoff:
    match event:
        case HandoffRequested():
            return Handoff(
                id=event.handoff_id,
                kind=event.kind,
                subject=event.subject,
                title=event.title,
                from_department=event.from_department,
                to_department=event.to_department,
                requested_at=event.occurred_at,
                due_at=event.due_at,
                account_id=event.account_id,
                department=event.department,
            )
        case HandoffAccepted():
            return msgspec.structs.replace(it, state="working")
        case HandoffReturned():
            return msgspec.structs.replace(it, state="returned")
        case HandoffResubmitted():
            return msgspec.structs.replace(it, state="waiting")
        case HandoffCompleted():
            return msgspec.structs.replace(it, state="completed")
        case HandoffCancelled():
            return msgspec.structs.replace(it, state="cancelled")
        case HandoffBreached():
            return msgspec.structs.replace(it, breached=True)
        case _:
            return it


def index(it: Handoff) -> Mapping[str, str]:
    is_open = it.state in OPEN
    fields = {
        "state": it.state,
        "closed": "no" if is_open else "yes",
        "department": it.with_department,
        "subject": it.subject,
        **belonging(it.id, account_id=it.account_id, department=it.department),
        **open_to_each(it.id, handed_between(Whose(asking=it.from_department, given_to=it.to_department))),
    }
    if is_open and not it.breached and it.due_at is not None:
        fields["due"] = sortable(it.due_at)
    return fields


HANDOFFS: Final = Projection(
    name="handoff-list",
    version=2,
    state=Handoff,
    initial=Handoff(),
    events=(
        HandoffRequested,
        HandoffAccepted,
        HandoffReturned,
        HandoffResubmitted,
        HandoffCompleted,
        HandoffCancelled,
        HandoffBreached,
    ),
    evolve=evolve,
    index=index,
)

OWN: Final[tuple[Projection[Any], ...]] = (HANDOFFS, WEBHOOKS)
"""Folded from this service's own store."""
OTHERS: Final[tuple[Projection[Any], ...]] = (ACCOUNTS,)
"""Folded from the topic of the customers service."""


def folds() -> Folds:
    return Folds(OWN, OTHERS)
