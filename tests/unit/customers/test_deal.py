from datetime import date
from functools import partial, reduce

import pytest

from services.customers import account
from services.customers.deal import (
    DEAL,
    Deal,
    advance,
    grade,
    lose,
    open_deal,
    reassign,
    reopen,
    reprice,
    reschedule,
    win,
)
from shared.events.account import AccountMerged
from shared.events.deal import (
    DealAdvanced,
    DealEvent,
    DealGraded,
    DealLost,
    DealReassigned,
    DealReopened,
    DealRepriced,
    DealRescheduled,
)
from shared.eventstore.decider import NotFound
from tests.given import given
from tests.unit.customers.controls import ACCOUNT, ELEVEN, MORE, NINE, NOON, OPENED, PRICE, TEN, WON

CUSTOMER = account.evolve(account.NotOpened(), ACCOUNT)
LOST = DealLost(deal_id="d-1", reason="Price", competitor="Acme", occurred_at=TEN)
MAY = date(2026, 5, 1)

open_it = partial(open_deal, opened=OPENED, customer=CUSTOMER)
advance_it = partial(advance, stage="engaging", at=TEN)
reprice_it = partial(reprice, amount=MORE, at=TEN)
reschedule_it = partial(reschedule, expected_close=MAY, at=TEN)
grade_it = partial(grade, grade="A", at=TEN)
reassign_it = partial(reassign, owner="p-li", at=TEN)
win_it = partial(win, amount=None, at=TEN)
lose_it = partial(lose, reason="Price", competitor="Acme", at=TEN)
reopen_it = partial(reopen, reason="They came back", at=ELEVEN)

CHANGES: list[tuple[partial[list[DealEvent]], DealEvent]] = [
    (advance_it, DealAdvanced(deal_id="d-1", stage="engaging", previous="prospecting", occurred_at=TEN)),
    (reprice_it, DealRepriced(deal_id="d-1", amount=MORE, previous=PRICE, occurred_at=TEN)),
    (
        reschedule_it,
        DealRescheduled(deal_id="d-1", expected_close=MAY, previous=OPENED.expected_close, occurred_at=TEN),
    ),
    (grade_it, DealGraded(deal_id="d-1", grade="A", previous="B", occurred_at=TEN)),
    (reassign_it, DealReassigned(deal_id="d-1", owner="p-li", previous="p-wang", occurred_at=TEN)),
    (win_it, WON),
    (lose_it, LOST),
]


def test_a_deal_is_opened_once() -> None:
    given(DEAL).when(open_it).then(OPENED)
    given(DEAL, OPENED).when(open_it).then()
    given(DEAL, OPENED, WON).when(open_it).then()


@pytest.mark.parametrize("other", [{"title": "A mill"}, {"line": "mills"}, {"lead_id": "l-9"}])
def test_another_deal_cannot_have_its_id(other: dict[str, str]) -> None:
    opened = OPENED.model_copy(update=other)
    given(DEAL, OPENED).when(partial(open_deal, opened=opened, customer=CUSTOMER)).then_refused("id-taken")


def test_a_deal_is_not_opened_for_a_customer_who_is_another_now() -> None:
    merged = reduce(account.evolve, [AccountMerged(account_id="a-1", into="a-2", occurred_at=TEN)], CUSTOMER)
    given(DEAL).when(partial(open_deal, opened=OPENED, customer=merged)).then_refused("account-merged")
    given(DEAL, OPENED).when(partial(open_deal, opened=OPENED, customer=merged)).then()


def test_a_deal_is_not_opened_for_nobody_we_know() -> None:
    unknown = partial(open_deal, opened=OPENED, customer=account.NotOpened())
    given(DEAL).when(unknown).then_refused("not-found")


@pytest.mark.parametrize(("decide", "event"), CHANGES)
def test_it_changes_and_remembers_what_it_was(decide: partial[list[DealEvent]], event: DealEvent) -> None:
    given(DEAL, OPENED).when(decide).then(event)


@pytest.mark.parametrize(("decide", "event"), CHANGES)
def test_asking_twice_changes_nothing(decide: partial[list[DealEvent]], event: DealEvent) -> None:
    given(DEAL, OPENED, event).when(decide).then()


@pytest.mark.parametrize(("decide", "_event"), CHANGES)
def test_nothing_happens_before_the_last_thing(decide: partial[list[DealEvent]], _event: DealEvent) -> None:
    earlier = OPENED.model_copy(update={"occurred_at": NOON})
    given(DEAL, earlier).when(decide).then_refused("out-of-order")


@pytest.mark.parametrize("decide", [advance_it, reprice_it, reschedule_it, grade_it, reassign_it])
def test_a_closed_deal_does_not_change(decide: partial[list[DealEvent]]) -> None:
    given(DEAL, OPENED, WON).when(decide).then_refused("deal-won")
    given(DEAL, OPENED, LOST).when(decide).then_refused("deal-lost")


def test_a_won_deal_is_not_lost_and_a_lost_one_not_won() -> None:
    given(DEAL, OPENED, WON).when(lose_it).then_refused("deal-won")
    given(DEAL, OPENED, LOST).when(win_it).then_refused("deal-lost")


def test_it_is_won_for_what_the_customer_agreed_to() -> None:
    for_more = WON.model_copy(update={"amount": MORE})
    win_more = partial(win, amount=MORE, at=TEN)
    given(DEAL, OPENED).when(win_more).then(for_more)
    given(DEAL, OPENED, for_more).when(win_more).then()
    given(DEAL, OPENED, for_more).when(win_it).then()


def test_winning_it_again_for_another_amount_is_not_what_was_won() -> None:
    given(DEAL, OPENED, WON).when(partial(win, amount=MORE, at=ELEVEN)).then_refused("deal-won")


@pytest.mark.parametrize("closed", [WON, LOST])
def test_a_closed_deal_is_opened_again_where_it_stood(closed: DealEvent) -> None:
    reopened = DealReopened(deal_id="d-1", reason="They came back", stage="prospecting", occurred_at=ELEVEN)
    given(DEAL, OPENED, closed).when(reopen_it).then(reopened)
    given(DEAL, OPENED, closed, reopened).when(reopen_it).then()
    given(DEAL, OPENED, closed).when(partial(reopen, reason="?", at=NINE)).then_refused("out-of-order")


@pytest.mark.parametrize("decide", [*(decide for decide, _ in CHANGES), reopen_it])
def test_nothing_happens_to_a_deal_that_is_not_there(decide: partial[list[DealEvent]]) -> None:
    nothing: Deal = DEAL.initial
    with pytest.raises(NotFound):
        decide(nothing)
