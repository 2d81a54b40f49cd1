"""What customers bought, as the orders service's events tell it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from services.customers.amount import Amount, amount
from shared.events.order import (
    OrderCancelled,
    OrderChanged,
    OrderDelivered,
    OrderEvent,
    OrderOpened,
    OrderShipped,
)
from shared.projections.projection import Projection

PurchaseState = Literal["ordered", "shipped", "delivered", "cancelled"]


class Purchase(Struct, frozen=True):
    """One order of a customer."""

    id: str = ""
    account_id: str | None = None
    deal_id: str | None = None
    title: str = ""
    product: str = ""
    line: str = ""
    quantity: int = 1
    amount: Amount = Amount()
    state: PurchaseState = "ordered"
    ordered_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    changed_at: datetime | None = None


def evolve(row: Purchase, event: OrderEvent) -> Purchase:
    at = event.occurred_at
    row = replace(row, changed_at=at)
    match event:
        case OrderOpened():
            return Purchase(
                id=event.order_id,
                account_id=event.account_id,
                deal_id=event.deal_id,
                title=event.title,
                product=event.product,
                line=event.line,
                quantity=event.quantity,
                amount=amount(event.amount),
                ordered_at=at,
                changed_at=at,
            )
        case OrderChanged():
            return replace(row, quantity=event.quantity, amount=amount(event.amount))
        case OrderShipped():
            return replace(row, state="shipped", amount=amount(event.amount), shipped_at=at)
        case OrderDelivered():
            return replace(row, state="delivered", delivered_at=at)
        case OrderCancelled():
            return replace(row, state="cancelled")
        case _:
            return row


def index(row: Purchase) -> Mapping[str, str]:
    return {} if row.account_id is None else {"account": row.account_id}


PURCHASES: Final = Projection(
    name="purchases",
    version=1,
    state=Purchase,
    initial=Purchase(),
    events=(OrderOpened, OrderChanged, OrderShipped, OrderDelivered, OrderCancelled),
    evolve=evolve,
    index=index,
)
