"""The orders of a deal: one for each time it was won, in a chain of ids that anybody can follow.

The first has the deal's id. A deal that is reopened and won again gets the next of its chain once
the order before it was cancelled, so that no more than one stands at any time.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from services.orders.order import Cancelled, NotOpened, Order
from shared.events.deal import DealReopened, DealWon
from shared.events.order import OrderEvent, OrderOpened
from shared.eventstore.decider import Decider, Refused

Orders = Decider[Order, OrderEvent]


class Link(NamedTuple):
    """An id of a deal's chain, and the order that has it."""

    order_id: str
    order: Order


def order_of(deal_id: str, nth: int) -> str:
    """The id of the deal's first (1), second, … order."""
    return deal_id if nth == 1 else str(uuid5(NAMESPACE_URL, f"urn:baton:order-of-deal:{deal_id}:{nth}"))


def opened_by(won: DealWon, order_id: str) -> OrderOpened:
    return OrderOpened(
        order_id=order_id,
        title=won.title,
        account_id=won.account_id,
        deal_id=won.deal_id,
        deal_won_at=won.occurred_at,
        owner=won.owner,
        product=won.product,
        line=won.line,
        quantity=won.quantity or 1,
        amount=won.amount,
        department=won.department,
        occurred_at=won.occurred_at,
    )


def open_won(order: Order, *, opened: OrderOpened) -> list[OrderEvent]:
    """Open the order of a won deal, unless this very win opened it; another that stands is left alone."""
    if isinstance(order, NotOpened):
        return [opened]
    if _is_of(order, opened.deal_id, opened.deal_won_at):
        return []
    raise Refused("An earlier order of this deal stands.", code="order-stands")


async def place_for(orders: Orders, won: DealWon) -> Link:
    """Where this win belongs: the order it opened before, else one that stands, else the first free id."""

    def ends_here(order: Order) -> bool:
        return _is_of(order, won.deal_id, won.occurred_at) or not _passed_over(order, won.deal_id)

    return await _first(orders, won.deal_id, ends_here)


async def standing_before(orders: Orders, reopened: DealReopened) -> Link | None:
    """The order that stands from a win before the deal was reopened; one of a later win is not meant."""
    link = await _first(orders, reopened.deal_id, lambda order: not _passed_over(order, reopened.deal_id))
    if isinstance(link.order, NotOpened):
        return None
    opened = link.order.it.opened
    return link if (opened.deal_won_at or opened.occurred_at) <= reopened.occurred_at else None


async def _first(orders: Orders, deal_id: str, fits: Callable[[Order], bool]) -> Link:
    nth = 1
    while True:  # ends at the first id nobody has used, at the latest
        link = Link(order_of(deal_id, nth), (await orders.load(order_of(deal_id, nth))).state)
        if fits(link.order):
            return link
        nth += 1


def _passed_over(order: Order, deal_id: str) -> bool:
    """Cancelled, or an order that somebody made under this id for something else."""
    match order:
        case NotOpened():
            return False
        case Cancelled():
            return True
        case _:
            return order.it.opened.deal_id != deal_id


def _is_of(order: Order, deal_id: str | None, won_at: datetime | None) -> bool:
    if isinstance(order, NotOpened):
        return False
    return (order.it.opened.deal_id, order.it.opened.deal_won_at) == (deal_id, won_at)
