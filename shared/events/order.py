"""Orders 订单: what we promised, and whether we kept it."""

from .event import Day, Event, Id, Instant, Label, Money, Quantity, Slug, Text
from .product import Version


class OfOrder(Event, category="order", service="orders"):
    order_id: Id


class OrderOpened(OfOrder, type="order-opened.v1"):
    """An order was made, from a won deal (then it carries the deal and when it was won) or directly."""

    title: Text
    account_id: Id | None = None
    deal_id: Id | None = None
    deal_won_at: Instant | None = None
    owner: Id
    product: Label
    line: Label
    quantity: Quantity = 1
    amount: Money
    unit_cost: Money | None = None
    """What one piece cost us then, where that was known; later costs never change it."""
    cost_version: Version | None = None
    department: Slug | None = None
    """Whose it is where it is at no account."""


class OrderChanged(OfOrder, type="order-changed.v1"):
    """Another quantity or amount was agreed before the goods left."""

    quantity: Quantity
    amount: Money
    previous_amount: Money


class OrderConfirmed(OfOrder, type="order-confirmed.v1"):
    """We promised a delivery day: the first promise, which on-time delivery is held against."""

    promised_on: Day
    account_id: Id | None = None
    department: Slug | None = None
    """Whose it is where it is at no account."""


class OrderRepromised(OfOrder, type="order-repromised.v1"):
    """Another day was promised; the first promise stays the measure."""

    promised_on: Day
    previous: Day
    reason: Text


class OrderReady(OfOrder, type="order-ready.v1"):
    """Production is done; logistics may take it."""

    account_id: Id | None = None
    department: Slug | None = None
    """Whose it is where it is at no account."""


class OrderShipped(OfOrder, type="order-shipped.v1"):
    """The goods left; carries all that an invoice needs."""

    account_id: Id | None = None
    owner: Id
    line: Label
    amount: Money
    carrier: Label | None = None
    department: Slug | None = None
    """Whose it is where it is at no account."""


class OrderDelivered(OfOrder, type="order-delivered.v1"):
    """The customer has the goods; on time, if it was by the first promise."""

    account_id: Id | None = None
    owner: Id
    proof: Text | None = None
    first_promise: Day | None = None
    department: Slug | None = None
    """Whose it is where it is at no account."""


class OrderReturned(OfOrder, type="order-returned.v1"):
    """Goods came back: so much less was sold, from this day on; the day they were shipped stays as it was."""

    return_id: Id
    quantity: Quantity
    amount: Money
    """What the customer does not pay, or gets back, for the pieces of this return."""
    unit_cost: Money | None = None
    """The one that the order froze."""
    reason: Text
    account_id: Id | None = None
    owner: Id
    product: Label
    line: Label


class OrderCancelled(OfOrder, type="order-cancelled.v1"):
    """The order will not be carried out."""

    reason: Text


OrderEvent = (
    OrderOpened
    | OrderChanged
    | OrderConfirmed
    | OrderRepromised
    | OrderReady
    | OrderShipped
    | OrderDelivered
    | OrderReturned
    | OrderCancelled
)
