"""An order 订单 as the boards know it: what was ordered, sold and returned, and what was promised when."""

from datetime import date, datetime

import msgspec

from shared.events.order import (
    OrderCancelled,
    OrderChanged,
    OrderConfirmed,
    OrderDelivered,
    OrderEvent,
    OrderOpened,
    OrderRepromised,
    OrderReturned,
    OrderShipped,
)


class Return(msgspec.Struct, frozen=True):
    at: datetime
    quantity: int
    minor: int
    currency: str


class Slip(msgspec.Struct, frozen=True):
    """A later day was promised."""

    at: datetime
    days: int


class Order(msgspec.Struct, frozen=True):
    opened_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled: bool = False
    of_deal: bool = False
    customer: str = ""
    owner: str = ""
    line: str = ""
    product: str = ""
    quantity: int = 0
    minor: int = 0
    currency: str = ""
    unit_cost: int | None = None
    """As it was frozen, in the minor unit of ``cost_currency``."""
    cost_currency: str = ""
    first_promise: date | None = None
    slips: tuple[Slip, ...] = ()
    returns: tuple[Return, ...] = ()


def evolve(order: Order, event: OrderEvent) -> Order:
    match event:
        case OrderOpened():
            return _opened(event)
        case OrderChanged():
            return msgspec.structs.replace(
                order, quantity=event.quantity, minor=event.amount.minor, currency=event.amount.currency
            )
        case OrderConfirmed():
            return msgspec.structs.replace(order, first_promise=event.promised_on)
        case OrderRepromised() if event.promised_on > event.previous:
            slip = Slip(event.occurred_at, (event.promised_on - event.previous).days)
            return msgspec.structs.replace(order, slips=(*order.slips, slip))
        case OrderShipped():
            return msgspec.structs.replace(
                order,
                shipped_at=event.occurred_at,
                minor=event.amount.minor,
                currency=event.amount.currency,
            )
        case OrderDelivered():
            promised = order.first_promise or event.first_promise
            return msgspec.structs.replace(order, delivered_at=event.occurred_at, first_promise=promised)
        case OrderReturned():
            back = Return(event.occurred_at, event.quantity, event.amount.minor, event.amount.currency)
            return msgspec.structs.replace(order, returns=(*order.returns, back))
        case OrderCancelled():
            return msgspec.structs.replace(order, cancelled=True)
        case _:
            return order


def _opened(event: OrderOpened) -> Order:
    return Order(
        opened_at=event.occurred_at,
        of_deal=event.deal_id is not None,
        customer=event.account_id or "",
        owner=event.owner,
        line=event.line,
        product=event.product,
        quantity=event.quantity,
        minor=event.amount.minor,
        currency=event.amount.currency,
        unit_cost=event.unit_cost.minor if event.unit_cost else None,
        cost_currency=event.unit_cost.currency if event.unit_cost else "",
    )
