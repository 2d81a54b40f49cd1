"""What an order adds: told event by event, compared with cells worked out by hand."""

from collections.abc import Mapping
from functools import reduce
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from services.performance.measures.orders import orders
from shared.events.event import Money
from shared.events.examples.cast import at, on
from shared.events.order import (
    OrderCancelled,
    OrderChanged,
    OrderConfirmed,
    OrderDelivered,
    OrderEvent,
    OrderOpened,
    OrderReady,
    OrderRepromised,
    OrderReturned,
    OrderShipped,
)
from shared.projections.projection import Cell

ORDERS: Final = orders(ZoneInfo("Asia/Shanghai"))
GOODS: Final = {"product": "数控机床 V8", "line": "机床"}
WANG: Final = Cell("", person="wang", line=GOODS["line"], product=GOODS["product"])


def yuan(amount: int) -> Money:
    return Money(minor=amount * 100)


def dollars(amount: int) -> Money:
    return Money(minor=amount * 100, currency="USD")


def on_day(day: str, *, currency: str = "", customer: str = "") -> Cell:
    """The place of the order's cells on a day of 2025."""
    return replace(WANG, day=f"2025-{day}", currency=currency, customer=customer)


def opened(when: str = "03-10 09:00", **more: Any) -> OrderOpened:
    facts = {
        "title": "云帆科技 V8",
        "account_id": "云-1",
        "owner": "wang",
        "quantity": 10,
        "amount": yuan(800),
        **GOODS,
        **more,
    }
    return OrderOpened.model_construct(order_id="1", occurred_at=at(when), **facts)


def confirmed(when: str, day: str) -> OrderConfirmed:
    return OrderConfirmed(order_id="1", occurred_at=at(when), promised_on=on(day))


def repromised(when: str, day: str, previous: str) -> OrderRepromised:
    return OrderRepromised(
        order_id="1", occurred_at=at(when), promised_on=on(day), previous=on(previous), reason="缺料"
    )


def shipped(when: str, amount: Money | None = None) -> OrderShipped:
    facts = {"owner": "wang", "line": "机床", "amount": amount or yuan(800)}
    return OrderShipped.model_validate({"order_id": "1", "occurred_at": at(when), **facts})


def delivered(when: str, first_promise: str | None = None) -> OrderDelivered:
    day = on(first_promise) if first_promise else None
    return OrderDelivered(order_id="1", occurred_at=at(when), owner="wang", first_promise=day)


def returned(when: str, quantity: int, amount: Money, return_id: str = "r-1") -> OrderReturned:
    facts = {"return_id": return_id, "quantity": quantity, "amount": amount, "owner": "wang", **GOODS}
    return OrderReturned.model_validate({"order_id": "1", "occurred_at": at(when), "reason": "坏", **facts})


def cancelled(when: str) -> OrderCancelled:
    return OrderCancelled(order_id="1", occurred_at=at(when), reason="重复")


def adds(*events: OrderEvent) -> Mapping[Cell, int]:
    return ORDERS.contribute(reduce(ORDERS.evolve, events, ORDERS.initial))


def of_measures(cells: Mapping[Cell, int], *names: str) -> Mapping[Cell, int]:
    return {cell: value for cell, value in cells.items() if cell.measure in names}


def test_an_order_nobody_opened_adds_nothing() -> None:
    assert adds() == {}


def test_an_order_counts_on_the_business_day_it_was_opened() -> None:
    day = on_day("03-11")
    assert adds(opened("03-11 00:00")) == {
        day.of("orders_count"): 1,
        day.of("ordered_quantity"): 10,
        day.of("ordered_amount", currency="CNY"): 800_00,
        replace(day, customer="云-1").of("direct_purchases"): 1,
    }
    assert {cell.day for cell in adds(opened("03-10 23:59"))} == {"2025-03-10"}


