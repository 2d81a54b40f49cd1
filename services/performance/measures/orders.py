"""What an order 订单 adds to the boards: that it was shipped, and whether it came when first promised."""

from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from services.performance.days import day_of
from shared.events.order import OrderDelivered, OrderEvent, OrderOpened, OrderShipped
from shared.projections.projection import Contribution, Projection, place


class Order(msgspec.Struct, frozen=True):
    owner: str = ""
    line: str = ""
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    first_promise: date | None = None


def evolve(order: Order, event: OrderEvent) -> Order:
    match event:
        case OrderOpened():
            return Order(owner=event.owner, line=event.line)
        case OrderShipped():
            return msgspec.structs.replace(order, shipped_at=event.occurred_at)
        case OrderDelivered():
            return msgspec.structs.replace(
                order, delivered_at=event.occurred_at, first_promise=event.first_promise
            )
        case _:
            return order


def contribute(order: Order, *, zone: ZoneInfo) -> Contribution:
    cells = {}
    if order.shipped_at is not None:
        shipped = place(day=day_of(order.shipped_at, zone), person=order.owner, line=order.line)
        cells[shipped.of("orders_shipped")] = 1
    if order.delivered_at is not None and order.first_promise is not None:
        day = day_of(order.delivered_at, zone)
        delivered = place(day=day, person=order.owner, line=order.line)
        cells[delivered.of("orders_delivered")] = 1
        if day <= order.first_promise.isoformat():
            cells[delivered.of("orders_on_time")] = 1
    return cells


def orders(zone: ZoneInfo) -> Projection[Order]:
    return Projection(
        name="orders",
        version=1,
        state=Order,
        initial=Order(),
        events=(OrderOpened, OrderShipped, OrderDelivered),
        evolve=evolve,
        contribute=partial(contribute, zone=zone),
    )
