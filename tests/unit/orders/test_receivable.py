"""What customers owe, what comes in, and when nothing is owed any more."""

from functools import partial

import pytest

from services.orders import receivable
from services.orders.receivable import RECEIVABLE
from shared.events.event import Money
from shared.events.receivable import ReceivableEvent
from shared.eventstore.decider import Refused
from tests.given import Given
from tests.given import given as given_of
from tests.unit.orders.examples import (
    LATER,
    at,
    cny,
    half_paid,
    issued,
    rest_paid,
    settled,
    written_off,
)

issue_it = partial(receivable.issue, invoice=issued)
pay_half = partial(receivable.record_receipt, receipt_id="rcp-1", amount=cny(50_000), at=at(8))
pay_rest = partial(receivable.record_receipt, receipt_id="rcp-2", amount=cny(30_000), at=at(9))
write_it_off = partial(receivable.write_off, reason="Bankrupt", by="p-xu", at=at(9))


def given(*events: ReceivableEvent) -> Given[receivable.Receivable, ReceivableEvent]:
    return given_of(RECEIVABLE, *events)


def test_an_invoice_is_issued() -> None:
    given().when(issue_it).then(issued)


def test_the_same_invoice_again_is_ignored() -> None:
    again = issued.model_copy(update={"occurred_at": at(9)})
    given(issued, half_paid).when(partial(receivable.issue, invoice=again)).then()


def test_an_id_belongs_to_one_invoice() -> None:
    other = issued.model_copy(update={"due_on": LATER})
    given(issued).when(partial(receivable.issue, invoice=other)).then_refused("id-taken")


def test_an_invoice_over_nothing_is_refused() -> None:
    free = issued.model_copy(update={"amount": cny(0)})
    given().when(partial(receivable.issue, invoice=free)).then_refused("nothing-owed")


def test_a_receipt_is_recorded() -> None:
    given(issued).when(pay_half).then(half_paid)


@pytest.mark.parametrize("later", [(), (rest_paid, settled), (written_off, settled)])
def test_the_same_receipt_again_is_ignored(later: tuple[ReceivableEvent, ...]) -> None:
    given(issued, half_paid, *later).when(pay_half).then()


def test_a_receipts_id_belongs_to_one_receipt() -> None:
    other = partial(receivable.record_receipt, receipt_id="rcp-1", amount=cny(1), at=at(9))
    given(issued, half_paid).when(other).then_refused("id-taken")


def test_the_last_receipt_settles_it() -> None:
    given(issued, half_paid).when(pay_rest).then(rest_paid, settled)


def test_one_receipt_may_settle_it() -> None:
    pay_all = partial(receivable.record_receipt, receipt_id="rcp-1", amount=cny(80_000), at=at(9))
    given(issued).when(pay_all).then(
        half_paid.model_copy(update={"amount": cny(80_000), "occurred_at": at(9)}), settled
    )


def test_no_more_comes_in_than_is_owed_and_the_refusal_says_how_much_that_is() -> None:
    too_much = partial(receivable.record_receipt, receipt_id="rcp-2", amount=cny(30_001), at=at(9))
    it = given(issued, half_paid)
    it.when(too_much).then_refused("overpaid")
    with pytest.raises(Refused, match=r"30000 CNY") as refused:
        too_much(it.state)
    assert refused.value.more == {"owed": "30000", "currency": "CNY"}


@pytest.mark.parametrize("end", [(rest_paid, settled), (written_off, settled)])
def test_nothing_comes_in_when_nothing_is_owed(end: tuple[ReceivableEvent, ...]) -> None:
    one_more = partial(receivable.record_receipt, receipt_id="rcp-3", amount=cny(1), at=at(10))
    given(issued, half_paid, *end).when(one_more).then_refused("overpaid")


def test_another_currency_is_refused() -> None:
    dollars = Money(minor=1, currency="USD")
    pay = partial(receivable.record_receipt, receipt_id="rcp-1", amount=dollars, at=at(9))
    given(issued).when(pay).then_refused("other-currency")


def test_a_receipt_over_nothing_is_refused() -> None:
    pay = partial(receivable.record_receipt, receipt_id="rcp-1", amount=cny(0), at=at(9))
    given(issued).when(pay).then_refused("nothing-received")


def test_the_rest_is_written_off_and_nothing_is_owed_any_more() -> None:
    given(issued, half_paid).when(write_it_off).then(written_off, settled)


def test_writing_off_again_is_ignored() -> None:
    given(issued, half_paid, written_off, settled).when(write_it_off).then()


def test_what_was_paid_is_not_written_off() -> None:
    given(issued, half_paid, rest_paid, settled).when(write_it_off).then_refused("settled")


def test_a_receivable_that_nobody_issued_is_not_found() -> None:
    given().when(pay_half).then_refused("not-found")
    given().when(write_it_off).then_refused("not-found")


def test_nothing_happens_before_the_last_thing_that_happened() -> None:
    given(issued, rest_paid).when(pay_half).then_refused("out-of-order")
    late = half_paid.model_copy(update={"occurred_at": at(10)})
    given(issued, late).when(write_it_off).then_refused("out-of-order")


def test_nobody_writes_off_what_they_invoiced() -> None:
    by_xu = issued.model_copy(update={"issued_by": "p-xu"})
    given(by_xu, half_paid).when(write_it_off).then_refused("own-invoice")
    given(by_xu, half_paid).when(partial(write_it_off, by="p-he")).then(written_off, settled)
