"""Who may have somebody erased, and when: decisions alone."""

from functools import partial
from typing import Any

import pytest

from shared.erasure.erasure import CUSTOMERS, STAFF, Kind, aggregate, approve, evolve, request, withdraw
from shared.events.examples import EXAMPLES
from shared.events.examples.cast import at
from tests.given import given

CHEN, ZHAO = "m-chen", "m-zhao"
LATER = at("05-06 10:00")
PERSON = "lead-42"
REASON = "本人来函要求删除"


@pytest.fixture(params=[CUSTOMERS, STAFF], ids=["customers", "staff"])
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def asked(kind: Kind) -> Any:
    return kind.requested(erasure_id=PERSON, requested_by=CHEN, reason=REASON, occurred_at=at("05-06 09:00"))


def taken_back(kind: Kind) -> Any:
    return kind.withdrawn(erasure_id=PERSON, withdrawn_by=ZHAO, occurred_at=LATER)


def gone(kind: Kind) -> Any:
    return kind.erased(erasure_id=PERSON, requested_by=CHEN, approved_by=ZHAO, occurred_at=LATER)


def asking(kind: Kind, *, by: str = CHEN) -> Any:
    when = at("05-06 09:00")
    return partial(request, kind=kind, person=PERSON, reason=REASON, by=by, at=when)


def agreeing(kind: Kind, *, by: str = ZHAO) -> Any:
    return partial(approve, kind=kind, person=PERSON, by=by, at=LATER)


def taking_back(kind: Kind, *, by: str = ZHAO) -> Any:
    return partial(withdraw, kind=kind, person=PERSON, by=by, at=LATER)


def test_it_is_asked_for(kind: Kind) -> None:
    given(aggregate(kind)).when(asking(kind)).then(asked(kind))


def test_asked_again_by_whomever_it_is_one_request(kind: Kind) -> None:
    given(aggregate(kind), asked(kind)).when(asking(kind)).then()
    given(aggregate(kind), asked(kind)).when(asking(kind, by=ZHAO)).then()


def test_another_manager_agrees(kind: Kind) -> None:
    given(aggregate(kind), asked(kind)).when(agreeing(kind)).then(gone(kind))


def test_agreed_again_it_is_one_erasure(kind: Kind) -> None:
    for who in (CHEN, ZHAO, "m-li"):
        given(aggregate(kind), asked(kind), gone(kind)).when(agreeing(kind, by=who)).then()


def test_nobody_agrees_with_themselves(kind: Kind) -> None:
    given(aggregate(kind), asked(kind)).when(agreeing(kind, by=CHEN)).then_refused("own-request")


def test_what_nobody_asked_for_is_not_agreed_to(kind: Kind) -> None:
    given(aggregate(kind)).when(agreeing(kind)).then_refused("not-requested")
    given(aggregate(kind), asked(kind), taken_back(kind)).when(agreeing(kind)).then_refused("not-requested")


def test_it_is_taken_back_by_any_manager_and_once(kind: Kind) -> None:
    given(aggregate(kind), asked(kind)).when(taking_back(kind)).then(taken_back(kind))
    given(aggregate(kind), asked(kind), taken_back(kind)).when(taking_back(kind)).then()
    given(aggregate(kind)).when(taking_back(kind)).then()


def test_who_asked_before_it_was_taken_back_may_agree_with_another_who_asks_now(kind: Kind) -> None:
    by_zhao = asked(kind).model_copy(update={"requested_by": ZHAO})
    history = given(aggregate(kind), asked(kind), taken_back(kind), by_zhao)
    history.when(agreeing(kind, by=ZHAO)).then_refused("own-request")
    history.when(agreeing(kind, by=CHEN)).then(
        gone(kind).model_copy(update={"requested_by": ZHAO, "approved_by": CHEN})
    )


def test_what_is_erased_stays_erased(kind: Kind) -> None:
    history = given(aggregate(kind), asked(kind), gone(kind))
    history.when(taking_back(kind)).then_refused("erased")
    history.when(asking(kind)).then()


def test_no_other_event_belongs_to_it() -> None:
    with pytest.raises(ValueError, match="DealWon"):
        evolve(aggregate(STAFF).initial, EXAMPLES["deal-won.v1"])
