"""The exchange rates 汇率 that boards convert with: one entity for each day of a pair that was given one."""

from datetime import date
from decimal import Decimal

import msgspec

from shared.events.rate import RateEvent, RateSet, RateWithdrawn
from shared.projections.projection import Projection


class DayRate(msgspec.Struct, frozen=True):
    """1 ``base`` is ``rate`` ``quote`` from the day ``on``."""

    base: str = ""
    quote: str = ""
    on: date | None = None
    """``None`` when it does not count: withdrawn, or never set."""
    rate: Decimal = Decimal(0)
    source: str = ""


def evolve(rate: DayRate, event: RateEvent) -> DayRate:
    match event:
        case RateSet():
            return DayRate(event.base, event.quote, event.on, event.rate, event.source)
        case RateWithdrawn():
            return msgspec.structs.replace(rate, on=None)
        case _:
            return rate


RATES = Projection(
    name="rates",
    version=1,
    state=DayRate,
    initial=DayRate(),
    events=(RateSet, RateWithdrawn),
    evolve=evolve,
    entity=lambda _seen, event: f"{event.rate_id}/{event.on}",
    dated=True,
)
