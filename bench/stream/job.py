"""The job: where each deal stands in the funnel, and what was won by day, person and line."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from bench.company import ZONE
from services.performance.days import day_of
from shared.events.deal import (
    STAGES,
    DealAdvanced,
    DealEvent,
    DealLost,
    DealOpened,
    DealReassigned,
    DealReopened,
    DealRepriced,
    DealWon,
)
from shared.projections.projection import Cell, Contribution, Projection, place

WON: Final = len(STAGES)
LOST: Final = WON + 1


class Standing(msgspec.Struct, frozen=True):
    """A deal: its place in the funnel (a stage, won or lost), and what it is worth to whom."""

    at: int = 0
    owner: str = ""
    line: str = ""
    minor: int = 0
    currency: str = ""
    won_on: str = ""


def evolve(deal: Standing, event: DealEvent) -> Standing:
    match event:
        case DealOpened():
            money = event.amount
            return Standing(STAGES.index(event.stage), event.owner, event.line, money.minor, money.currency)
        case DealAdvanced():
            return msgspec.structs.replace(deal, at=STAGES.index(event.stage))
        case DealRepriced():
            return msgspec.structs.replace(deal, minor=event.amount.minor)
        case DealReassigned():
            return msgspec.structs.replace(deal, owner=event.owner)
        case DealWon():
            day = day_of(event.occurred_at, ZONE)
            return msgspec.structs.replace(deal, at=WON, minor=event.amount.minor, won_on=day)
        case DealLost():
            return msgspec.structs.replace(deal, at=LOST)
        case DealReopened():
            return msgspec.structs.replace(deal, at=STAGES.index(event.stage))
        case _:
            return deal


def contribute(deal: Standing) -> Contribution:
    if not deal.owner:
        return {}
    cells = {Cell("standing", bucket=deal.at): 1}
    if deal.at == WON:
        won = place(day=deal.won_on, person=deal.owner, line=deal.line)
        cells[won.of("won_amount", currency=deal.currency)] = deal.minor
    return cells


JOB: Final = Projection(
    name="job",
    version=1,
    state=Standing,
    initial=Standing(),
    events=(
        *(DealOpened, DealAdvanced, DealRepriced, DealReassigned),
        *(DealWon, DealLost, DealReopened),
    ),
    evolve=evolve,
    contribute=contribute,
)

Answer = Mapping[str, int]
"""How many deals stand where, and how much was won in all: what every contestant must come to."""


def answer(cells: Mapping[Any, int]) -> Answer:
    """Of cells by measure and bucket, or whatever begins so."""
    found: Counter[str] = Counter()
    for (measure, bucket, *_), value in cells.items():
        found[f"{measure} {bucket}" if measure == "standing" else measure] += value
    return {name: found[name] for name in sorted(found) if found[name]}
