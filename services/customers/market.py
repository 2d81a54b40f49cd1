"""Markets 市场规模: estimated for a period, estimated anew, withdrawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from shared.events.market import MarketEstimated, MarketEstimateWithdrawn, MarketEvent
from shared.eventstore.decider import Aggregate, NotFound, Refused

LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True)
class NotEstimated:
    pass


@dataclass(frozen=True)
class Standing:
    last: MarketEstimated


@dataclass(frozen=True)
class Withdrawn:
    last: MarketEstimated
    since: datetime


Market = NotEstimated | Standing | Withdrawn


def evolve(market: Market, event: MarketEvent) -> Market:
    match event:
        case MarketEstimated():
            return Standing(event)
        case MarketEstimateWithdrawn():
            match market:
                case Standing(last=last) | Withdrawn(last=last):
                    return Withdrawn(last, event.occurred_at)
                case NotEstimated():
                    raise ValueError("a market's first event must estimate it")
                case _:
                    assert_never(market)
        case _:
            assert_never(event)


MARKET: Final = Aggregate[Market, MarketEvent](
    category="market",
    initial=NotEstimated(),
    evolve=evolve,
)


def estimate(market: Market, *, wanted: MarketEstimated, existing: str | None) -> list[MarketEvent]:
    """Estimate it, or anew; refused where an ``existing`` estimate has the same market on the same days."""
    if not wanted.start < wanted.end:
        raise Refused("The period must end after it starts.", code="empty-period")
    if wanted.end - wanted.start > LONGEST:
        raise Refused(f"A period has at most {LONGEST.days} days.", code="long-period")
    if isinstance(market, Standing) and _same(market.last, wanted):
        return []
    _not_before(market, wanted.occurred_at)
    if existing is not None:
        raise Refused(
            "Another estimate has this market on some of these days.",
            code="market-estimated-already",
            existing=existing,
        )
    return [wanted]


def withdraw(market: Market, *, at: datetime) -> list[MarketEvent]:
    match market:
        case NotEstimated():
            raise NotFound("There is no such market estimate.")
        case Withdrawn():
            return []
        case Standing(last=last):
            _not_before(market, at)
            return [MarketEstimateWithdrawn(market_id=last.market_id, occurred_at=at)]
        case _:
            assert_never(market)


def _same(one: MarketEstimated, other: MarketEstimated) -> bool:
    return one.model_copy(update={"occurred_at": other.occurred_at}) == other


def _not_before(market: Market, at: datetime) -> None:
    match market:
        case NotEstimated():
            return
        case Standing(last=last):
            since = last.occurred_at
        case Withdrawn(since=since):
            pass
        case _:
            assert_never(market)
    if at < since:
        raise Refused("Something happened to the estimate after that moment already.", code="out-of-order")
