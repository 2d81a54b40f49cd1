"""Markets 市场规模: how much everybody together sells in a place and a period, as somebody estimated it."""

from .event import Day, Event, Id, Label, Money, Text


class OfMarket(Event, category="market", service="customers"):
    market_id: Id


class MarketEstimated(OfMarket, type="market-estimated.v1"):
    """The estimate as it is from now on: ``start`` is in the period, ``end`` no longer."""

    line: Label | None = None
    region: Label | None = None
    start: Day
    end: Day
    size: Money
    source: Text
    estimated_on: Day


class MarketEstimateWithdrawn(OfMarket, type="market-estimate-withdrawn.v1"):
    """The estimate was a mistake: it stands no longer."""


MarketEvent = MarketEstimated | MarketEstimateWithdrawn
