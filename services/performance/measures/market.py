"""What a market estimate 市场规模 adds to the boards: its size spread over its days, exactly."""

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from services.performance.measures.spread import spread
from shared.events.market import MarketEstimated, MarketEstimateWithdrawn, MarketEvent
from shared.projections.projection import Contribution, Projection, place


class Market(msgspec.Struct, frozen=True):
    line: str = ""
    """Empty for all lines together."""
    region: str = ""
    """Empty for all regions together."""
    currency: str = ""
    minor: int = 0
    start: date | None = None
    end: date | None = None
    """The first day no longer in the period."""
    source: str = ""
    estimated_on: date | None = None
    stands: bool = False


def evolve(market: Market, event: MarketEvent) -> Market:
    match event:
        case MarketEstimated():
            return Market(
                line=event.line or "",
                region=event.region or "",
                currency=event.size.currency,
                minor=event.size.minor,
                start=event.start,
                end=event.end,
                source=event.source,
                estimated_on=event.estimated_on,
                stands=True,
            )
        case MarketEstimateWithdrawn():
            return msgspec.structs.replace(market, stands=False)
        case _:
            return market


def contribute(market: Market) -> Contribution:
    if not market.stands or market.start is None or market.end is None:
        return {}
    where = place(line=market.line, region=market.region).of("market_amount", currency=market.currency)
    parts = spread(market.minor, market.start, market.end)
    return {replace(where, day=day): part for day, part in parts}


def index(market: Market) -> Mapping[str, str]:
    """The estimates that stand, by line and region (empty for all together)."""
    if not market.stands:
        return {}
    return {"state": "standing", "line": market.line, "region": market.region}


MARKETS = Projection(
    name="markets",
    version=1,
    state=Market,
    initial=Market(),
    events=(MarketEstimated, MarketEstimateWithdrawn),
    evolve=evolve,
    contribute=contribute,
    index=index,
    dated=True,
)
