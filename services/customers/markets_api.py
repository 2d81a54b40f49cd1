"""Market estimates over HTTP."""

import asyncio
from datetime import datetime
from functools import partial

from fastapi import APIRouter
from pydantic import BaseModel

from services.customers import market
from services.customers.market_list import estimated_already
from services.customers.pages import listed
from services.customers.parts import MarketList, Markets
from shared.events.event import Day, Id, Label, Money, Text
from shared.events.market import MarketEstimated
from shared.service.actor import Asking
from shared.service.commands import Asked, Body, Created
from shared.service.pages import Cursor, Limit, Listed

router = APIRouter(prefix="/markets", tags=["markets 市场规模"])


class EstimateMarket(Body):
    id: Id | None = None
    line: Label | None = None
    """All our lines together when absent."""
    region: Label | None = None
    """All our regions together when absent."""
    start: Day
    end: Day
    """The first day no longer in the period."""
    size: Money
    source: Text
    estimated_on: Day


class MarketView(BaseModel):
    id: str
    line: str | None
    region: str | None
    start: Day
    end: Day
    size: Money
    source: str
    estimated_on: Day
    changed_at: datetime


@router.post("", status_code=201, summary="Estimate a market, or estimate it anew 市场规模")
async def estimate(body: EstimateMarket, markets: Markets, market_list: MarketList, asked: Asked) -> Created:
    """409 `market-estimated-already`, with the `existing` estimate's id, where it would count days twice."""
    market_id = asked.new_id(body.id)
    content = body.model_dump(exclude={"id", "occurred_at"})
    wanted = MarketEstimated(market_id=market_id, **content, occurred_at=asked.at(body))
    existing = await asyncio.to_thread(estimated_already, market_list, wanted)
    await asked.run(markets, market_id, partial(market.estimate, wanted=wanted, existing=existing))
    return Created(id=market_id)


@router.post("/{market_id}/withdraw", status_code=204, summary="Withdraw an estimate 撤回")
async def withdraw(market_id: Id, body: Body, markets: Markets, asked: Asked) -> None:
    await asked.run(markets, market_id, partial(market.withdraw, at=asked.at(body)))


@router.get("", summary="The estimates that stand, newest first")
def all_markets(
    market_list: MarketList,
    _actor: Asking,
    line: Label | None = None,
    region: Label | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[MarketView]:
    where = {"state": "standing", "line": line, "region": region}
    return listed(MarketView, market_list.page(where=where, cursor=cursor, limit=limit))
