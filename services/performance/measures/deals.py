"""What a deal 商机 adds to the boards: pipeline, wins and losses, cycle, and its bar in the funnel."""

from datetime import datetime
from functools import partial
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from services.performance.days import day_of, days_between
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
    Stage,
)
from shared.projections.projection import Contribution, Projection, place


class Deal(msgspec.Struct, frozen=True):
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    standing: Literal["open", "won", "lost"] = "open"
    stage: Stage = "prospecting"
    furthest: int = 0
    """The place in ``STAGES`` of the furthest stage it ever stood at."""
    owner: str = ""
    line: str = ""
    minor: int = 0
    currency: str = ""


def evolve(deal: Deal, event: DealEvent) -> Deal:
    match event:
        case DealOpened():
            return Deal(
                opened_at=event.occurred_at,
                stage=event.stage,
                furthest=STAGES.index(event.stage),
                owner=event.owner,
                line=event.line,
                minor=event.amount.minor,
                currency=event.amount.currency,
            )
        case DealAdvanced():
            furthest = max(deal.furthest, STAGES.index(event.stage))
            return msgspec.structs.replace(deal, stage=event.stage, furthest=furthest)
        case DealRepriced():
            return msgspec.structs.replace(deal, minor=event.amount.minor, currency=event.amount.currency)
        case DealReassigned():
            return msgspec.structs.replace(deal, owner=event.owner)
        case DealWon():
            return msgspec.structs.replace(
                deal,
                standing="won",
                closed_at=event.occurred_at,
                minor=event.amount.minor,
                currency=event.amount.currency,
            )
        case DealLost():
            return msgspec.structs.replace(deal, standing="lost", closed_at=event.occurred_at)
        case DealReopened():
            return msgspec.structs.replace(deal, standing="open", closed_at=None, stage=event.stage)
        case _:
            return deal


def contribute(deal: Deal, *, zone: ZoneInfo) -> Contribution:
    if deal.opened_at is None:
        return {}
    return {**_sales(deal, zone), **_funnel(deal, zone)}


def _sales(deal: Deal, zone: ZoneInfo) -> Contribution:
    """An open deal stands in the pipeline; a closed one counts on the day it was closed (the last time)."""
    if deal.opened_at is None or deal.closed_at is None:
        now = place(person=deal.owner, line=deal.line)
        return {now.of("open_count"): 1, now.of("open_amount", currency=deal.currency): deal.minor}
    closed = place(day=day_of(deal.closed_at, zone), person=deal.owner, line=deal.line)
    cells = {
        closed.of(f"{deal.standing}_count"): 1,
        closed.of(f"{deal.standing}_amount", currency=deal.currency): deal.minor,
    }
    if deal.standing == "won":
        took = days_between(deal.opened_at, deal.closed_at, zone)
        cells[closed.of("cycle_days", bucket=took)] = 1
        cells[closed.of("won_priced_count", currency=deal.currency)] = 1
    return cells


def _funnel(deal: Deal, zone: ZoneInfo) -> Contribution:
    """The deal's bar, in the cohort of the day it was opened; stages it skipped count as reached."""
    if deal.opened_at is None:
        return {}
    cohort = place(day=day_of(deal.opened_at, zone), person=deal.owner, line=deal.line)
    cells = {cohort.of("funnel_reached", bucket=i): 1 for i in range(deal.furthest + 1)}
    if deal.standing == "open":
        i = STAGES.index(deal.stage)
        cells[cohort.of("funnel_standing", bucket=i)] = 1
        cells[cohort.of("funnel_amount", currency=deal.currency, bucket=i)] = deal.minor
    else:
        cells[cohort.of(f"funnel_{deal.standing}")] = 1
    return cells


def deals(zone: ZoneInfo) -> Projection[Deal]:
    return Projection(
        name="deals",
        version=1,
        state=Deal,
        initial=Deal(),
        events=(
            DealOpened,
            DealAdvanced,
            DealRepriced,
            DealReassigned,
            DealWon,
            DealLost,
            DealReopened,
        ),
        evolve=evolve,
        contribute=partial(contribute, zone=zone),
    )
