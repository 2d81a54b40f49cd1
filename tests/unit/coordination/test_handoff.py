"""What departments may do with a hand-off, and when it is late."""

from functools import partial

import pytest

from services.coordination import passing
from services.coordination.handoff import HANDOFF, Handoff
from shared.events.handoff import HandoffEvent
from tests.given import Given
from tests.given import given as given_of
from tests.unit.coordination.examples import (
    DUE,
    accepted,
    at,
    breached,
    cancelled,
    completed,
    requested,
    resubmitted,
    returned,
)

request_it = partial(passing.request, requested=requested)
return_it = partial(passing.send_back, by="p-chen", reason="缺少电压规格", at=at(2))
resubmit_it = partial(passing.resubmit, by="p-wang", note="380 V", at=at(4))
accept_it = partial(passing.accept, by="p-chen", at=at(5))
complete_it = partial(passing.complete, by="p-chen", at=at(9))
cancel_it = partial(passing.cancel, reason="Order cancelled", at=at(9))
settle_it = partial(passing.settle, by="p-chen", at=at(9))
call_it_off = partial(passing.call_off, reason="Order cancelled", at=at(9))

History = tuple[HandoffEvent, ...]
OPEN: list[History] = [(requested,), (requested, returned), (requested, accepted)]
CLOSED: list[History] = [(requested, accepted, completed), (requested, cancelled)]
DECISIONS = {
    "return": return_it,
    "resubmit": resubmit_it,
    "accept": accept_it,
    "complete": complete_it,
    "cancel": cancel_it,
}


def given(*events: HandoffEvent) -> Given[Handoff, HandoffEvent]:
    return given_of(HANDOFF, *events)


def moved(event: HandoffEvent, hour: int) -> HandoffEvent:
    return event.model_copy(update={"occurred_at": at(hour)})


def test_one_department_asks_another() -> None:
    given().when(request_it).then(requested)


def test_asking_again_is_ignored_even_when_the_default_due_time_moved_on() -> None:
    again = requested.model_copy(update={"occurred_at": at(3), "due_at": at(14)})
    given(requested, accepted).when(partial(passing.request, requested=again)).then()


def test_an_id_belongs_to_one_handoff() -> None:
    other = requested.model_copy(update={"subject": "order-ord-2"})
    given(requested).when(partial(passing.request, requested=other)).then_refused("id-taken")


def test_a_department_hands_nothing_to_itself() -> None:
    inside = requested.model_copy(update={"to_department": "sales"})
    given().when(partial(passing.request, requested=inside)).then_refused("same-department")


def test_nothing_is_due_before_it_is_asked_for() -> None:
    late = requested.model_copy(update={"due_at": at(1)})
    given().when(partial(passing.request, requested=late)).then_refused("due-passed")


def test_the_other_department_accepts() -> None:
    given(requested).when(accept_it).then(accepted)
    given(requested, returned, resubmitted).when(accept_it).then(accepted)


def test_accepting_again_is_ignored() -> None:
    given(requested, accepted).when(accept_it).then()


def test_what_was_returned_is_not_accepted() -> None:
    given(requested, returned).when(accept_it).then_refused("returned")


def test_it_is_returned_with_a_reason() -> None:
    given(requested).when(return_it).then(returned)


def test_it_may_be_returned_after_work_began() -> None:
    given(requested, moved(accepted, 2)).when(return_it).then(returned)


def test_returning_again_is_ignored() -> None:
    given(requested, returned).when(return_it).then()


def test_the_asking_department_mends_and_resubmits() -> None:
    given(requested, returned).when(resubmit_it).then(resubmitted)


def test_resubmitting_again_is_ignored() -> None:
    given(requested, returned, resubmitted).when(resubmit_it).then()


def test_only_what_was_returned_is_resubmitted() -> None:
    given(requested, moved(accepted, 2)).when(resubmit_it).then_refused("not-returned")


def test_accepted_work_is_completed() -> None:
    given(requested, accepted).when(complete_it).then(completed)


def test_completing_again_is_ignored() -> None:
    given(requested, accepted, completed).when(complete_it).then()


