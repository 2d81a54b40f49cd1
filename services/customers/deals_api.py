"""Deals over HTTP."""

from datetime import datetime
from functools import partial

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.customers import deal, lead
from services.customers.deal_changes import Changed, changes
from services.customers.deal_list import DEALS, DealState
from services.customers.pages import listed, view
from services.customers.parts import Accounts, DealList, Deals, Leads, Store
from services.customers.seeing import customer_of
from services.customers.shown import shown
from shared.departments.seeing import InSight, Seen
from shared.events.deal import DealOpened, Grade, Stage
from shared.events.event import Day, Id, Label, Money, Quantity, Slug, Text
from shared.service.commands import Asked, Body, Created
from shared.service.history import Happened
from shared.service.pages import Cursor, Limit, Listed

router = APIRouter(prefix="/deals", tags=["deals 商机"], dependencies=[InSight])


class OpenDeal(Body):
    id: Id | None = None
    title: Text
    account_id: Id | None = None
    owner: Id
    product: Label
    line: Label
    quantity: Quantity | None = None
    """Pieces, where they are known: its order is made for so many."""
    grade: Grade = "B"
    stage: Stage = "prospecting"
    amount: Money
    expected_close: Day | None = None
    lead_id: Id | None = None
    department: Slug | None = None
    """Whose it is where it is at no account; sales open deals for their own department."""

    def event(
        self, deal_id: str, *, lead_created_at: datetime | None, department: str | None, at: datetime
    ) -> DealOpened:
        content = self.model_dump(exclude={"id", "department", "occurred_at"})
        came = {"lead_created_at": lead_created_at, "department": department, "occurred_at": at}
        return DealOpened(deal_id=deal_id, **content, **came)


class Advance(Body):
    stage: Stage


class Reprice(Body):
    amount: Money


class Reschedule(Body):
    expected_close: Day


class GradeDeal(Body):
    grade: Grade


class Reassign(Body):
    owner: Id


class Win(Body):
    amount: Money | None = None
    """What the customer agreed to; the deal's amount when absent."""


class Lose(Body):
    reason: Text
    competitor: Label | None = None


class Reopen(Body):
    reason: Text


class DealView(BaseModel):
    id: str
    title: str
    account_id: str | None
    owner: str
    product: str
    line: str
    grade: Grade
    stage: Stage
    """Where it stands, or stood when it was closed."""
    state: DealState
    amount: Money
    expected_close: Day | None
    lead_id: str | None
    department: str | None
    """Whose it is; at an account, that one's department counts."""
    reason: str | None
    """Why it was lost."""
    competitor: str | None
    opened_at: datetime
    closed_at: datetime | None
    changed_at: datetime


class DealFile(DealView):
    changes: list[Changed]
    """Every change of what boards and forecasts look at, with the value before it."""
    history: list[Happened]


@router.post("", status_code=201, summary="Open a deal")
async def open_deal(body: OpenDeal, deals: Deals, accounts: Accounts, leads: Leads, asked: Asked) -> Created:
    deal_id = asked.new_id(body.id)
    customer = await customer_of(accounts, body.account_id, asked.actor)
    came_from = lead.content((await leads.load(body.lead_id)).state).created if body.lead_id else None
    opened = body.event(
        deal_id,
        lead_created_at=came_from.occurred_at if came_from else None,
        department=asked.department(body.department),
        at=asked.at(body),
    )
    await asked.run(deals, deal_id, partial(deal.open_deal, opened=opened, customer=customer))
    return Created(id=deal_id)


@router.post("/{deal_id}/advance", status_code=204, summary="Move it to another stage")
async def advance(deal_id: Id, body: Advance, deals: Deals, asked: Asked) -> None:
    await asked.run(deals, deal_id, partial(deal.advance, stage=body.stage, at=asked.at(body)))


@router.post("/{deal_id}/reprice", status_code=204, summary="Change its amount")
async def reprice(deal_id: Id, body: Reprice, deals: Deals, asked: Asked) -> None:
    await asked.run(deals, deal_id, partial(deal.reprice, amount=body.amount, at=asked.at(body)))


@router.post("/{deal_id}/reschedule", status_code=204, summary="Change the day it should close")
async def reschedule(deal_id: Id, body: Reschedule, deals: Deals, asked: Asked) -> None:
    decide = partial(deal.reschedule, expected_close=body.expected_close, at=asked.at(body))
    await asked.run(deals, deal_id, decide)


@router.post("/{deal_id}/grade", status_code=204, summary="Grade it A, B or C")
async def grade(deal_id: Id, body: GradeDeal, deals: Deals, asked: Asked) -> None:
    await asked.run(deals, deal_id, partial(deal.grade, grade=body.grade, at=asked.at(body)))


@router.post("/{deal_id}/reassign", status_code=204, summary="Give it to another person")
async def reassign(deal_id: Id, body: Reassign, deals: Deals, asked: Asked) -> None:
    await asked.run(deals, deal_id, partial(deal.reassign, owner=body.owner, at=asked.at(body)))


@router.post("/{deal_id}/win", status_code=204, summary="The customer said yes 赢单")
async def win(deal_id: Id, body: Win, deals: Deals, asked: Asked) -> None:
    await asked.run(deals, deal_id, partial(deal.win, amount=body.amount, at=asked.at(body)))


@router.post("/{deal_id}/lose", status_code=204, summary="The customer said no 输单")
async def lose(deal_id: Id, body: Lose, deals: Deals, asked: Asked) -> None:
    decide = partial(deal.lose, reason=body.reason, competitor=body.competitor, at=asked.at(body))
    await asked.run(deals, deal_id, decide)


@router.post("/{deal_id}/reopen", status_code=204, summary="Open a closed deal again")
async def reopen(deal_id: Id, body: Reopen, deals: Deals, asked: Asked) -> None:
    await asked.run(deals, deal_id, partial(deal.reopen, reason=body.reason, at=asked.at(body)))


@router.get("", summary="Deals, newest first")
def all_deals(
    deal_list: DealList,
    seen: Seen,
    stage: Stage | None = None,
    owner: Id | None = None,
    account: Id | None = None,
    state: DealState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[DealView]:
    where = {"stage": stage, "owner": owner, "account": account, "state": state}
    return listed(DealView, deal_list.page(where=where, among=seen, cursor=cursor, limit=limit))


@router.get("/{deal_id}", summary="One deal with every change of it")
async def one_deal(deal_id: Id, store: Store, response: Response) -> DealFile:
    it = await shown(store, DEALS, deal.DEAL.stream(deal_id), response)
    return view(DealFile, it.now, changes=changes(it.states, it.history), history=it.history)
