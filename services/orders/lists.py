"""What lists of orders and receivables show, folded from the service's own events."""

from datetime import date
from typing import Any, Final

import msgspec

from services.orders import order, receivable
from shared.events.order import (
    OrderCancelled,
    OrderChanged,
    OrderConfirmed,
    OrderDelivered,
    OrderEvent,
    OrderOpened,
    OrderReady,
    OrderRepromised,
    OrderShipped,
)
from shared.events.receivable import (
    InvoiceIssued,
    ReceiptRecorded,
    ReceivableEvent,
    ReceivableSettled,
    ReceivableWrittenOff,
)
from shared.projections.projection import Projection


class Order(msgspec.Struct, frozen=True):
    state: order.StateName = "opened"
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


class Receivable(msgspec.Struct, frozen=True):
    state: receivable.StateName = "owed"
    order_id: str = ""
    account_id: str | None = None
    owner: str = ""
    line: str = ""
    minor: int = 0
    paid: int = 0
    """Minor units that came in."""
    currency: str = ""
    due_on: date | None = None


def evolve_order(it: Order, event: OrderEvent) -> Order:
    match event:
        case OrderOpened():
            return Order(
                title=event.title,
                account_id=event.account_id,
                deal_id=event.deal_id,
                owner=event.owner,
                product=event.product,
                line=event.line,
                quantity=event.quantity,
                minor=event.amount.minor,
                currency=event.amount.currency,
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
        case OrderCancelled():
            return msgspec.structs.replace(it, state="cancelled")
        case _:
            return it


def evolve_receivable(it: Receivable, event: ReceivableEvent) -> Receivable:
    match event:
        case InvoiceIssued():
            return Receivable(
                order_id=event.order_id,
                account_id=event.account_id,
                owner=event.owner,
                line=event.line,
                minor=event.amount.minor,
                currency=event.amount.currency,
                due_on=event.due_on,
            )
        case ReceiptRecorded():
            return msgspec.structs.replace(it, paid=it.paid + event.amount.minor)
        case ReceivableWrittenOff():
            return msgspec.structs.replace(it, state="written-off")
        case ReceivableSettled() if it.state == "owed":
            return msgspec.structs.replace(it, state="settled")
        case _:
            return it


def _index(it: Any, *fields: str) -> dict[str, str]:
    return {field: value for field in fields if (value := getattr(it, field))}


ORDERS: Final = Projection(
    name="order-list",
    version=1,
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
        OrderCancelled,
    ),
    evolve=evolve_order,
    index=lambda it: _index(it, "state", "account_id", "owner"),
)

RECEIVABLES: Final = Projection(
    name="receivable-list",
    version=1,
    state=Receivable,
    initial=Receivable(),
    events=(InvoiceIssued, ReceiptRecorded, ReceivableSettled, ReceivableWrittenOff),
    evolve=evolve_receivable,
    index=lambda it: _index(it, "state", "account_id"),
)

OWN: Final[tuple[Projection[Any], ...]] = (ORDERS, RECEIVABLES)
"""Folded from this service's own store."""
OTHERS: Final[tuple[Projection[Any], ...]] = ()
"""Folded from the other services' topics."""
