"""What the API shows of an order."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.orders import order, order_list
from shared.events.event import Day, Money
from shared.service.history import Happened


class OrderRow(BaseModel):
    """An order as a list shows it."""

    id: str
    state: order.StateName
    title: str
    account_id: str | None
    deal_id: str | None
    owner: str
    product: str
    line: str
    quantity: int
    amount: Money
    promised_on: Day | None
    returned_quantity: int
    returned_amount: Money
    department: str | None
    """Whose it is; at an account, that one's department counts."""

    @classmethod
    def of(cls, it: order_list.Order) -> Self:
        return cls(
            id=it.id,
            state=it.state,
            title=it.title,
            account_id=it.account_id,
            deal_id=it.deal_id,
            owner=it.owner,
            product=it.product,
            line=it.line,
            quantity=it.quantity,
            amount=Money(minor=it.minor, currency=it.currency),
            promised_on=it.promised_on,
            returned_quantity=it.returned,
            returned_amount=Money(minor=it.returned_minor, currency=it.currency),
            department=it.department,
        )


class Promised(BaseModel):
    """One line of the promise ledger; ``moved_days`` says how much later than the promise before it is."""

    model_config = ConfigDict(from_attributes=True)

    promised_on: Day
    made_at: datetime
    moved_days: int
    reason: str | None


class Returned(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    return_id: str
    quantity: int
    amount: Money
    reason: str
    occurred_at: datetime


class OrderView(OrderRow):
    first_promise: Day | None
    """The promise that on-time delivery is held against."""
    promises: list[Promised]
    returns: list[Returned]
    unit_cost: Money | None
    """What one piece cost us when the order was opened."""
    cost_version: int | None
    history: list[Happened]

    @classmethod
    def told(cls, order_id: str, state: order.Known, history: list[Happened]) -> Self:
        it = state.it
        opened = {"title", "account_id", "deal_id", "owner", "product", "line", "department"}
        return cls(
            **it.opened.model_dump(include={*opened, "unit_cost", "cost_version"}),
            id=order_id,
            state=state.name,
            quantity=it.quantity,
            amount=it.amount,
            promised_on=it.promised_on,
            first_promise=it.first_promise,
            promises=[Promised.model_validate(promise) for promise in it.promises],
            returned_quantity=it.returned_quantity,
            returned_amount=it.returned_amount,
            returns=[Returned.model_validate(back) for back in it.returns],
            history=history,
        )
