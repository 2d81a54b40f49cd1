"""Orders 订单: opened, confirmed with a promised day, made ready, shipped and delivered, or cancelled."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Final, Literal, assert_never

from shared.events.event import Money
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
from shared.eventstore.decider import Aggregate, NotFound, Refused
from shared.eventstore.whose import EVERYBODYS, Whose

StateName = Literal["opened", "confirmed", "ready", "shipped", "delivered", "cancelled"]


@dataclass(frozen=True)
class NotOpened:
    pass


@dataclass(frozen=True)
class Promise:
    """One line of the promise ledger."""

    promised_on: date
    made_at: datetime
    moved_days: int = 0
    """By how many days it is later than the promise before."""
    reason: str | None = None
    """Why it is another day than before; the first promise has none."""


@dataclass(frozen=True)
class Content:
    """What an order is about, wherever it stands."""

    opened: OrderOpened
    quantity: int
    amount: Money
    since: datetime
    """When the last thing happened to it; nothing can happen before."""
    promises: tuple[Promise, ...] = ()
    """Every promise, oldest first."""
    returns: tuple[OrderReturned, ...] = ()

    @property
    def returned_quantity(self) -> int:
        return sum(back.quantity for back in self.returns)

    @property
    def returned_amount(self) -> Money:
        return Money(minor=sum(back.amount.minor for back in self.returns), currency=self.amount.currency)

    @property
    def promised_on(self) -> date | None:
        return self.promises[-1].promised_on if self.promises else None

    @property
    def first_promise(self) -> date | None:
        """The day on-time delivery is held against, whatever was promised later."""
        return self.promises[0].promised_on if self.promises else None


@dataclass(frozen=True)
class Opened:
    it: Content
    name: ClassVar[StateName] = "opened"


@dataclass(frozen=True)
class Confirmed:
    it: Content
    name: ClassVar[StateName] = "confirmed"


@dataclass(frozen=True)
class Ready:
    it: Content
    name: ClassVar[StateName] = "ready"


@dataclass(frozen=True)
class Shipped:
    it: Content
    name: ClassVar[StateName] = "shipped"


@dataclass(frozen=True)
class Delivered:
    it: Content
    name: ClassVar[StateName] = "delivered"


@dataclass(frozen=True)
class Cancelled:
    it: Content
    name: ClassVar[StateName] = "cancelled"


Known = Opened | Confirmed | Ready | Shipped | Delivered | Cancelled
Order = NotOpened | Known


def evolve(order: Order, event: OrderEvent) -> Order:
    if isinstance(event, OrderOpened):
        return Opened(Content(event, event.quantity, event.amount, event.occurred_at))
    state = known(order)
    it = replace(state.it, since=event.occurred_at)
    match event:
        case OrderChanged():
            return replace(state, it=replace(it, quantity=event.quantity, amount=event.amount))
        case OrderConfirmed():
            return Confirmed(replace(it, promises=(Promise(event.promised_on, event.occurred_at),)))
        case OrderRepromised():
            moved = (event.promised_on - event.previous).days
            promise = Promise(event.promised_on, event.occurred_at, moved, event.reason)
            return replace(state, it=replace(it, promises=(*it.promises, promise)))
        case OrderReady():
            return Ready(it)
        case OrderShipped():
            return Shipped(it)
        case OrderDelivered():
            return Delivered(it)
        case OrderReturned():
            return replace(state, it=replace(it, returns=(*it.returns, event)))
        case OrderCancelled():
            return Cancelled(it)
        case _:
            assert_never(event)


def whose(order: Order) -> Whose:
    if isinstance(order, NotOpened):
        return EVERYBODYS
    opened = order.it.opened
    return Whose(department=opened.department, account_id=opened.account_id)


ORDER: Final = Aggregate[Order, OrderEvent](
    category="order",
    initial=NotOpened(),
    evolve=evolve,
    whose=whose,
)


def open_order(order: Order, *, opened: OrderOpened) -> list[OrderEvent]:
    match order:
        case NotOpened():
            return [opened]
        case _:
            was = known(order).it.opened
            kept = {
                "occurred_at": was.occurred_at,
                "unit_cost": was.unit_cost,
                "cost_version": was.cost_version,
                "department": was.department,
            }
            if was == opened.model_copy(update=kept):
                return []
            raise Refused("Another order has this id.", code="id-taken")


def change(order: Order, *, quantity: int, amount: Money, at: datetime) -> list[OrderEvent]:
    it = not_shipped(order, at).it
    if (it.quantity, it.amount) == (quantity, amount):
        return []
    changed = OrderChanged(
        order_id=it.opened.order_id,
        quantity=quantity,
        amount=amount,
        previous_amount=it.amount,
        occurred_at=at,
    )
    return [changed]


def cancel(order: Order, *, reason: str, at: datetime) -> list[OrderEvent]:
    if isinstance(order, Cancelled):
        return []
    it = not_shipped(order, at).it
    return [OrderCancelled(order_id=it.opened.order_id, reason=reason, occurred_at=at)]


def call_off(order: Order, *, reason: str, at: datetime) -> list[OrderEvent]:
    """Cancel because of something elsewhere; word of it may come after newer things happened here."""
    return cancel(order, reason=reason, at=max(at, known(order).it.since))


def known(order: Order) -> Known:
    """The order, if there is one; raises ``NotFound``."""
    if isinstance(order, NotOpened):
        raise NotFound("There is no such order.")
    return order


def not_shipped(order: Order, at: datetime) -> Opened | Confirmed | Ready:
    match known(order):
        case Opened() | Confirmed() | Ready() as open_still:
            not_before(open_still.it, at)
            return open_still
        case Shipped() | Delivered():
            raise Refused("The order was shipped already.", code="already-shipped")
        case Cancelled():
            raise is_cancelled()
        case state:
            assert_never(state)


def not_before(it: Content, at: datetime) -> None:
    if at < it.since:
        raise Refused("Something happened to the order after that moment already.", code="out-of-order")


def is_cancelled() -> Refused:
    return Refused("The order is cancelled.", code="order-cancelled")
