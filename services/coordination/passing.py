"""What departments decide about a hand-off 交接: ask, accept, return, resubmit, complete, cancel."""

from datetime import datetime
from typing import assert_never

from services.coordination.handoff import (
    Cancelled,
    Completed,
    Handoff,
    Known,
    NotRequested,
    Returned,
    Waiting,
    Working,
    known,
)
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
from shared.eventstore.decider import Refused


def request(handoff: Handoff, *, requested: HandoffRequested) -> list[HandoffEvent]:
    match handoff:
        case NotRequested():
            if requested.from_department == requested.to_department:
                raise Refused("A department hands nothing over to itself.", code="same-department")
            if requested.due_at <= requested.occurred_at:
                raise Refused("It would be due before it is asked for.", code="due-passed")
            return [requested]
        case _:
            if _lasting(known(handoff).it.requested) == _lasting(requested):
                return []
            raise Refused("Another hand-off has this id.", code="id-taken")


def accept(handoff: Handoff, *, by: str, at: datetime) -> list[HandoffEvent]:
    match known(handoff):
        case Waiting() as waiting:
            _not_before(waiting, at)
            return [HandoffAccepted(handoff_id=_id(waiting), by=by, occurred_at=at)]
        case Working():
            return []
        case Returned():
            raise _was_returned()
        case Completed() | Cancelled() as closed:
            raise _is_closed(closed)
        case state:
            assert_never(state)


def send_back(handoff: Handoff, *, by: str, reason: str, at: datetime) -> list[HandoffEvent]:
    """Return it to the asking department, which has to mend something."""
    match known(handoff):
        case Waiting() | Working() as here:
            _not_before(here, at)
            return [HandoffReturned(handoff_id=_id(here), by=by, reason=reason, occurred_at=at)]
        case Returned():
            return []
        case Completed() | Cancelled() as closed:
            raise _is_closed(closed)
        case state:
            assert_never(state)


def resubmit(handoff: Handoff, *, by: str, note: str | None, at: datetime) -> list[HandoffEvent]:
    match known(handoff):
        case Returned() as returned:
            _not_before(returned, at)
            return [HandoffResubmitted(handoff_id=_id(returned), by=by, note=note, occurred_at=at)]
        case Waiting():
            return []  # it lies with the other department already
        case Working():
            raise Refused("The hand-off was not returned.", code="not-returned")
        case Completed() | Cancelled() as closed:
            raise _is_closed(closed)
        case state:
            assert_never(state)


def complete(handoff: Handoff, *, by: str, at: datetime) -> list[HandoffEvent]:
    match known(handoff):
        case Working() as working:
            _not_before(working, at)
            return [*_late(working, at), HandoffCompleted(handoff_id=_id(working), by=by, occurred_at=at)]
        case Waiting():
            raise Refused("Nobody accepted the hand-off yet.", code="not-accepted")
        case Returned():
            raise _was_returned()
        case Completed():
            return []
        case Cancelled() as closed:
            raise _is_closed(closed)
        case state:
            assert_never(state)


def cancel(handoff: Handoff, *, reason: str, at: datetime) -> list[HandoffEvent]:
    match known(handoff):
        case Waiting() | Working() | Returned() as still_open:
            _not_before(still_open, at)
            cancelled = HandoffCancelled(handoff_id=_id(still_open), reason=reason, occurred_at=at)
            return [*_late(still_open, at), cancelled]
        case Cancelled():
            return []
        case Completed() as closed:
            raise _is_closed(closed)
        case state:
            assert_never(state)


def breach(handoff: Handoff, *, at: datetime) -> list[HandoffEvent]:
    """Say once that the due time has passed, if it has and the work is not done."""
    match handoff:
        case Waiting() | Working() | Returned():
            return _late(handoff, at)
        case NotRequested() | Completed() | Cancelled():
            return []
        case _:
            assert_never(handoff)


def settle(handoff: Handoff, *, by: str, at: datetime) -> list[HandoffEvent]:
    """The work is done, as we learn from elsewhere, whether or not anybody had said so here.

    Word may come after newer things happened here: then it is done when the last of them happened.
    """
    match handoff:
        case Waiting(it=it):
            done_at = max(at, it.since)
            accepted = HandoffAccepted(handoff_id=_id(handoff), by=by, occurred_at=done_at)
            completed = HandoffCompleted(handoff_id=_id(handoff), by=by, occurred_at=done_at)
            return [*_late(handoff, done_at), accepted, completed]
        case Working(it=it) | Returned(it=it):
            done_at = max(at, it.since)
            completed = HandoffCompleted(handoff_id=_id(handoff), by=by, occurred_at=done_at)
            return [*_late(handoff, done_at), completed]
        case NotRequested() | Completed() | Cancelled():
            return []
        case _:
            assert_never(handoff)


def call_off(handoff: Handoff, *, reason: str, at: datetime) -> list[HandoffEvent]:
    """There is nothing to do any more, as we learn from elsewhere."""
    match handoff:
        case Waiting(it=it) | Working(it=it) | Returned(it=it):
            return cancel(handoff, reason=reason, at=max(at, it.since))
        case NotRequested() | Completed() | Cancelled():
            return []
        case _:
            assert_never(handoff)


def _late(handoff: Known, at: datetime) -> list[HandoffEvent]:
    """The breach, if it was not said yet: closing late must not depend on how fast a timer was."""
    due_at = handoff.it.requested.due_at
    if handoff.it.breached or at <= due_at:
        return []
    return [HandoffBreached(handoff_id=_id(handoff), due_at=due_at, occurred_at=due_at)]


def _not_before(handoff: Known, at: datetime) -> None:
    if at < handoff.it.since:
        raise Refused("Something happened to the hand-off after that moment already.", code="out-of-order")


def _was_returned() -> Refused:
    return Refused("The hand-off was returned: the asking department has to mend it.", code="returned")


def _is_closed(closed: Completed | Cancelled) -> Refused:
    return Refused(f"The hand-off is {closed.name}.", code=f"handoff-{closed.name}")


def _id(handoff: Known) -> str:
    return handoff.it.requested.handoff_id


def _lasting(requested: HandoffRequested) -> tuple[str, ...]:
    """What never changes; the due time may come from the moment of asking."""
    it = requested
    return it.kind, it.subject, it.title, it.from_department, it.to_department