def test_only_accepted_work_is_completed() -> None:
    given(requested).when(complete_it).then_refused("not-accepted")
    given(requested, returned).when(complete_it).then_refused("returned")


@pytest.mark.parametrize("history", OPEN)
def test_an_open_handoff_is_cancelled(history: History) -> None:
    given(*history).when(cancel_it).then(cancelled)


def test_cancelling_again_is_ignored() -> None:
    given(requested, cancelled).when(cancel_it).then()


@pytest.mark.parametrize("decision", sorted(DECISIONS.keys() - {"complete"}))
def test_nothing_happens_to_what_is_completed(decision: str) -> None:
    given(requested, accepted, completed).when(DECISIONS[decision]).then_refused("handoff-completed")


@pytest.mark.parametrize("decision", sorted(DECISIONS.keys() - {"cancel"}))
def test_nothing_happens_to_what_is_cancelled(decision: str) -> None:
    given(requested, cancelled).when(DECISIONS[decision]).then_refused("handoff-cancelled")


@pytest.mark.parametrize("decision", DECISIONS)
def test_what_nobody_asked_for_is_not_found(decision: str) -> None:
    given().when(DECISIONS[decision]).then_refused("not-found")


@pytest.mark.parametrize("decision", ["return", "accept", "cancel"])
def test_nothing_happens_before_the_last_thing_that_happened(decision: str) -> None:
    given(moved(requested, 11)).when(DECISIONS[decision]).then_refused("out-of-order")
    given(requested, moved(returned, 11)).when(resubmit_it).then_refused("out-of-order")
    given(requested, moved(accepted, 11)).when(complete_it).then_refused("out-of-order")


@pytest.mark.parametrize("history", OPEN)
def test_the_breach_is_said_once_in_any_open_state(history: History) -> None:
    check = partial(passing.breach, at=at(13))
    given(*history).when(check).then(breached)
    given(*history, breached).when(check).then()


@pytest.mark.parametrize("history", OPEN)
def test_nothing_is_late_before_its_due_time_has_passed(history: History) -> None:
    given(*history).when(partial(passing.breach, at=DUE)).then()


@pytest.mark.parametrize("history", [(), *CLOSED])
def test_what_is_closed_or_unknown_is_not_late(history: History) -> None:
    given(*history).when(partial(passing.breach, at=at(13))).then()


def test_closing_late_says_the_breach_if_no_timer_did() -> None:
    late = partial(passing.complete, by="p-chen", at=at(13))
    given(requested, accepted).when(late).then(breached, moved(completed, 13))
    given(requested, accepted, breached).when(late).then(moved(completed, 13))
    cancel_late = partial(passing.cancel, reason="Order cancelled", at=at(13))
    given(requested).when(cancel_late).then(breached, moved(cancelled, 13))
    settle_late = partial(passing.settle, by="p-chen", at=at(13))
    given(requested, accepted).when(settle_late).then(breached, moved(completed, 13))


def test_a_breach_leaves_the_work_where_it_is() -> None:
    late = partial(passing.accept, by="p-chen", at=at(13))
    given(requested, breached).when(late).then(moved(accepted, 13))


def test_it_is_settled_from_elsewhere_whoever_has_it() -> None:
    given(requested).when(settle_it).then(moved(accepted, 9), completed)
    given(requested, accepted).when(settle_it).then(completed)
    given(requested, returned).when(settle_it).then(completed)


def test_settling_what_is_closed_or_unknown_changes_nothing() -> None:
    for history in ((), *CLOSED):
        given(*history).when(settle_it).then()


def test_word_from_elsewhere_may_be_late() -> None:
    given(requested, moved(accepted, 11)).when(settle_it).then(moved(completed, 11))
    given(requested, moved(accepted, 11)).when(call_it_off).then(moved(cancelled, 11))


def test_it_is_called_off_from_elsewhere_while_it_is_open() -> None:
    for history in OPEN:
        given(*history).when(call_it_off).then(cancelled)
    for history in ((), *CLOSED):
        given(*history).when(call_it_off).then()
