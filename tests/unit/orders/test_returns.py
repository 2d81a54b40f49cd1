"""What may come back of an order, and what may not."""

from functools import partial

import pytest

from services.orders import delivery, order
from services.orders.order import ORDER
from shared.events.event import Money
from shared.events.order import OrderEvent
from shared.eventstore.decider import Refused
from tests.given import Given
from tests.given import given as given_of
from tests.unit.orders.examples import (
    at,
    cancelled,
    cny,
    confirmed,
    delivered,
    opened,
    ready,
    returned,
    shipped,
)

three_back = partial(
    delivery.take_back, return_id="ret-1", quantity=3, amount=cny(24_000), reason="无法启动", at=at(10)
)
until_shipped = (opened, confirmed, ready, shipped)


def given(*events: OrderEvent) -> Given[order.Order, OrderEvent]:
    return given_of(ORDER, *events)


def back(quantity: int, minor: int, return_id: str = "ret-2") -> partial[list[OrderEvent]]:
    return partial(three_back, return_id=return_id, quantity=quantity, amount=cny(minor))


@pytest.mark.parametrize("later", [(), (delivered,)])
def test_goods_that_left_come_back(later: tuple[OrderEvent, ...]) -> None:
    given(*until_shipped, *later).when(three_back).then(returned)


def test_a_return_says_the_cost_that_the_order_froze() -> None:
    with_cost = opened.model_copy(update={"unit_cost": cny(5_200), "cost_version": 2})
    given(with_cost, *until_shipped[1:]).when(three_back).then(
        returned.model_copy(update={"unit_cost": cny(5_200)})
    )


def test_the_same_return_again_is_ignored() -> None:
    given(*until_shipped, returned, delivered.model_copy(update={"occurred_at": at(11)})).when(
        three_back
    ).then()


def test_a_returns_id_belongs_to_one_return() -> None:
    given(*until_shipped, returned).when(back(1, 24_000, "ret-1")).then_refused("id-taken")
    given(*until_shipped, returned).when(back(3, 1, "ret-1")).then_refused("id-taken")


def test_the_rest_comes_back_too_and_then_nothing_is_left_to_come_back() -> None:
    rest = back(7, 56_000)
    second = returned.model_copy(update={"return_id": "ret-2", "quantity": 7, "amount": cny(56_000)})
    given(*until_shipped, returned).when(rest).then(second)
    given(*until_shipped, returned, second).when(back(1, 0, "ret-3")).then_refused("more-than-shipped")


def test_some_goods_come_back_for_less_or_for_nothing() -> None:
    given(*until_shipped, returned).when(back(7, 0)).then(
        returned.model_copy(update={"return_id": "ret-2", "quantity": 7, "amount": cny(0)})
    )


@pytest.mark.parametrize(("quantity", "minor"), [(8, 1), (1, 56_001)])
def test_no_more_comes_back_than_is_out_and_the_refusal_says_how_much_that_is(
    quantity: int, minor: int
) -> None:
    it = given(*until_shipped, returned)
    it.when(back(quantity, minor)).then_refused("more-than-shipped")
    with pytest.raises(Refused) as refused:
        back(quantity, minor)(it.state)
    assert refused.value.more == {"quantity": "7", "amount": "56000", "currency": "CNY"}


def test_money_comes_back_in_the_currency_of_the_order() -> None:
    dollars = partial(three_back, amount=Money(minor=1, currency="USD"))
    given(*until_shipped).when(dollars).then_refused("other-currency")


@pytest.mark.parametrize("before", [(), (confirmed,), (confirmed, ready)])
def test_only_what_left_comes_back(before: tuple[OrderEvent, ...]) -> None:
    given(opened, *before).when(three_back).then_refused("not-shipped")


def test_nothing_comes_back_of_an_order_that_was_cancelled_or_never_was() -> None:
    given(opened, cancelled).when(three_back).then_refused("order-cancelled")
    given().when(three_back).then_refused("not-found")


def test_nothing_comes_back_before_the_last_thing_that_happened() -> None:
    late = delivered.model_copy(update={"occurred_at": at(23)})
    given(*until_shipped, late).when(three_back).then_refused("out-of-order")


def test_what_came_back_on_the_way_does_not_keep_the_rest_from_being_delivered() -> None:
    arrive = partial(delivery.deliver, proof="Signed", at=at(11))
    given(*until_shipped, returned).when(arrive).then(delivered.model_copy(update={"occurred_at": at(11)}))
