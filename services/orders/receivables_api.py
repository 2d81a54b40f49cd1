"""Receivables over HTTP."""

from datetime import date, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from services.orders import paying_back, receivable, receivable_list
from shared.departments.seeing import InSight, Seen
from shared.events.event import Day, Id, Label, Money, Slug, Text
from shared.events.receivable import InvoiceIssued, ReceivableEvent
from shared.eventstore.decider import Decider
from shared.eventstore.store import EventStore
from shared.projections.lists import Kept
from shared.service.commands import Asked, Body, Created, of_app
from shared.service.history import Happened, history
from shared.service.pages import Cursor, Limit, Listed

router = APIRouter(prefix="/receivables", tags=["receivables 回款"], dependencies=[InSight])

Receivables = Annotated[Decider[receivable.Receivable, ReceivableEvent], of_app("receivables")]
ReceivableList = Annotated[Kept[receivable_list.Receivable], of_app("receivable_list")]
Store = Annotated[EventStore, of_app("store")]


def _today(request: Request) -> date:
    return datetime.now(request.app.state.settings.timezone()).date()


Today = Annotated[date, Depends(_today)]
"""The business day it is now."""


class Issue(Body):
    id: Id | None = None
    order_id: Id
    account_id: Id | None = None
    owner: Id
    line: Label
    amount: Money
    due_on: Day
    department: Slug | None = None
    """Whose it is where it is at no account."""

    def event(self, receivable_id: str, *, by: str | None, at: datetime) -> InvoiceIssued:
        content = self.model_dump(exclude={"id", "occurred_at"})
        return InvoiceIssued(receivable_id=receivable_id, **content, issued_by=by, occurred_at=at)


class Receipt(Body):
    id: Id | None = None
    """Of the receipt; the same one again is recorded once."""
    amount: Money


class Credit(Body):
    return_id: Id
    """Of the return that is credited; the same one again is credited once."""
    amount: Money
    reason: Text


class Refund(Body):
    id: Id | None = None
    """Of the refund; the same one again is paid once."""
    amount: Money


class WriteOff(Body):
    reason: Text


class ReceivableRow(BaseModel):
    """A receivable as a list shows it; ``overdue`` when its day has passed and something is owed.

    Always ``amount`` = ``credited`` + ``written_off`` + ``paid`` - ``refunded`` + ``rest`` - ``owed_back``.
    """

    id: str
    state: receivable.StateName
    order_id: str
    account_id: str | None
    owner: str
    line: str
    amount: Money
    paid: Money
    credited: Money
    refunded: Money
    written_off: Money
    rest: Money
    """What the customer still owes."""
    owed_back: Money
    """What we owe the customer, who paid more than is left to pay since a credit."""
    due_on: Day | None
    overdue: bool
    department: str | None
    """Whose it is; at an account, that one's department counts."""


class ReceivableView(ReceivableRow):
    history: list[Happened]


@router.post("", status_code=201, summary="Issue an invoice 开票")
async def issue(body: Issue, receivables: Receivables, asked: Asked) -> Created:
    receivable_id = asked.new_id(body.id)
    invoice = body.event(receivable_id, by=asked.by, at=asked.at(body))
    await asked.run(receivables, receivable_id, partial(receivable.issue, invoice=invoice))
    return Created(id=receivable_id)


@router.post("/{receivable_id}/receipts", status_code=201, summary="Money came in 收款")
async def record_receipt(receivable_id: Id, body: Receipt, receivables: Receivables, asked: Asked) -> Created:
    receipt_id = asked.new_id(body.id)
    decide = partial(receivable.record_receipt, receipt_id=receipt_id, amount=body.amount, at=asked.at(body))
    await asked.run(receivables, receivable_id, decide)
    return Created(id=receipt_id)


@router.post("/{receivable_id}/credits", status_code=204, summary="Goods came back 退货冲减")
async def credit(receivable_id: Id, body: Credit, receivables: Receivables, asked: Asked) -> None:
    """For history and for other invoices: a return credits the receivable of its order by itself."""
    content = body.model_dump(include={"return_id", "reason"})
    decide = partial(paying_back.credit, **content, amount=body.amount, by=asked.by, at=asked.at(body))
    await asked.run(receivables, receivable_id, decide)


@router.post("/{receivable_id}/refunds", status_code=201, summary="Money goes back 退款")
async def refund(receivable_id: Id, body: Refund, receivables: Receivables, asked: Asked) -> Created:
    """409 `own-credit` for who credited what goes back."""
    refund_id = asked.new_id(body.id)
    decide = partial(
        paying_back.refund, refund_id=refund_id, amount=body.amount, by=asked.by, at=asked.at(body)
    )
    await asked.run(receivables, receivable_id, decide)
    return Created(id=refund_id)


@router.post("/{receivable_id}/write-off", status_code=204, summary="The rest will not come 坏账核销")
async def write_off(receivable_id: Id, body: WriteOff, receivables: Receivables, asked: Asked) -> None:
    """409 `own-invoice` for who issued the invoice."""
    decide = partial(receivable.write_off, reason=body.reason, by=asked.by, at=asked.at(body))
    await asked.run(receivables, receivable_id, decide)


@router.get("", summary="Receivables, newest first 应收账款")
def some_receivables(
    kept: ReceivableList,
    seen: Seen,
    today: Today,
    state: receivable.StateName | None = None,
    account: Id | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[ReceivableRow]:
    where = {"state": state, "account": account}
    page = kept.page(where=where, among=seen, cursor=cursor, limit=limit)
    return Listed(items=[_row(it, today) for _, it in page.items], next=page.next)


@router.get("/{receivable_id}", summary="One receivable, with its history")
async def one_receivable(
    receivable_id: Id, receivables: Receivables, store: Store, today: Today
) -> ReceivableView:
    state = receivable.known((await receivables.load(receivable_id)).state)
    it = state.it
    return ReceivableView(
        **it.invoice.model_dump(include={"order_id", "account_id", "owner", "line", "due_on", "department"}),
        id=receivable_id,
        state=state.name,
        amount=it.invoice.amount,
        **_amounts(it, it.invoice.amount.currency),
        overdue=state.name == "owed" and it.invoice.due_on < today,
        history=await history(store, receivable.RECEIVABLE.stream(receivable_id)),
    )


def _row(it: receivable_list.Receivable, today: date) -> ReceivableRow:
    return ReceivableRow(
        id=it.id,
        state=it.state,
        order_id=it.order_id,
        account_id=it.account_id,
        owner=it.owner,
        line=it.line,
        amount=Money(minor=it.minor, currency=it.currency),
        **_amounts(it, it.currency),
        due_on=it.due_on,
        department=it.department,
        overdue=it.state == "owed" and it.due_on is not None and it.due_on < today,
    )


def _amounts(it: receivable.Content | receivable_list.Receivable, currency: str) -> dict[str, Money]:
    minor = {"paid": it.paid, "credited": it.credited, "refunded": it.refunded, **it.balance._asdict()}
    return {name: Money(minor=value, currency=currency) for name, value in minor.items()}
