from functools import partial

import pytest

from services.customers import account
from services.customers.complaint import (
    COMPLAINT,
    acknowledge,
    assign,
    close,
    file,
    hold,
    reopen,
    resolve,
    resume,
)
from shared.events.complaint import (
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintClosed,
    ComplaintEvent,
    ComplaintHeld,
    ComplaintReopened,
    ComplaintResolved,
    ComplaintResumed,
)
from shared.eventstore.decider import NotFound
from tests.given import given
from tests.unit.customers.controls import ACCOUNT, ELEVEN, FILED, NINE, NOON, TEN

CUSTOMER = account.evolve(account.NotOpened(), ACCOUNT)
ACKNOWLEDGED = ComplaintAcknowledged(complaint_id="c-1", by="p-li", occurred_at=TEN)
ASSIGNED = ComplaintAssigned(complaint_id="c-1", to="p-li", occurred_at=TEN)
HELD = ComplaintHeld(complaint_id="c-1", reason="Photos", occurred_at=TEN)
RESUMED = ComplaintResumed(complaint_id="c-1", occurred_at=ELEVEN)
RESOLVED = ComplaintResolved(complaint_id="c-1", resolution="New frame", occurred_at=TEN)
CLOSED = ComplaintClosed(complaint_id="c-1", satisfaction=4, occurred_at=ELEVEN)
REOPENED = ComplaintReopened(complaint_id="c-1", reason="Bent again", occurred_at=NOON)

file_it = partial(file, filed=FILED, customer=CUSTOMER)
acknowledge_it = partial(acknowledge, by="p-li", at=TEN)
assign_it = partial(assign, to="p-li", at=TEN)
hold_it = partial(hold, reason="Photos", at=TEN)
resume_it = partial(resume, at=ELEVEN)
resolve_it = partial(resolve, resolution="New frame", at=TEN)
close_it = partial(close, satisfaction=4, at=ELEVEN)
reopen_it = partial(reopen, reason="Bent again", at=NOON)

Steps = list[tuple[list[ComplaintEvent], partial[list[ComplaintEvent]], ComplaintEvent]]

STEPS: Steps = [
    ([], file_it, FILED),
    ([FILED], acknowledge_it, ACKNOWLEDGED),
    ([FILED, HELD], acknowledge_it, ACKNOWLEDGED),
    ([FILED], assign_it, ASSIGNED),
    ([FILED], hold_it, HELD),
    ([FILED, HELD], resume_it, RESUMED),
    ([FILED], resolve_it, RESOLVED),
    ([FILED, HELD], resolve_it, RESOLVED),
    ([FILED, RESOLVED], close_it, CLOSED),
    ([FILED, RESOLVED], reopen_it, REOPENED),
    ([FILED, RESOLVED, CLOSED], reopen_it, REOPENED),
]


@pytest.mark.parametrize(("story", "decide", "event"), STEPS)
def test_it_happens_once(
    story: list[ComplaintEvent], decide: partial[list[ComplaintEvent]], event: ComplaintEvent
) -> None:
    given(COMPLAINT, *story).when(decide).then(event)
    given(COMPLAINT, *story, event).when(decide).then()


def test_it_is_still_held_after_the_customer_got_an_answer() -> None:
    given(COMPLAINT, FILED, HELD, ACKNOWLEDGED).when(resume_it).then(RESUMED)


def test_the_first_answer_stays_the_first() -> None:
    given(COMPLAINT, FILED, ACKNOWLEDGED).when(partial(acknowledge, by="p-zhou", at=NOON)).then()


def test_another_complaint_cannot_have_its_id() -> None:
    other = FILED.model_copy(update={"subject": "Late"})
    given(COMPLAINT, FILED).when(partial(file, filed=other, customer=None)).then_refused("id-taken")


def test_it_is_not_filed_for_a_customer_who_is_not_there() -> None:
    given(COMPLAINT).when(partial(file, filed=FILED, customer=account.NotOpened())).then_refused("not-found")


@pytest.mark.parametrize("decide", [acknowledge_it, assign_it, hold_it, resume_it])
def test_a_resolved_or_closed_complaint_has_to_be_reopened(decide: partial[list[ComplaintEvent]]) -> None:
    given(COMPLAINT, FILED, RESOLVED).when(decide).then_refused("complaint-resolved")
    given(COMPLAINT, FILED, RESOLVED, CLOSED).when(decide).then_refused("complaint-closed")


def test_only_a_resolved_complaint_is_closed() -> None:
    given(COMPLAINT, FILED).when(close_it).then_refused("complaint-not-resolved")


def test_the_customer_does_not_change_their_mind_on_a_closed_complaint() -> None:
    worse = partial(close, satisfaction=1, at=NOON)
    given(COMPLAINT, FILED, RESOLVED, CLOSED).when(worse).then_refused("complaint-closed")
    given(COMPLAINT, FILED, RESOLVED, CLOSED).when(partial(close, satisfaction=None, at=NOON)).then()


@pytest.mark.parametrize(("story", "decide", "_event"), STEPS[1:])
def test_nothing_happens_before_the_last_thing(
    story: list[ComplaintEvent], decide: partial[list[ComplaintEvent]], _event: ComplaintEvent
) -> None:
    later = NOON.replace(hour=NOON.hour + 1)
    happened = [event.model_copy(update={"occurred_at": later}) for event in story]
    given(COMPLAINT, *happened).when(decide).then_refused("out-of-order")
    assert later > NINE


@pytest.mark.parametrize(
    "decide", [acknowledge_it, assign_it, hold_it, resume_it, resolve_it, close_it, reopen_it]
)
def test_nothing_happens_to_a_complaint_that_is_not_there(decide: partial[list[ComplaintEvent]]) -> None:
    with pytest.raises(NotFound):
        decide(COMPLAINT.initial)
