"""The job as the other contestants do it: events decoded by msgspec, what they change as cells by name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from bench.company import ZONE
from bench.stream.job import LOST, WON, Answer, Standing, answer
from services.performance.days import day_of
from shared.events.deal import STAGES, Stage


class Money(Struct, frozen=True, gc=False):
    minor: int
    currency: str = "CNY"


class Fields(Struct, gc=False):
    """What the job reads of an event, whichever it is."""

    occurred_at: str
    owner: str = ""
    line: str = ""
    stage: Stage = "prospecting"
    amount: Money = Money(0)


class Event(Struct, gc=False):
    """A record's value."""

    type: str
    data: Fields


NOT_OPENED: Final = Standing()
PLACES: Final = {stage: number for number, stage in enumerate(STAGES)}
decode: Final = Decoder(Event).decode


def fold(deal: Standing, value: bytes) -> Standing:
    it = decode(value)
    event = it.data
    match it.type:
        case "deal-opened.v1":
            money = event.amount
            return Standing(PLACES[event.stage], event.owner, event.line, money.minor, money.currency)
        case "deal-advanced.v1" | "deal-reopened.v1":
            return replace(deal, at=PLACES[event.stage])
        case "deal-repriced.v1":
            return replace(deal, minor=event.amount.minor)
        case "deal-reassigned.v1":
            return replace(deal, owner=event.owner)
        case "deal-won.v1":
            day = day_of(datetime.fromisoformat(event.occurred_at), ZONE)
            return replace(deal, at=WON, minor=event.amount.minor, won_on=day)
        case "deal-lost.v1":
            return replace(deal, at=LOST)
        case _:
            return deal


def cells(deal: Standing) -> dict[str, int]:
    """What a deal adds to which cell: ``standing|place`` and ``won_amount|day|person|line|currency``."""
    if not deal.owner:
        return {}
    found = {f"standing|{deal.at}": 1}
    if deal.at == WON:
        found[f"won_amount|{deal.won_on}|{deal.owner}|{deal.line}|{deal.currency}"] = deal.minor
    return found


def changes(before: Standing, after: Standing) -> list[tuple[str, int]]:
    """What is to be added to which cell when a deal moves."""
    old, new = cells(before), cells(after)
    if old == new:
        return []
    found = [(cell, value - old.pop(cell, 0)) for cell, value in new.items()]
    found += [(cell, -value) for cell, value in old.items()]
    return [(cell, change) for cell, change in found if change]


def answer_of(sums: Mapping[str, int]) -> Answer:
    """Of cells by name."""
    return answer({tuple(cell.split("|")): value for cell, value in sums.items()})
