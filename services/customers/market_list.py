"""The list of market estimates, with where they come from."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from services.customers.amount import Amount, amount
from services.customers.pages import everything
from shared.events.market import MarketEstimated, MarketEstimateWithdrawn, MarketEvent
from shared.projections.lists import Kept
from shared.projections.projection import Projection


class MarketRow(Struct, frozen=True):
    id: str = ""
    line: str | None = None
    region: str | None = None
    start: date = date.min
    end: date = date.min
    """The first day no longer in the period."""
    size: Amount = Amount()
    source: str = ""
    estimated_on: date = date.min
    state: Literal["standing", "withdrawn"] = "standing"
    changed_at: datetime | None = None


def evolve(row: MarketRow, event: MarketEvent) -> MarketRow:
    match event:
        case MarketEstimated():
            return MarketRow(
                id=event.market_id,
                line=event.line,
                region=event.region,
                start=event.start,
                end=event.end,
                size=amount(event.size),
                source=event.source,
                estimated_on=event.estimated_on,
                changed_at=event.occurred_at,
            )
        case MarketEstimateWithdrawn():
            return replace(row, state="withdrawn", changed_at=event.occurred_at)
        case _:
            return row


def index(row: MarketRow) -> Mapping[str, str]:
    fields = {"state": row.state, "line": row.line, "region": row.region}
    return {name: value for name, value in fields.items() if value is not None}


MARKETS: Final = Projection(
    name="markets",
    version=1,
    state=MarketRow,
    initial=MarketRow(),
    events=(MarketEstimated, MarketEstimateWithdrawn),
    evolve=evolve,
    index=index,
)


def estimated_already(markets: Kept[MarketRow], wanted: MarketEstimated) -> str | None:
    """Another standing estimate of the same market that shares a day: together they would count it twice.

    The list follows the store by some milliseconds: two estimates made at the very same moment
    do not find each other. Withdrawing one is the cure.
    """
    for row in everything(markets, {"state": "standing", "line": wanted.line, "region": wanted.region}):
        same_place = (row.line, row.region) == (wanted.line, wanted.region)
        if same_place and row.id != wanted.market_id and row.start < wanted.end and wanted.start < row.end:
            return row.id
    return None
