"""Exchange rates 汇率 of one pair of currencies: set for a business day, corrected, withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from shared.events.rate import RateEvent, RateSet, RateWithdrawn
from shared.eventstore.decider import Aggregate, NotFound, Refused


@dataclass(frozen=True)
class Table:
    """What was said last about each day; a day nobody spoke of has the rate of the day before."""

    said: Mapping[date, RateEvent] = field(default_factory=dict)


def evolve(table: Table, event: RateEvent) -> Table:
    return Table({**table.said, event.on: event})


RATE: Final = Aggregate[Table, RateEvent](
    category="rate",
    initial=Table(),
    evolve=evolve,
)


def pair(base: str, quote: str) -> str:
    """The id of a pair's rates, such as ``USD-CNY``."""
    return f"{base}-{quote}"


def set_rates(table: Table, *, wanted: Sequence[RateSet]) -> list[RateEvent]:
    """All of them or none; another rate for a day that has one corrects it."""
    if any(one.base == one.quote for one in wanted):
        raise Refused("A rate is between two different currencies.", code="same-currency")
    if len({one.on for one in wanted}) < len(wanted):
        raise Refused("A day can have one rate only.", code="day-twice")
    return [one for one in wanted if not _same(table.said.get(one.on), one)]


def withdraw(table: Table, *, on: date, at: datetime) -> list[RateEvent]:
    match table.said.get(on):
        case RateSet(rate_id=rate_id):
            return [RateWithdrawn(rate_id=rate_id, on=on, occurred_at=at)]
        case RateWithdrawn():
            return []
        case _:
            raise NotFound("No rate of this pair was set for that day.")


def _same(one: RateEvent | None, other: RateSet) -> bool:
    if not isinstance(one, RateSet):
        return False
    return one.model_dump(exclude={"occurred_at"}) == other.model_dump(exclude={"occurred_at"})
