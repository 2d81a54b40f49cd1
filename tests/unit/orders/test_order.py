"""What may happen to an order, and what may not."""

from functools import partial

import pytest

from services.orders import delivery, order
from services.orders.order import ORDER
from shared.events.order import OrderEvent
from tests.given import Given
from tests.given import given as given_of
from tests.unit.orders.examples import (
    LATER,
    PROMISED,
    at,
    cancelled,
    changed,
    cny,
    confirmed,
    delivered,
    opened,
    ready,
    repromised,
    shipped,
)

open_it = partial(order.open_order, opened=opened)
change_it = partial(order.change, quantity=12, amount=cny(96_000), at=at(2))
confirm_it = partial(delivery.confirm, promised_on=PROMISED, at=at(3))
repromise_it = partial(delivery.repromise, promised_on=LATER, reason="A part came late", at=at(4))
make_it_ready = partial(delivery.make_ready, at=at(5))
ship_it = partial(delivery.ship, carrier="顺丰速运", at=at(6))
deliver_it = partial(delivery.deliver, proof="Signed", at=at(7))
cancel_it = partial(order.cancel, reason="Entered twice", at=at(4))

until_shipped = (opened, confirmed, ready, shipped)
until_delivered = (*until_shipped, delivered)
DECISIONS = {
    "change": change_it,
    "confirm": confirm_it,
    "repromise": repromise_it,
    "ready": make_it_ready,
    "ship": ship_it,
    "deliver": deliver_it,
    "cancel": cancel_it,
}


def given(*events: OrderEvent) -> Given[order.Order, OrderEvent]:
    return given_of(ORDER, *events)


def test_an_order_is_opened() -> None:
    given().when(open_it).then(opened)


def test_opening_it_again_with_the_same_content_is_ignored() -> None:
    again = opened.model_copy(update={"occurred_at": at(9)})
    given(opened, changed, confirmed).when(partial(order.open_order, opened=again)).then()


def test_opening_it_again_after_the_products_cost_changed_is_ignored_and_the_first_cost_stays() -> None:
    with_cost = opened.model_copy(update={"unit_cost": cny(5_450), "cost_version": 1})
    again = opened.model_copy(update={"unit_cost": cny(5_200), "cost_version": 2, "occurred_at": at(9)})
    given(with_cost, confirmed).when(partial(order.open_order, opened=again)).then()
    given(with_cost, confirmed).when(open_it).then()


def test_an_id_belongs_to_one_order() -> None:
    other = opened.model_copy(update={"title": "Something else"})
    given(opened).when(partial(order.open_order, opened=other)).then_refused("id-taken")


def test_quantity_and_amount_change() -> None:
    given(opened).when(change_it).then(changed)


def test_the_same_change_again_is_ignored() -> None:
    given(opened, changed).when(change_it).then()


def test_it_may_change_until_it_is_shipped() -> None:
    late = partial(order.change, quantity=12, amount=cny(96_000), at=at(8))
    given(opened, confirmed, ready).when(late).then(changed.model_copy(update={"occurred_at": at(8)}))
    given(*until_shipped).when(late).then_refused("already-shipped")
    given(*until_delivered).when(late).then_refused("already-shipped")


def test_what_is_shipped_is_the_changed_amount() -> None:
    given(opened, changed, confirmed, ready).when(ship_it).then(
        shipped.model_copy(update={"amount": cny(96_000)})
    )


def test_confirming_promises_a_day() -> None:
    given(opened).when(confirm_it).then(confirmed)


@pytest.mark.parametrize(
    "later", [(), (repromised,), (ready,), (ready, shipped), (ready, shipped, delivered)]
)
def test_the_same_confirmation_again_is_ignored(later: tuple[OrderEvent, ...]) -> None:
    given(opened, confirmed, *later).when(confirm_it).then()


def test_another_day_is_not_promised_by_confirming_again() -> None:
    given(opened, confirmed).when(partial(delivery.confirm, promised_on=LATER, at=at(4))).then_refused(
        "confirmed"
    )


def test_another_day_is_promised_with_a_reason() -> None:
    given(opened, confirmed).when(repromise_it).then(repromised)


def test_the_same_new_promise_again_is_ignored() -> None:
    given(opened, confirmed, repromised).when(repromise_it).then()


def test_only_a_promise_can_be_replaced() -> None:
    given(opened).when(repromise_it).then_refused("not-confirmed")


