"""Exchange rates over HTTP."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.performance import rate
from services.performance.measures import rates as seen
from shared.events.event import Day, Label
from shared.events.rate import Currency, Exact, RateEvent, RateSet
from shared.eventstore.decider import Decider
from shared.projections.lists import Kept
from shared.service.actor import Asking
from shared.service.commands import Asked, Body, Created, of_app

router = APIRouter(prefix="/rates", tags=["rates 汇率"])

Rates = Annotated[Decider[rate.Table, RateEvent], of_app("rates")]
RateList = Annotated[Kept[seen.DayRate], of_app("rate_list")]

MOST_AT_ONCE: Final = 400


class OfPair(Body):
    """1 base is so much quote."""

    base: Currency
    quote: Currency


class SetRate(OfPair):
    on: Day
    """The first business day it is the rate of; it stays so until the pair's next rate."""
    rate: Exact
    source: Label


class OneDay(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    on: Day
    rate: Exact


class SetTable(OfPair):
    source: Label
    rates: Annotated[Sequence[OneDay], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Withdraw(OfPair):
    on: Day


class RateView(BaseModel):
    base: str
    quote: str
    on: Day
    rate: Exact
    source: str


@router.post("", status_code=201, summary="Set the rate of a day, or correct it 设定汇率")
async def set_rate(body: SetRate, rates: Rates, asked: Asked) -> Created:
    pair = rate.pair(body.base, body.quote)
    wanted = RateSet(rate_id=pair, **body.model_dump(exclude={"occurred_at"}), occurred_at=asked.at(body))
    await asked.run(rates, pair, partial(rate.set_rates, wanted=[wanted]))
    return Created(id=pair)


@router.post("/table", status_code=201, summary="Set the rates of many days, all or none 批量设定汇率")
async def set_table(body: SetTable, rates: Rates, asked: Asked) -> Created:
    pair = rate.pair(body.base, body.quote)
    content = {"base": body.base, "quote": body.quote, "source": body.source, "occurred_at": asked.at(body)}
    wanted = [RateSet(rate_id=pair, on=day.on, rate=day.rate, **content) for day in body.rates]
    await asked.run(rates, pair, partial(rate.set_rates, wanted=wanted))
    return Created(id=pair)


@router.post("/withdraw", status_code=204, summary="Withdraw the rate of a day 撤销汇率")
async def withdraw(body: Withdraw, rates: Rates, asked: Asked) -> None:
    decide = partial(rate.withdraw, on=body.on, at=asked.at(body))
    await asked.run(rates, rate.pair(body.base, body.quote), decide)


@router.get("", summary="The rates that stand, by pair and day 汇率")
def all_rates(
    rates: RateList, _actor: Asking, base: Currency | None = None, quote: Currency | None = None
) -> list[RateView]:
    found = [
        RateView(base=it.base, quote=it.quote, on=it.on, rate=it.rate, source=it.source)
        for _, it in rates.all()
        if it.on and base in (None, it.base) and quote in (None, it.quote)
    ]
    return sorted(found, key=lambda it: (it.base, it.quote, it.on))
