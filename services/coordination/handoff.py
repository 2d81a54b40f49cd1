"""Hand-offs 交接: requested, accepted, returned to be mended, completed or cancelled, and late once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ClassVar, Final, Literal, assert_never

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
from shared.eventstore.decider import Aggregate, NotFound
from shared.eventstore.whose import EVERYBODYS, Whose

StateName = Literal["waiting", "working", "returned", "completed", "cancelled"]
Doing = Literal["waiting", "working"]
Turn = tuple[str, Doing]
"""The department that has to act, and whether the work waits for it or is being done."""


@dataclass(frozen=True)
class NotRequested:
    pass


@dataclass(frozen=True)
class Content:
    requested: HandoffRequested
    breached: bool
    since: datetime
    """When it last passed from one to the other; nothing can happen before."""
    spent: Mapping[Turn, timedelta]
    """The turns that ended."""


@dataclass(frozen=True)
class Waiting:
    """For the department that was asked."""

    it: Content
    name: ClassVar[StateName] = "waiting"


@dataclass(frozen=True)
class Working:
    it: Content
    name: ClassVar[StateName] = "working"


@dataclass(frozen=True)
class Returned:
    """Waiting for the asking department, which has to mend something."""

    it: Content
    name: ClassVar[StateName] = "returned"


@dataclass(frozen=True)
class Completed:
    it: Content
    name: ClassVar[StateName] = "completed"


@dataclass(frozen=True)
class Cancelled:
    it: Content
    name: ClassVar[StateName] = "cancelled"


Known = Waiting | Working | Returned | Completed | Cancelled
Handoff = NotRequested | Known


def turn(handoff: Known) -> Turn | None:
    """Whose turn it is; nobody's once it is closed."""
    match handoff:
        case Waiting(it=it):
            return it.requested.to_department, "waiting"
        case Working(it=it):
            return it.requested.to_department, "working"
        case Returned(it=it):
            return it.requested.from_department, "waiting"
        case Completed() | Cancelled():
            return None
        case _:
            assert_never(handoff)


def spent(handoff: Known, *, until: datetime) -> Mapping[Turn, timedelta]:
    """The time of every turn; all of them add up to the elapsed time, to the microsecond."""
    whose = turn(handoff)
    if whose is None:
        return handoff.it.spent
    latest = max(until, handoff.it.since) - handoff.it.since
    return MappingProxyType({**handoff.it.spent, whose: handoff.it.spent.get(whose, timedelta()) + latest})


def elapsed(handoff: Known, *, until: datetime) -> timedelta:
    """From the request to the end, or to ``until`` while it is open."""
    end = handoff.it.since if turn(handoff) is None else max(until, handoff.it.since)
    return end - handoff.it.requested.occurred_at


def evolve(handoff: Handoff, event: HandoffEvent) -> Handoff:
    if isinstance(event, HandoffRequested):
        return Waiting(Content(event, breached=False, since=event.occurred_at, spent=MappingProxyType({})))
    state = known(handoff)
    if isinstance(event, HandoffBreached):  # says that a moment passed; whose turn it is stays
        return replace(state, it=replace(state.it, breached=True))
    it = replace(state.it, since=event.occurred_at, spent=spent(state, until=event.occurred_at))
    match event:
        case HandoffAccepted():
            return Working(it)
        case HandoffReturned():
            return Returned(it)
        case HandoffResubmitted():
            return Waiting(it)
        case HandoffCompleted():
            return Completed(it)
        case HandoffCancelled():
            return Cancelled(it)
        case _:
            assert_never(event)


def whose(handoff: Handoff) -> Whose:
    if isinstance(handoff, NotRequested):
        return EVERYBODYS
    asked = handoff.it.requested
    return Whose(
        department=asked.department,
        account_id=asked.account_id,
        asking=asked.from_department,
        given_to=asked.to_department,
    )


HANDOFF: Final = Aggregate[Handoff, HandoffEvent](
    category="handoff",
    initial=NotRequested(),
    evolve=evolve,
    whose=whose,
)


def known(handoff: Handoff) -> Known:
    """The hand-off, if there is one; raises ``NotFound``."""
    if isinstance(handoff, NotRequested):
        raise NotFound("There is no such hand-off.")
    return handoff
