"""The list of orders, folded from the service's own events."""

from datetime import date
from typing import Final

import msgspec

from services.orders.order import StateName
from shared.departments.open_to import belonging
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
from shared.projections.projection import Projection


class Order(msgspec.Struct, frozen=True):
    id: str = ""
    state: StateName = "opened"
    title: str = ""
    account_id: str | None = None
    deal_id: str | None = None
    owner: str = ""
    product: str = ""
    line: str = ""
    quantity: int = 0
    minor: int = 0
    currency: str = ""
    promised_on: date | None = None
    returned: int = 0
    """Pieces that came back."""
    returned_minor: int = 0
    department: str | None = None


def evolve(it: Order, event: OrderEvent) -> Order:
    match event:
        case OrderOpened():
            return Order(
                id=event.order_id,
                title=event.title,
                account_id=event.account_id,
                deal_id=event.deal_id,
                owner=event.owner,
                product=event.product,
                line=event.line,
                quantity=event.quantity,
                minor=event.amount.minor,
                currency=event.amount.currency,
                department=event.department,
            )
        case OrderChanged():
            return msgspec.structs.replace(
                it, quantity=event.quantity, minor=event.amount.minor, currency=event.amount.currency
            )
        case OrderConfirmed():
            return msgspec.structs.replace(it, state="confirmed", promised_on=event.promised_on)
        case OrderRepromised():
            return msgspec.structs.replace(it, promised_on=event.promised_on)
        case OrderReady():
            return msgspec.structs.replace(it, state="ready")
        case OrderShipped():
            return msgspec.structs.replace(it, state="shipped")
        case OrderDelivered():
            return msgspec.structs.replace(it, state="delivered")
        case OrderReturned():
            return msgspec.structs.replace(
                it,
                returned=it.returned + event.quantity,
                returned_minor=it.returned_minor + event.amount.minor,
            )
        case OrderCancelled():
            return msgspec.structs.replace(it, state="cancelled")
        case _:
            return it


def index(it: Order) -> dict[str, str]:
    whose = belonging(it.id, account_id=it.account_id, department=it.department)
    return {"state": it.state, "owner": it.owner, **whose}


ORDERS: Final = Projection(
    name="order-list",
    version=3,
    state=Order,
    initial=Order(),
    events=(
        OrderOpened,
        OrderChanged,
        OrderConfirmed,
        OrderRepromised,
        OrderReady,
        OrderShipped,
        OrderDelivered,
        OrderReturned,
        OrderCancelled,
    ),
    evolve=evolve,
    index=index,
)
