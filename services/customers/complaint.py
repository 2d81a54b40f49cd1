"""Complaints 投诉: filed, acknowledged, worked on or held, resolved, and closed when the customer agrees."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, assert_never

from services.customers.account import Account, usable
from shared.events.complaint import (
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintClosed,
    ComplaintEvent,
    ComplaintFiled,
    ComplaintHeld,
    ComplaintReopened,
    ComplaintResolved,
    ComplaintResumed,
)
from shared.eventstore.decider import Aggregate, NotFound, Refused
from shared.eventstore.whose import EVERYBODYS, Whose


@dataclass(frozen=True)
class NotFiled:
    pass


@dataclass(frozen=True)
class Open:
    """A complaint somebody is to put right."""

    filed: ComplaintFiled
    since: datetime
    """When the last thing happened to it; nothing can happen before."""
    acknowledged_at: datetime | None = None
    assignee: str | None = None

    @property
    def complaint_id(self) -> str:
        return self.filed.complaint_id


@dataclass(frozen=True)
class Held:
    """Waiting for the customer or a third party."""

    was: Open


@dataclass(frozen=True)
class Resolved:
    was: Open


@dataclass(frozen=True)
class Closed:
    was: Open
    satisfaction: int | None


Complaint = NotFiled | Open | Held | Resolved | Closed


def evolve(complaint: Complaint, event: ComplaintEvent) -> Complaint:
    at = event.occurred_at
    match event:
        case ComplaintFiled():
            return Open(filed=event, since=at)
        case ComplaintAcknowledged():
            return _changed(complaint, at, acknowledged_at=at)
        case ComplaintAssigned():
            return _changed(complaint, at, assignee=event.to)
        case ComplaintHeld():
            return Held(replace(_content(complaint), since=at))
        case ComplaintResumed() | ComplaintReopened():
            return replace(_content(complaint), since=at)
        case ComplaintResolved():
            return Resolved(replace(_content(complaint), since=at))
        case ComplaintClosed():
            return Closed(replace(_content(complaint), since=at), event.satisfaction)
        case _:
            assert_never(event)


def whose(complaint: Complaint) -> Whose:
    """Whose its account is."""
    if isinstance(complaint, NotFiled):
        return EVERYBODYS
    return Whose(account_id=_content(complaint).filed.account_id)


COMPLAINT: Final = Aggregate[Complaint, ComplaintEvent](
    category="complaint",
    initial=NotFiled(),
    evolve=evolve,
    whose=whose,
)


def file(complaint: Complaint, *, filed: ComplaintFiled, customer: Account | None) -> list[ComplaintEvent]:
    """File it for a customer who is there, or for one we do not know."""
    match complaint:
        case NotFiled():
            if customer is not None:
                usable(customer)
            return [filed]
        case _:
            was = _content(complaint).filed
            if was.model_copy(update={"occurred_at": filed.occurred_at}) == filed:
                return []
            raise Refused("Another complaint has this id.", code="id-taken")


def acknowledge(complaint: Complaint, *, by: str, at: datetime) -> list[ComplaintEvent]:
    """The first answer to the customer; later ones change nothing."""
    if _content(complaint).acknowledged_at is not None:
        return []
    it = _workable(complaint, at)
    return [ComplaintAcknowledged(complaint_id=it.complaint_id, by=by, occurred_at=at)]


def assign(complaint: Complaint, *, to: str, at: datetime) -> list[ComplaintEvent]:
    it = _workable(complaint, at)
    if it.assignee == to:
        return []
    return [ComplaintAssigned(complaint_id=it.complaint_id, to=to, occurred_at=at)]


def hold(complaint: Complaint, *, reason: str, at: datetime) -> list[ComplaintEvent]:
    if isinstance(complaint, Held):
        return []
    it = _workable(complaint, at)
    return [ComplaintHeld(complaint_id=it.complaint_id, reason=reason, occurred_at=at)]


def resume(complaint: Complaint, *, at: datetime) -> list[ComplaintEvent]:
    if isinstance(complaint, Open):
        return []
    it = _workable(complaint, at)
    return [ComplaintResumed(complaint_id=it.complaint_id, occurred_at=at)]


def resolve(complaint: Complaint, *, resolution: str, at: datetime) -> list[ComplaintEvent]:
    if isinstance(complaint, Resolved):
        return []
    it = _workable(complaint, at)
    return [ComplaintResolved(complaint_id=it.complaint_id, resolution=resolution, occurred_at=at)]


def reopen(complaint: Complaint, *, reason: str, at: datetime) -> list[ComplaintEvent]:
    match complaint:
        case Resolved(was=was) | Closed(was=was):
            _not_before(was, at)
            return [ComplaintReopened(complaint_id=was.complaint_id, reason=reason, occurred_at=at)]
        case Open() | Held():
            return []
        case NotFiled():
            raise NotFound("There is no such complaint.")
        case _:
            assert_never(complaint)


def close(complaint: Complaint, *, satisfaction: int | None, at: datetime) -> list[ComplaintEvent]:
    match complaint:
        case Resolved(was=was):
            _not_before(was, at)
            closed = ComplaintClosed(complaint_id=was.complaint_id, satisfaction=satisfaction, occurred_at=at)
            return [closed]
        case Closed(satisfaction=said) if satisfaction in (None, said):
            return []
        case _:
            _workable(complaint, at)
            raise Refused("Only a resolved complaint can be closed.", code="complaint-not-resolved")


def _workable(complaint: Complaint, at: datetime) -> Open:
    match complaint:
        case Open() | Held(was=_) | NotFiled():
            it = _content(complaint)
            _not_before(it, at)
            return it
        case Resolved():
            raise Refused("The complaint is resolved; reopen it first.", code="complaint-resolved")
        case Closed():
            raise Refused("The complaint is closed; reopen it first.", code="complaint-closed")
        case _:
            assert_never(complaint)


def _content(complaint: Complaint) -> Open:
    """What is known of it, whatever became of it."""
    match complaint:
        case Open():
            return complaint
        case Held(was=was) | Resolved(was=was) | Closed(was=was):
            return was
        case NotFiled():
            raise NotFound("There is no such complaint.")
        case _:
            assert_never(complaint)


def _changed(complaint: Complaint, at: datetime, **what: Any) -> Open | Held:
    """The complaint with these facts changed: still waiting if it was."""
    it = replace(_content(complaint), since=at, **what)
    return Held(it) if isinstance(complaint, Held) else it


def _not_before(complaint: Open, at: datetime) -> None:
    if at < complaint.since:
        raise Refused("Something happened to the complaint after that moment already.", code="out-of-order")