def test_an_order_of_a_won_deal_is_no_purchase_of_its_own_and_neither_is_one_of_nobody() -> None:
    day = on_day("03-10")
    ordered = {
        day.of("orders_count"): 1,
        day.of("ordered_quantity"): 10,
        day.of("ordered_amount", currency="CNY"): 800_00,
    }
    assert adds(opened(deal_id="d-1")) == ordered
    assert adds(opened(account_id=None)) == ordered


def test_a_changed_order_counts_as_it_is_now_on_the_day_it_was_opened() -> None:
    changed = OrderChanged(
        order_id="1",
        occurred_at=at("03-12 09:00"),
        quantity=12,
        amount=dollars(130),
        previous_amount=yuan(800),
    )
    day = on_day("03-10")
    assert of_measures(adds(opened(), changed), "ordered_quantity", "ordered_amount") == {
        day.of("ordered_quantity"): 12,
        day.of("ordered_amount", currency="USD"): 130_00,
    }


def test_what_was_cancelled_before_shipping_was_no_order_and_broke_no_promise() -> None:
    story = (opened(unit_cost=yuan(50)), confirmed("03-11 09:00", "03-20"))
    assert adds(*story, cancelled("03-12 09:00")) == {}
    slipped = repromised("03-11 15:00", "03-24", "03-20")
    assert adds(*story, slipped, cancelled("03-12 09:00")) == {
        on_day("03-11").of("slips"): 1,
        on_day("03-11").of("slip_days"): 4,
    }


def test_revenue_is_of_the_day_the_goods_left_and_of_the_customer() -> None:
    day = on_day("03-15")
    cells = adds(opened(), confirmed("03-11 09:00", "03-20"), shipped("03-15 23:00", yuan(780)))
    assert {cell: value for cell, value in cells.items() if cell.day == "2025-03-15"} == {
        day.of("orders_shipped"): 1,
        on_day("03-15", currency="CNY", customer="云-1").of("revenue_amount"): 780_00,
    }


def test_returns_in_parts_reduce_revenue_on_their_own_days_and_leave_the_past_day_alone() -> None:
    story = (opened(unit_cost=yuan(50)), confirmed("03-11 09:00", "03-20"), shipped("03-15 10:00"))
    sold = adds(*story)
    cells = adds(
        *story,
        returned("03-20 09:00", 2, yuan(160)),
        returned("03-20 17:00", 1, yuan(70), "r-2"),
        returned("03-22 09:00", 3, yuan(240), "r-3"),
    )
    assert {cell: value for cell, value in cells.items() if cell in sold} == sold
    first, second = on_day("03-20"), on_day("03-22")
    assert {cell: value for cell, value in cells.items() if cell not in sold} == {
        first.of("returned_quantity"): 3,
        replace(first, customer="云-1").of("returned_amount", currency="CNY"): 230_00,
        first.of("costed_returned_amount", currency="CNY"): 230_00,
        first.of("returned_cost_amount", currency="CNY"): 150_00,
        second.of("returned_quantity"): 3,
        replace(second, customer="云-1").of("returned_amount", currency="CNY"): 240_00,
        second.of("costed_returned_amount", currency="CNY"): 240_00,
        second.of("returned_cost_amount", currency="CNY"): 150_00,
    }


MARGIN: Final = ("costed_revenue_amount", "cost_amount", "costed_returned_amount", "returned_cost_amount")


def test_margin_is_of_the_cost_that_the_order_froze_times_what_left() -> None:
    day = on_day("03-15", currency="CNY")
    assert of_measures(adds(opened(unit_cost=yuan(52)), shipped("03-15 10:00")), *MARGIN) == {
        day.of("costed_revenue_amount"): 800_00,
        day.of("cost_amount"): 520_00,
    }


