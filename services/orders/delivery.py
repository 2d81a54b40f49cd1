"""From the promise to the customer's door, and back: promised, made ready, shipped, delivered, returned."""

from datetime import date, datetime
from typing import assert_never

from services.orders.order import (
    Cancelled,
    Confirmed,
    Content,
    Delivered,
    Opened,
    Order,
    Ready,
    Shipped,
    is_cancelled,
    known,
    not_before,
    not_shipped,
)
from shared.events.event import Money
from shared.events.order import (
    OrderConfirmed,
    OrderDelivered,
    OrderEvent,
    OrderReady,
    OrderRepromised,
    OrderReturned,
    OrderShipped,
)
from shared.eventstore.decider import Refused


def confirm(order: Order, *, promised_on: date, at: datetime) -> list[OrderEvent]:
    match known(order):
        case Opened(it=it):
            not_before(it, at)
            confirmed = OrderConfirmed(
                order_id=it.opened.order_id,
                promised_on=promised_on,
                account_id=it.opened.account_id,
                department=it.opened.department,
                occurred_at=at,
            )
            return [confirmed]
        case Cancelled():
            raise is_cancelled()
        case Confirmed(it=it) | Ready(it=it) | Shipped(it=it) | Delivered(it=it):
            if it.first_promise == promised_on:
                return []
            raise Refused(f"{it.promised_on} is promised already; promise another day.", code="confirmed")
        case state:
            assert_never(state)


def repromise(order: Order, *, promised_on: date, reason: str, at: datetime) -> list[OrderEvent]:
    it = not_shipped(order, at).it
    if it.promised_on is None:
        raise _not_confirmed()
    if it.promised_on == promised_on:
        return []
    repromised = OrderRepromised(
        order_id=it.opened.order_id,
        promised_on=promised_on,
        previous=it.promised_on,
        reason=reason,
        occurred_at=at,
    )
    return [repromised]


def make_ready(order: Order, *, at: datetime) -> list[OrderEvent]:
    match known(order):
        case Opened():
            raise _not_confirmed()
        case Confirmed(it=it):
            not_before(it, at)
            ready = OrderReady(
                order_id=it.opened.order_id,
                account_id=it.opened.account_id,
                department=it.opened.department,
                occurred_at=at,
            )
            return [ready]
        case Ready() | Shipped() | Delivered():
            return []
        case Cancelled():
            raise is_cancelled()
        case state:
            assert_never(state)


def ship(order: Order, *, carrier: str | None, at: datetime) -> list[OrderEvent]:
    match known(order):
        case Opened():
            raise _not_confirmed()
        case Confirmed():
            raise Refused("The order is not ready yet.", code="not-ready")
        case Ready(it=it):
            not_before(it, at)
            shipped = OrderShipped(
                order_id=it.opened.order_id,
                account_id=it.opened.account_id,
                owner=it.opened.owner,
                line=it.opened.line,
                amount=it.amount,
                carrier=carrier,
                department=it.opened.department,
                occurred_at=at,
            )
            return [shipped]
        case Shipped() | Delivered():
            return []
        case Cancelled():
            raise is_cancelled()
        case state:
            assert_never(state)


def deliver(order: Order, *, proof: str | None, at: datetime) -> list[OrderEvent]:
    match known(order):
        case Opened() | Confirmed() | Ready():
            raise _not_shipped_yet()
        case Shipped(it=it):
            not_before(it, at)
            delivered = OrderDelivered(
                order_id=it.opened.order_id,
                account_id=it.opened.account_id,
                owner=it.opened.owner,
                proof=proof,
                first_promise=it.first_promise,
                department=it.opened.department,
                occurred_at=at,
            )
            return [delivered]
        case Delivered():
            return []
        case Cancelled():
            raise is_cancelled()
        case state:
            assert_never(state)


def take_back(
    order: Order, *, return_id: str, quantity: int, amount: Money, reason: str, at: datetime
) -> list[OrderEvent]:
    """Goods come back, all or some: never more of them, nor more money, than is still out."""
    match known(order):
        case Opened() | Confirmed() | Ready():
            raise _not_shipped_yet()
        case Cancelled():
            raise is_cancelled()
        case Shipped(it=it) | Delivered(it=it):
            before = next((back for back in it.returns if back.return_id == return_id), None)
            if before is not None:
                if (before.quantity, before.amount) == (quantity, amount):
                    return []
                raise Refused("Another return has this id.", code="id-taken")
            _no_more_than_is_out(it, quantity, amount)
            not_before(it, at)
            returned = OrderReturned(
                order_id=it.opened.order_id,
                return_id=return_id,
                quantity=quantity,
                amount=amount,
                unit_cost=it.opened.unit_cost,
                reason=reason,
                account_id=it.opened.account_id,
                owner=it.opened.owner,
                product=it.opened.product,
                line=it.opened.line,
                occurred_at=at,
            )
            return [returned]
        case state:
            assert_never(state)


def _no_more_than_is_out(it: Content, quantity: int, amount: Money) -> None:
    pieces = it.quantity - it.returned_quantity
    minor = it.amount.minor - it.returned_amount.minor
    currency = it.amount.currency
    if amount.currency != currency:
        raise Refused(f"The order is in {currency}, not {amount.currency}.", code="other-currency")
    if quantity > pieces or amount.minor > minor:
        raise Refused(
            f"Only {pieces} for {minor} {currency} (in its minor unit) did not come back yet.",
            code="more-than-shipped",
            quantity=str(pieces),
            amount=str(minor),
            currency=currency,
        )


def _not_shipped_yet() -> Refused:
    return Refused("The order was not shipped yet.", code="not-shipped")


def _not_confirmed() -> Refused:
    return Refused("The order is not confirmed yet.", code="not-confirmed")
