"""Orders over HTTP."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter

from services.orders import delivery, order, order_list
from services.orders.costs import Products, costed
from services.orders.order_views import OrderRow, OrderView
from shared.departments.seeing import Customers, InSight, Seen
from shared.events.event import Day, Id, Label, Money, Quantity, Slug, Text
from shared.events.order import OrderEvent, OrderOpened
from shared.eventstore.decider import Decider
from shared.eventstore.store import EventStore
from shared.projections.lists import Kept
from shared.service.commands import Asked, Body, Created, of_app
from shared.service.history import history
from shared.service.pages import Cursor, Limit, Listed

router = APIRouter(prefix="/orders", tags=["orders 订单"], dependencies=[InSight])

Orders = Annotated[Decider[order.Order, OrderEvent], of_app("orders")]
OrderList = Annotated[Kept[order_list.Order], of_app("order_list")]
Catalogue = Annotated[Products, of_app("products")]
Store = Annotated[EventStore, of_app("store")]


class OpenOrder(Body):
    id: Id | None = None
    title: Text
    account_id: Id | None = None
    deal_id: Id | None = None
    owner: Id
    product: Label
    line: Label
    quantity: Quantity = 1
    amount: Money
    department: Slug | None = None
    """Whose it is where it is at no account; sales open orders for their own department."""

    def event(self, order_id: str, *, department: str | None, at: datetime) -> OrderOpened:
        content = self.model_dump(exclude={"id", "department", "occurred_at"})
        return OrderOpened(order_id=order_id, **content, department=department, occurred_at=at)


class Change(Body):
    quantity: Quantity
    amount: Money


class Confirm(Body):
    promised_on: Day


class Repromise(Body):
    promised_on: Day
    reason: Text


class MakeReady(Body):
    pass


class Ship(Body):
    carrier: Label | None = None


class Deliver(Body):
    proof: Text | None = None


class Return(Body):
    id: Id | None = None
    """Of the return; the same one again is taken back once."""
    quantity: Quantity
    amount: Money
    """What the customer does not pay, or gets back, for these pieces."""
    reason: Text


class Cancel(Body):
    reason: Text


@router.post("", status_code=201, summary="Open an order 下单")
async def open_order(
    body: OpenOrder, orders: Orders, products: Catalogue, customers: Customers, asked: Asked
) -> Created:
    order_id = asked.new_id(body.id)
    await customers.must_have(body.account_id)
    department = asked.department(body.department)
    opened = await costed(products, body.event(order_id, department=department, at=asked.at(body)))
    await asked.run(orders, order_id, partial(order.open_order, opened=opened))
    return Created(id=order_id)


@router.post("/{order_id}/change", status_code=204, summary="Change its quantity and amount 变更")
async def change(order_id: Id, body: Change, orders: Orders, asked: Asked) -> None:
    decide = partial(order.change, quantity=body.quantity, amount=body.amount, at=asked.at(body))
    await asked.run(orders, order_id, decide)


@router.post("/{order_id}/confirm", status_code=204, summary="Promise a delivery day 确认交期")
async def confirm(order_id: Id, body: Confirm, orders: Orders, asked: Asked) -> None:
    await asked.run(
        orders, order_id, partial(delivery.confirm, promised_on=body.promised_on, at=asked.at(body))
    )


@router.post("/{order_id}/repromise", status_code=204, summary="Promise another day 改期")
async def repromise(order_id: Id, body: Repromise, orders: Orders, asked: Asked) -> None:
    decide = partial(delivery.repromise, promised_on=body.promised_on, reason=body.reason, at=asked.at(body))
    await asked.run(orders, order_id, decide)


@router.post("/{order_id}/ready", status_code=204, summary="Production is done 完工")
async def make_ready(order_id: Id, body: MakeReady, orders: Orders, asked: Asked) -> None:
    await asked.run(orders, order_id, partial(delivery.make_ready, at=asked.at(body)))


@router.post("/{order_id}/ship", status_code=204, summary="The goods leave 发货")
async def ship(order_id: Id, body: Ship, orders: Orders, asked: Asked) -> None:
    await asked.run(orders, order_id, partial(delivery.ship, carrier=body.carrier, at=asked.at(body)))


@router.post("/{order_id}/deliver", status_code=204, summary="The customer has them 签收")
async def deliver(order_id: Id, body: Deliver, orders: Orders, asked: Asked) -> None:
    await asked.run(orders, order_id, partial(delivery.deliver, proof=body.proof, at=asked.at(body)))


@router.post("/{order_id}/return", status_code=201, summary="Goods come back 退货")
async def take_back(order_id: Id, body: Return, orders: Orders, asked: Asked) -> Created:
    return_id = asked.new_id(body.id)
    decide = partial(
        delivery.take_back,
        return_id=return_id,
        quantity=body.quantity,
        amount=body.amount,
        reason=body.reason,
        at=asked.at(body),
    )
    await asked.run(orders, order_id, decide)
    return Created(id=return_id)


@router.post("/{order_id}/cancel", status_code=204, summary="Cancel it 取消")
async def cancel(order_id: Id, body: Cancel, orders: Orders, asked: Asked) -> None:
    await asked.run(orders, order_id, partial(order.cancel, reason=body.reason, at=asked.at(body)))


@router.get("", summary="Orders, newest first")
def some_orders(
    kept: OrderList,
    seen: Seen,
    state: order.StateName | None = None,
    account: Id | None = None,
    owner: Id | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[OrderRow]:
    where = {"state": state, "account": account, "owner": owner}
    page = kept.page(where=where, among=seen, cursor=cursor, limit=limit)
    return Listed(items=[OrderRow.of(it) for _, it in page.items], next=page.next)


@router.get("/{order_id}", summary="One order, with its history")
async def one_order(order_id: Id, orders: Orders, store: Store) -> OrderView:
    state = order.known((await orders.load(order_id)).state)
    return OrderView.told(order_id, state, await history(store, order.ORDER.stream(order_id)))
