"""How hand-offs are shown over HTTP."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel

from services.coordination import lists
from services.coordination.handoff import Doing, Known, StateName, Turn, elapsed, spent, turn
from shared.service.history import Happened


class HandoffRow(BaseModel):
    """A hand-off as a list shows it; ``with_department`` has to act (or was asked, once it is closed)."""

    id: str
    kind: str
    subject: str
    title: str
    from_department: str
    to_department: str
    with_department: str
    state: StateName
    requested_at: datetime
    due_at: datetime
    breached: bool
    account_id: str | None
    department: str | None
    """Whose it is; at an account, that one's department counts."""


class HandoffView(HandoffRow):
    """The seconds of all departments add up to the elapsed ones, to the microsecond."""

    elapsed_seconds: float
    waiting_seconds: dict[str, float]
    """By the department that others wait for."""
    working_seconds: dict[str, float]
    timeline: list[Happened]


def row(it: lists.Handoff) -> HandoffRow:
    return HandoffRow(
        id=it.id,
        kind=it.kind,
        subject=it.subject,
        title=it.title,
        from_department=it.from_department,
        to_department=it.to_department,
        with_department=it.with_department,
        state=it.state,
        requested_at=it.requested_at,
        due_at=it.due_at,
        breached=it.breached,
        account_id=it.account_id,
        department=it.department,
    )


def shown(handoff: Known, *, now: datetime, timeline: Sequence[Happened]) -> HandoffView:
    requested = handoff.it.requested
    whose = turn(handoff)
    time = spent(handoff, until=now)
    return HandoffView(
        **requested.model_dump(exclude={"handoff_id", "occurred_at"}),
        id=requested.handoff_id,
        with_department=whose[0] if whose else requested.to_department,
        state=handoff.name,
        requested_at=requested.occurred_at,
        breached=handoff.it.breached,
        elapsed_seconds=elapsed(handoff, until=now).total_seconds(),
        waiting_seconds=_seconds(time, "waiting"),
        working_seconds=_seconds(time, "working"),
        timeline=list(timeline),
    )


def _seconds(spent: Mapping[Turn, timedelta], doing: Doing) -> dict[str, float]:
    return {department: time.total_seconds() for (department, did), time in spent.items() if did == doing}
