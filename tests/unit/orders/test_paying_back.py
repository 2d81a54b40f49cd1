"""What a customer need not pay after all, what is owed back, and what went back."""

from functools import partial

import pytest

from services.orders import paying_back, receivable
from services.orders.receivable import RECEIVABLE, Settled, WrittenOff
from shared.events.event import Money
from shared.events.receivable import ReceivableEvent
from shared.eventstore.decider import Refused
from tests.given import Given
from tests.given import given as given_of
from tests.unit.orders.examples import (
    at,
    cny,
    credited,
    half_paid,
    issued,
    refunded,
    rest_paid,
    returned,
    settled,
    written_off,
)

credit_it = partial(
    paying_back.credit, return_id="ret-1", amount=cny(24_000), reason="无法启动", by=None, at=at(10)
)
refund_it = partial(paying_back.refund, refund_id="rfd-1", amount=cny(24_000), by=None, at=at(11))
paid = (issued, half_paid, rest_paid, settled)
gone = (issued, half_paid, written_off, settled)


def given(*events: ReceivableEvent) -> Given[receivable.Receivable, ReceivableEvent]:
    return given_of(RECEIVABLE, *events)


def it(*events: ReceivableEvent) -> receivable.Content:
    return receivable.known(given(*events).state).it


def test_a_credit_lowers_what_is_owed() -> None:
    given(issued).when(credit_it).then(credited)
    assert it(issued, credited).balance == (56_000, 0, 0)


def test_the_same_credit_again_is_ignored() -> None:
    for before in ((issued,), paid, gone):
        given(*before, credited).when(credit_it).then()
        given(*before, credited, refunded).when(credit_it).then()


def test_a_return_is_credited_under_one_id() -> None:
    given(issued, credited).when(partial(credit_it, amount=cny(1))).then_refused("id-taken")


def test_a_credit_over_all_that_is_owed_settles_it() -> None:
    rest = partial(credit_it, amount=cny(30_000))
    over = partial(credit_it, amount=cny(30_001))
    for decide, minor in ((rest, 30_000), (over, 30_001)):
        given(issued, half_paid).when(decide).then(
            credited.model_copy(update={"amount": cny(minor)}),
            settled.model_copy(update={"occurred_at": at(10)}),
        )


def test_what_was_paid_above_the_new_total_is_owed_back() -> None:
    given(*paid).when(credit_it).then(credited)
    assert it(*paid, credited).balance == (0, 24_000, 0)
    assert isinstance(given(*paid, credited).state, Settled)


def test_a_credit_takes_off_what_was_written_off_before_anything_is_owed_back() -> None:
    given(*gone).when(credit_it).then(credited)
    assert it(*gone, credited).balance == (0, 0, 6_000)
    assert it(*gone, credited.model_copy(update={"amount": cny(40_000)})).balance == (0, 10_000, 0)
    assert isinstance(given(*gone, credited).state, WrittenOff)


def test_no_more_is_credited_than_the_invoice_says() -> None:
    more = partial(credit_it, return_id="ret-2", amount=cny(56_001))
    before = given(*paid, credited)
    before.when(more).then_refused("over-credited")
    with pytest.raises(Refused) as refused:
        more(before.state)
    assert refused.value.more == {"left": "56000", "currency": "CNY"}


def test_a_credit_over_nothing_or_in_another_currency_is_refused() -> None:
    given(issued).when(partial(credit_it, amount=cny(0))).then_refused("nothing-credited")
    dollars = Money(minor=1, currency="USD")
    given(issued).when(partial(credit_it, amount=dollars)).then_refused("other-currency")


def test_a_return_is_credited_now_even_when_newer_things_happened() -> None:
    late = half_paid.model_copy(update={"occurred_at": at(12)})
    credit = partial(paying_back.credit_return, returned=returned)
    given(issued).when(credit).then(credited)
    given(issued, late).when(credit).then(credited.model_copy(update={"occurred_at": at(12)}))
    given().when(credit).then_refused("not-found")


def test_only_what_is_left_after_a_credit_comes_in() -> None:
    pay = partial(receivable.record_receipt, receipt_id="rcp-9", amount=cny(56_001), at=at(12))
    given(issued, credited).when(pay).then_refused("overpaid")
    given(*paid, credited, refunded).when(partial(pay, amount=cny(1))).then_refused("overpaid")


def test_only_what_is_left_after_a_credit_is_written_off() -> None:
    write_it_off = partial(receivable.write_off, reason="Bankrupt", by="p-xu", at=at(12))
    given(issued, half_paid, credited).when(write_it_off).then(
        written_off.model_copy(update={"amount": cny(6_000), "occurred_at": at(12)}),
        settled.model_copy(update={"occurred_at": at(12)}),
    )


def test_what_is_owed_back_is_paid_back() -> None:
    given(*paid, credited).when(refund_it).then(refunded)
    assert it(*paid, credited, refunded).balance == (0, 0, 0)


def test_the_same_refund_again_is_ignored() -> None:
    given(*paid, credited, refunded).when(refund_it).then()


def test_a_refunds_id_belongs_to_one_refund() -> None:
    given(*paid, credited, refunded).when(partial(refund_it, amount=cny(1))).then_refused("id-taken")


def test_no_more_goes_back_than_is_owed_back_and_the_refusal_says_how_much_that_is() -> None:
    part = refunded.model_copy(update={"amount": cny(20_000)})
    more = partial(refund_it, refund_id="rfd-2", amount=cny(4_001))
    before = given(*paid, credited, part)
    before.when(more).then_refused("over-refunded")
    with pytest.raises(Refused) as refused:
        more(before.state)
    assert refused.value.more == {"owed_back": "4000", "currency": "CNY"}
    given(*paid).when(refund_it).then_refused("over-refunded")


def test_a_refund_of_nothing_or_in_another_currency_is_refused() -> None:
    given(*paid, credited).when(partial(refund_it, amount=cny(0))).then_refused("nothing-refunded")
    dollars = Money(minor=1, currency="USD")
    given(*paid, credited).when(partial(refund_it, amount=dollars)).then_refused("other-currency")


def test_nothing_happens_to_a_receivable_that_nobody_issued_or_before_the_last_thing_that_happened() -> None:
    given().when(credit_it).then_refused("not-found")
    given().when(refund_it).then_refused("not-found")
    late = half_paid.model_copy(update={"occurred_at": at(23)})
    given(issued, late).when(credit_it).then_refused("out-of-order")
    late_credit = credited.model_copy(update={"occurred_at": at(23)})
    given(*paid, late_credit).when(refund_it).then_refused("out-of-order")


def test_nobody_pays_back_what_they_credited() -> None:
    by_xu = credited.model_copy(update={"credited_by": "p-xu"})
    given(*paid, by_xu).when(partial(refund_it, by="p-xu")).then_refused("own-credit")
    given(*paid, by_xu).when(partial(refund_it, by="p-he")).then(refunded)
    given(*paid, credited).when(partial(refund_it, by="p-xu")).then(refunded)