def test_after_shipping_no_other_day_is_promised() -> None:
    given(*until_shipped).when(
        partial(delivery.repromise, promised_on=LATER, reason="Late", at=at(7))
    ).then_refused("already-shipped")


def test_production_makes_it_ready() -> None:
    given(opened, confirmed).when(make_it_ready).then(ready)


@pytest.mark.parametrize("later", [(), (shipped,), (shipped, delivered)])
def test_ready_again_is_ignored(later: tuple[OrderEvent, ...]) -> None:
    given(opened, confirmed, ready, *later).when(make_it_ready).then()


def test_production_waits_for_the_confirmation() -> None:
    given(opened).when(make_it_ready).then_refused("not-confirmed")


def test_a_ready_order_is_shipped() -> None:
    given(opened, confirmed, ready).when(ship_it).then(shipped)


@pytest.mark.parametrize("later", [(), (delivered,)])
def test_shipping_again_is_ignored(later: tuple[OrderEvent, ...]) -> None:
    given(*until_shipped, *later).when(ship_it).then()


def test_nothing_is_shipped_before_it_is_confirmed_and_ready() -> None:
    given(opened).when(ship_it).then_refused("not-confirmed")
    given(opened, confirmed).when(ship_it).then_refused("not-ready")


def test_a_shipped_order_is_delivered_and_says_the_first_promise() -> None:
    given(opened, confirmed, repromised, ready, shipped).when(deliver_it).then(delivered)
    assert delivered.first_promise == PROMISED


def test_delivering_again_is_ignored() -> None:
    given(*until_delivered).when(deliver_it).then()


@pytest.mark.parametrize("before", [(), (confirmed,), (confirmed, ready)])
def test_only_what_was_shipped_is_delivered(before: tuple[OrderEvent, ...]) -> None:
    given(opened, *before).when(deliver_it).then_refused("not-shipped")


@pytest.mark.parametrize("before", [(), (confirmed,)])
def test_it_is_cancelled_while_it_is_here(before: tuple[OrderEvent, ...]) -> None:
    given(opened, *before).when(cancel_it).then(cancelled)


def test_cancelling_again_is_ignored() -> None:
    given(opened, cancelled).when(cancel_it).then()


def test_what_left_is_not_cancelled() -> None:
    given(*until_shipped).when(cancel_it).then_refused("already-shipped")
    given(*until_delivered).when(cancel_it).then_refused("already-shipped")


def test_being_called_off_from_elsewhere_never_happens_before_what_happened_here() -> None:
    call_off = partial(order.call_off, reason="Entered twice", at=at(2))
    given(opened, confirmed, ready).when(call_off).then(cancelled.model_copy(update={"occurred_at": at(5)}))
    given(opened, cancelled).when(call_off).then()
    given(*until_shipped).when(call_off).then_refused("already-shipped")


@pytest.mark.parametrize("decision", sorted(DECISIONS.keys() - {"cancel"}))
def test_nothing_happens_to_a_cancelled_order(decision: str) -> None:
    given(opened, confirmed, cancelled).when(DECISIONS[decision]).then_refused("order-cancelled")


@pytest.mark.parametrize("decision", DECISIONS)
def test_an_order_that_nobody_opened_is_not_found(decision: str) -> None:
    given().when(DECISIONS[decision]).then_refused("not-found")


OPENED_LATER = opened.model_copy(update={"occurred_at": at(23)})


def test_nothing_happens_before_the_last_thing_that_happened() -> None:
    given(OPENED_LATER).when(change_it).then_refused("out-of-order")
    given(OPENED_LATER).when(confirm_it).then_refused("out-of-order")
    given(OPENED_LATER).when(cancel_it).then_refused("out-of-order")
    late_promise = confirmed.model_copy(update={"occurred_at": at(23)})
    given(opened, late_promise).when(repromise_it).then_refused("out-of-order")
    given(opened, late_promise).when(make_it_ready).then_refused("out-of-order")
    late_ready = ready.model_copy(update={"occurred_at": at(23)})
    given(opened, confirmed, late_ready).when(ship_it).then_refused("out-of-order")
    late_shipping = shipped.model_copy(update={"occurred_at": at(23)})
    given(opened, confirmed, ready, late_shipping).when(deliver_it).then_refused("out-of-order")