def test_an_order_without_a_cost_or_with_one_in_another_currency_has_no_margin() -> None:
    for cost in (None, dollars(7)):
        story = (opened(unit_cost=cost), shipped("03-15 10:00"), returned("03-16 10:00", 1, yuan(80)))
        cells = adds(*story)
        assert of_measures(cells, *MARGIN) == {}
        assert of_measures(cells, "revenue_amount", "returned_amount").keys() == {
            on_day("03-15", currency="CNY", customer="云-1").of("revenue_amount"),
            on_day("03-16", currency="CNY", customer="云-1").of("returned_amount"),
        }


def test_a_cost_that_no_money_could_hold_is_a_slip_of_the_keyboard() -> None:
    absurd = Money(minor=10**15)
    assert of_measures(adds(opened(unit_cost=absurd), shipped("03-15 10:00")), *MARGIN) == {}


def test_currencies_are_kept_apart() -> None:
    story = (opened(amount=dollars(900), unit_cost=dollars(60)), shipped("03-15 10:00", dollars(900)))
    day = on_day("03-15", currency="USD")
    assert of_measures(adds(*story), "revenue_amount", *MARGIN) == {
        replace(day, customer="云-1").of("revenue_amount"): 900_00,
        day.of("costed_revenue_amount"): 900_00,
        day.of("cost_amount"): 600_00,
    }


PROMISE: Final = ("promised_open", "promised_on_time", "promised_late", "slips", "slip_days")


def test_a_promise_is_open_on_its_first_day_until_the_goods_are_there_however_late_that_is() -> None:
    story = (opened(), confirmed("03-11 09:00", "03-20"))
    ready = OrderReady(order_id="1", occurred_at=at("03-30 09:00"))
    for so_far in (story, (*story, ready), (*story, ready, shipped("03-31 09:00"))):
        assert of_measures(adds(*so_far), *PROMISE) == {on_day("03-20").of("promised_open"): 1}
    assert of_measures(adds(opened()), *PROMISE) == {}


def test_on_time_is_until_the_end_of_the_first_promised_day_here() -> None:
    story = (opened(), confirmed("03-11 09:00", "03-20"), shipped("03-18 10:00"))
    promised = on_day("03-20")
    on_time = adds(*story, delivered("03-20 23:59"))
    assert of_measures(on_time, *PROMISE) == {promised.of("promised_on_time"): 1}
    late = adds(*story, delivered("03-21 00:00"))
    assert of_measures(late, *PROMISE) == {promised.of("promised_late"): 1}
    assert of_measures(late, "orders_delivered") == {on_day("03-21").of("orders_delivered"): 1}


def test_a_later_promise_changes_nothing_about_the_first_and_an_earlier_one_is_no_slip() -> None:
    story = (
        opened(),
        confirmed("03-11 09:00", "03-20"),
        repromised("03-12 10:00", "03-27", "03-20"),
        repromised("03-13 10:00", "03-24", "03-27"),
        repromised("03-13 23:30", "03-25", "03-24"),
        repromised("03-13 23:40", "03-26", "03-25"),
        shipped("03-18 10:00"),
        delivered("03-22 10:00", "03-20"),
    )
    assert of_measures(adds(*story), *PROMISE) == {
        on_day("03-20").of("promised_late"): 1,
        on_day("03-12").of("slips"): 1,
        on_day("03-12").of("slip_days"): 7,
        on_day("03-13").of("slips"): 2,
        on_day("03-13").of("slip_days"): 2,
    }


def test_a_delivery_says_the_first_promise_where_the_confirmation_was_not_told() -> None:
    told = adds(opened(), delivered("03-22 10:00", "03-24"))
    assert of_measures(told, *PROMISE) == {on_day("03-24").of("promised_on_time"): 1}
    known = adds(opened(), confirmed("03-11 09:00", "03-20"), delivered("03-22 10:00", "03-24"))
    assert of_measures(known, *PROMISE) == {on_day("03-20").of("promised_late"): 1}
    assert of_measures(adds(opened(), delivered("03-22 10:00")), *PROMISE) == {}
