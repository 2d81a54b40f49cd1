"""What an order 订单 adds to the boards: itself, what was sold and came back, its margin, its promise."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from services.performance.days import day_of
from services.performance.measures.order import Order, evolve
from shared.events.order import (
    OrderCancelled,
    OrderChanged,
    OrderConfirmed,
    OrderDelivered,
    OrderOpened,
    OrderRepromised,
    OrderReturned,
    OrderShipped,
)
from shared.projections.projection import Cell, Contribution, Projection, place

MOST: Final = 10**15
"""What ``Money`` holds at most; a cost beyond it is a slip, and counts as none."""

Part = tuple[Cell, int]


def contribute(order: Order, *, zone: ZoneInfo) -> Contribution:
    """A cancelled order was none; its shipping, its returns and its slips stand on their own days."""
    if order.opened_at is None:
        return {}
    cells: Counter[Cell] = Counter()
    for part in (_ordered, _sold, _came_back, _promise, _slips):
        for cell, value in part(order, zone):
            cells[cell] += value
    return dict(cells)


def _ordered(order: Order, zone: ZoneInfo) -> Iterator[Part]:
    if order.opened_at is None or order.cancelled:
        return
    opened = _place(order, order.opened_at, zone)
    yield opened.of("orders_count"), 1
    yield opened.of("ordered_quantity"), order.quantity
    yield opened.of("ordered_amount", currency=order.currency), order.minor
    if order.customer and not order.of_deal:
        yield replace(opened, customer=order.customer).of("direct_purchases"), 1


def _sold(order: Order, zone: ZoneInfo) -> Iterator[Part]:
    if order.shipped_at is None:
        return
    shipped = _place(order, order.shipped_at, zone)
    priced = replace(shipped, currency=order.currency)
    yield shipped.of("orders_shipped"), 1
    yield replace(priced, customer=order.customer).of("revenue_amount"), order.minor
    cost = _cost(order, order.quantity, order.currency)
    if cost is not None:
        yield priced.of("costed_revenue_amount"), order.minor
        yield priced.of("cost_amount"), cost


def _came_back(order: Order, zone: ZoneInfo) -> Iterator[Part]:
    """Each return on its own day: the day of shipping stays as it was."""
    for back in order.returns:
        returned = _place(order, back.at, zone)
        priced = replace(returned, currency=back.currency)
        yield returned.of("returned_quantity"), back.quantity
        yield replace(priced, customer=order.customer).of("returned_amount"), back.minor
        cost = _cost(order, back.quantity, back.currency)
        if cost is not None:
            yield priced.of("costed_returned_amount"), back.minor
            yield priced.of("returned_cost_amount"), cost


def _cost(order: Order, quantity: int, currency: str) -> int | None:
    """What so many pieces cost us; ``None`` where that is not known in this currency."""
    if order.unit_cost is None or order.cost_currency != currency:
        return None
    cost = order.unit_cost * quantity
    return cost if cost <= MOST else None


def _promise(order: Order, zone: ZoneInfo) -> Iterator[Part]:
    """On time in full, on the day that was promised first: whether it is late is asked of that day."""
    if order.delivered_at is not None:
        delivered = _place(order, order.delivered_at, zone)
        yield delivered.of("orders_delivered"), 1
    if order.first_promise is None or order.cancelled:
        return
    promised = _on(order, order.first_promise)
    if order.delivered_at is None:
        yield promised.of("promised_open"), 1
    elif day_of(order.delivered_at, zone) <= promised.day:
        yield promised.of("promised_on_time"), 1
    else:
        yield promised.of("promised_late"), 1


def _slips(order: Order, zone: ZoneInfo) -> Iterator[Part]:
    for slip in order.slips:
        slipped = _place(order, slip.at, zone)
        yield slipped.of("slips"), 1
        yield slipped.of("slip_days"), slip.days


def _place(order: Order, at: datetime, zone: ZoneInfo) -> Cell:
    return place(day=day_of(at, zone), person=order.owner, line=order.line, product=order.product)


def _on(order: Order, day: date) -> Cell:
    return place(day=day.isoformat(), person=order.owner, line=order.line, product=order.product)


def orders(zone: ZoneInfo) -> Projection[Order]:
    return Projection(
        name="orders",
        version=2,
        state=Order,
        initial=Order(),
        events=(
            OrderOpened,
            OrderChanged,
            OrderConfirmed,
            OrderRepromised,
            OrderShipped,
            OrderDelivered,
            OrderReturned,
            OrderCancelled,
        ),
        evolve=evolve,
        contribute=partial(contribute, zone=zone),
    )
