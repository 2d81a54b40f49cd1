"""Deals over HTTP."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter

from services.customers import deal
from shared.events.deal import DealEvent, DealOpened, Grade, Stage
from shared.events.event import Day, Id, Instant, Label, Money, Text
from shared.eventstore.decider import Decider
from shared.service.commands import Asked, Body, Created, of_app

router = APIRouter(prefix="/deals", tags=["deals 商机"])

Deals = Annotated[Decider[deal.Deal, DealEvent], of_app("deals")]


class OpenDeal(Body):
    id: Id | None = None
    title: Text
    account_id: Id | None = None
    owner: Id
    product: Label
    line: Label
    grade: Grade = "B"
    stage: Stage = "prospecting"
    amount: Money
    expected_close: Day | None = None
    lead_id: Id | None = None
    lead_created_at: Instant | None = None

    def event(self, deal_id: str, at: datetime) -> DealOpened:
        return DealOpened(deal_id=deal_id, **self.model_dump(exclude={"id", "occurred_at"}), occurred_at=at)


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


@router.post("", status_code=201, summary="Open a deal")
async def open_deal(body: OpenDeal, deals: Deals, asked: Asked) -> Created:
    deal_id = asked.new_id(body.id)
    opened = body.event(deal_id, asked.at(body))
    await asked.run(deals, deal_id, partial(deal.open_deal, opened=opened))
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
