"""A deal 商机 as the boards know it: where it stood, in which order, for how long, and how it ended."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from shared.events.deal import (
    STAGES,
    DealAdvanced,
    DealEvent,
    DealLost,
    DealOpened,
    DealReassigned,
    DealReopened,
    DealRepriced,
    DealRescheduled,
    DealWon,
    Stage,
)


class Deal(msgspec.Struct, frozen=True):
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    standing: Literal["open", "won", "lost"] = "open"
    stage: Stage = "prospecting"
    since: datetime | None = None
    """When its present stay at ``stage`` began; where it was reopened, when that stay went on."""
    stayed: int = 0
    """Microseconds of the present stay before the deal was closed and reopened."""
    entered: Mapping[Stage, datetime] = {}
    """The stages it stood at itself, and when first."""
    in_order: int = 0
    """How many stages it entered one after the other from the first on, jumping over none."""
    furthest: int = 0
    """The place in ``STAGES`` of the furthest stage it ever stood at."""
    spent: Mapping[Stage, int] = {}
    """Stage → microseconds of its stays that are over."""
    owner: str = ""
    line: str = ""
    product: str = ""
    account: str | None = None
    minor: int = 0
    currency: str = ""
    expected_close: date | None = None


def evolve(deal: Deal, event: DealEvent) -> Deal:
    match event:
        case DealOpened():
            return _opened(event)
        case DealAdvanced() if event.stage != deal.stage:
            return _moved(deal, event.stage, event.occurred_at)
        case DealRepriced():
            return msgspec.structs.replace(deal, minor=event.amount.minor, currency=event.amount.currency)
        case DealRescheduled():
            return msgspec.structs.replace(deal, expected_close=event.expected_close)
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
            return msgspec.structs.replace(_going_on(deal, event), standing="open", closed_at=None)
        case _:
            return deal


def stay(deal: Deal, now: datetime) -> int:
    """Microseconds of the present stay so far; closing the deal ended it."""
    if deal.since is None:
        return 0
    return deal.stayed + max(0, ((deal.closed_at or now) - deal.since) // timedelta(microseconds=1))


def _opened(event: DealOpened) -> Deal:
    place = STAGES.index(event.stage)
    return Deal(
        opened_at=event.occurred_at,
        stage=event.stage,
        since=event.occurred_at,
        entered={event.stage: event.occurred_at},
        in_order=1 if place == 0 else 0,
        furthest=place,
        owner=event.owner,
        line=event.line,
        product=event.product,
        account=event.account_id,
        minor=event.amount.minor,
        currency=event.amount.currency,
        expected_close=event.expected_close,
    )


def _moved(deal: Deal, stage: Stage, at: datetime) -> Deal:
    """One stay is over, another begins; whatever the deal reached before, it keeps."""
    here, there = STAGES.index(deal.stage), STAGES.index(stage)
    in_order = there > deal.furthest and there == here + 1 == deal.in_order
    return msgspec.structs.replace(
        deal,
        stage=stage,
        since=at,
        stayed=0,
        entered={**deal.entered, stage: deal.entered.get(stage, at)},
        in_order=there + 1 if in_order else deal.in_order,
        furthest=max(deal.furthest, there),
        spent={**deal.spent, deal.stage: deal.spent.get(deal.stage, 0) + stay(deal, at)},
    )


def _going_on(deal: Deal, event: DealReopened) -> Deal:
    """The time it was closed belongs to no stage; where it stands as before, the same stay goes on."""
    if event.stage != deal.stage:
        return _moved(deal, event.stage, event.occurred_at)
    return msgspec.structs.replace(deal, since=event.occurred_at, stayed=stay(deal, event.occurred_at))
