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
    OrderShipped,
)
from shared.eventstore.decider import Aggregate, NotFound, Refused

StateName = Literal["opened", "confirmed", "ready", "shipped", "delivered", "cancelled"]


@dataclass(frozen=True)
class NotOpened:
    pass


@dataclass(frozen=True)
class Content:
    """What an order is about, wherever it stands."""

    opened: OrderOpened
    quantity: int
    amount: Money
    promised_on: date | None
    first_promise: date | None
    """The day on-time delivery is held against, whatever was promised later."""
    since: datetime
    """When the last thing happened to it; nothing can happen before."""


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
        return Opened(Content(event, event.quantity, event.amount, None, None, event.occurred_at))
    state = known(order)
    it = replace(state.it, since=event.occurred_at)
    match event:
        case OrderChanged():
            return replace(state, it=replace(it, quantity=event.quantity, amount=event.amount))
        case OrderConfirmed():
            return Confirmed(replace(it, promised_on=event.promised_on, first_promise=event.promised_on))
        case OrderRepromised():
            return replace(state, it=replace(it, promised_on=event.promised_on))
        case OrderReady():
            return Ready(it)
        case OrderShipped():
            return Shipped(it)
        case OrderDelivered():
            return Delivered(it)
        case OrderCancelled():
            return Cancelled(it)
        case _:
            assert_never(event)


ORDER: Final = Aggregate[Order, OrderEvent](
    category="order",
    initial=NotOpened(),
    evolve=evolve,
)


def open_order(order: Order, *, opened: OrderOpened) -> list[OrderEvent]:
    match order:
        case NotOpened():
            return [opened]
        case _:
            was = known(order).it.opened
            if was == opened.model_copy(update={"occurred_at": was.occurred_at}):
                return []
            raise Refused("Another order has this id.", code="id-taken")


def change(order: Order, *, quantity: int, amount: Money, at: datetime) -> list[OrderEvent]:
    it = _not_shipped(order, at).it
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


def confirm(order: Order, *, promised_on: date, at: datetime) -> list[OrderEvent]:
    match known(order):
        case Opened(it=it):
            _not_before(it, at)
            return [OrderConfirmed(order_id=it.opened.order_id, promised_on=promised_on, occurred_at=at)]
        case Cancelled():
            raise _is_cancelled()
        case Confirmed(it=it) | Ready(it=it) | Shipped(it=it) | Delivered(it=it):
            if it.first_promise == promised_on:
                return []
            raise Refused(f"{it.promised_on} is promised already; promise another day.", code="confirmed")
        case state:
            assert_never(state)


def repromise(order: Order, *, promised_on: date, reason: str, at: datetime) -> list[OrderEvent]:
    it = _not_shipped(order, at).it
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
            _not_before(it, at)
            return [OrderReady(order_id=it.opened.order_id, occurred_at=at)]
        case Ready() | Shipped() | Delivered():
            return []
        case Cancelled():
            raise _is_cancelled()
        case state:
            assert_never(state)


def ship(order: Order, *, carrier: str | None, at: datetime) -> list[OrderEvent]:
    match known(order):
        case Opened():
            raise _not_confirmed()
        case Confirmed():
            raise Refused("The order is not ready yet.", code="not-ready")
        case Ready(it=it):
            _not_before(it, at)
            shipped = OrderShipped(
                order_id=it.opened.order_id,
                account_id=it.opened.account_id,
                owner=it.opened.owner,
                line=it.opened.line,
                amount=it.amount,
                carrier=carrier,
                occurred_at=at,
            )
            return [shipped]
        case Shipped() | Delivered():
            return []
        case Cancelled():
            raise _is_cancelled()
        case state:
            assert_never(state)


def deliver(order: Order, *, proof: str | None, at: datetime) -> list[OrderEvent]:
    match known(order):
        case Opened() | Confirmed() | Ready():
            raise Refused("The order was not shipped yet.", code="not-shipped")
        case Shipped(it=it):
            _not_before(it, at)
            delivered = OrderDelivered(
                order_id=it.opened.order_id,
                account_id=it.opened.account_id,
                owner=it.opened.owner,
                proof=proof,
                first_promise=it.first_promise,
                occurred_at=at,
            )
            return [delivered]
        case Delivered():
            return []
        case Cancelled():
            raise _is_cancelled()
        case state:
            assert_never(state)


def cancel(order: Order, *, reason: str, at: datetime) -> list[OrderEvent]:
    if isinstance(order, Cancelled):
        return []
    it = _not_shipped(order, at).it
    return [OrderCancelled(order_id=it.opened.order_id, reason=reason, occurred_at=at)]


def call_off(order: Order, *, reason: str, at: datetime) -> list[OrderEvent]:
    """Cancel because of something elsewhere; word of it may come after newer things happened here."""
    return cancel(order, reason=reason, at=max(at, known(order).it.since))


def known(order: Order) -> Known:
    """The order, if there is one; raises ``NotFound``."""
    if isinstance(order, NotOpened):
        raise NotFound("There is no such order.")
    return order


def _not_shipped(order: Order, at: datetime) -> Opened | Confirmed | Ready:
    match known(order):
        case Opened() | Confirmed() | Ready() as open_still:
            _not_before(open_still.it, at)
            return open_still
        case Shipped() | Delivered():
            raise Refused("The order was shipped already.", code="already-shipped")
        case Cancelled():
            raise _is_cancelled()
        case state:
            assert_never(state)


def _not_before(it: Content, at: datetime) -> None:
    if at < it.since:
        raise Refused("Something happened to the order after that moment already.", code="out-of-order")


def _not_confirmed() -> Refused:
    return Refused("The order is not confirmed yet.", code="not-confirmed")


def _is_cancelled() -> Refused:
    return Refused("The order is cancelled.", code="order-cancelled")
