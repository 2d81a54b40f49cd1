"""What a deal 商机 adds to the boards: pipeline, wins and losses, its bars in the funnel, and its times."""

from collections.abc import Mapping
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from services.performance.days import day_of, days_between
from services.performance.measures.deal import Deal, evolve, stay
from shared.events.deal import (
    STAGES,
    DealAdvanced,
    DealLost,
    DealOpened,
    DealReassigned,
    DealReopened,
    DealRepriced,
    DealRescheduled,
    DealWon,
    Stage,
)
from shared.projections.projection import Cell, Contribution, Projection, place

WON: Final = len(STAGES)
"""The bar after the last stage."""
A_MINUTE: Final = 60_000_000
"""In microseconds."""


def contribute(deal: Deal, *, zone: ZoneInfo) -> Contribution:
    if deal.opened_at is None:
        return {}
    cohort = _place(deal, day=day_of(deal.opened_at, zone))
    sales = _open(deal) if deal.closed_at is None else _closed(deal, zone)
    return {**sales, **_funnel(deal, cohort), **_times(deal, cohort)}


def _place(deal: Deal, *, day: str = "", customer: str = "") -> Cell:
    return place(day=day, person=deal.owner, line=deal.line, product=deal.product, customer=customer)


def _open(deal: Deal) -> Contribution:
    """An open deal stands in the pipeline, and in the forecast of the day it is expected to be won."""
    now, stage = _place(deal), STAGES.index(deal.stage)
    cells = {now.of("open_count"): 1, now.of("open_amount", currency=deal.currency): deal.minor}
    if deal.expected_close is None:
        cells[now.of("open_undated_amount", currency=deal.currency, bucket=stage)] = deal.minor
    else:
        then = _place(deal, day=deal.expected_close.isoformat())
        cells[then.of("open_by_close_amount", currency=deal.currency, bucket=stage)] = deal.minor
    return cells


def _closed(deal: Deal, zone: ZoneInfo) -> Contribution:
    """A closed deal counts on the day it was closed (the last time)."""
    if deal.opened_at is None or deal.closed_at is None:
        return {}
    day = day_of(deal.closed_at, zone)
    closed = _place(deal, day=day)
    cells = {
        closed.of(f"{deal.standing}_count"): 1,
        closed.of(f"{deal.standing}_amount", currency=deal.currency): deal.minor,
    }
    for i in _implied(deal):
        if i < WON:
            cells[closed.of("stage_closed", bucket=i)] = 1
    if deal.standing == "won":
        took = days_between(deal.opened_at, deal.closed_at, zone)
        cells[closed.of("cycle_days", bucket=took)] = 1
        cells[closed.of("won_priced_count", currency=deal.currency)] = 1
        cells |= {closed.of("stage_won", bucket=i): 1 for i in range(WON)}
        if deal.account:
            cells[_place(deal, day=day, customer=deal.account).of("purchases")] = 1
    return cells


def _funnel(deal: Deal, cohort: Cell) -> Contribution:
    """Its bars, in the cohort of the day it was opened, whatever became of it since."""
    cells = {cohort.of("deals_opened"): 1}
    cells |= {cohort.of("funnel_strict", bucket=i): 1 for i in _strict(deal)}
    cells |= {cohort.of("funnel_reached", bucket=i): 1 for i in _reached(deal)}
    for i in _implied(deal):
        cells[cohort.of("funnel_implied", bucket=i)] = 1
        cells[cohort.of("funnel_amount", currency=deal.currency, bucket=i)] = deal.minor
    match deal.standing:
        case "open":
            i = STAGES.index(deal.stage)
            cells[cohort.of("funnel_standing", bucket=i)] = 1
            cells[cohort.of("funnel_standing_amount", currency=deal.currency, bucket=i)] = deal.minor
            cells[cohort.of("funnel_undecided", bucket=deal.furthest)] = 1
        case "won":
            cells[cohort.of("funnel_won")] = 1
        case "lost":
            cells[cohort.of("funnel_lost")] = 1
            cells[cohort.of("funnel_lost_at", bucket=deal.furthest)] = 1
    return cells


def _strict(deal: Deal) -> range:
    """The bars it came to one after the other; a win is one when every stage before it was."""
    won = deal.standing == "won" and deal.in_order == WON
    return range(deal.in_order + won)


def _reached(deal: Deal) -> list[int]:
    """The bars it stood at itself."""
    stood = [STAGES.index(stage) for stage in deal.entered]
    return [*stood, WON] if deal.standing == "won" else stood


def _implied(deal: Deal) -> range:
    """The bars it stood at or went beyond; who won went beyond every stage."""
    return range(WON + 1) if deal.standing == "won" else range(deal.furthest + 1)


def _times(deal: Deal, cohort: Cell) -> Contribution:
    """One entry for each stage it left: all its stays there that are over, in whole minutes."""
    return {
        cohort.of(f"stage_minutes_{stage}", bucket=spent // A_MINUTE): 1
        for stage, spent in _spent(deal).items()
    }


def _spent(deal: Deal) -> Mapping[Stage, int]:
    if deal.closed_at is None:
        return deal.spent
    return {**deal.spent, deal.stage: deal.spent.get(deal.stage, 0) + stay(deal, deal.closed_at)}


def deals(zone: ZoneInfo) -> Projection[Deal]:
    return Projection(
        name="deals",
        version=2,
        state=Deal,
        initial=Deal(),
        events=(
            DealOpened,
            DealAdvanced,
            DealRepriced,
            DealRescheduled,
            DealReassigned,
            DealWon,
            DealLost,
            DealReopened,
        ),
        evolve=evolve,
        contribute=partial(contribute, zone=zone),
    )
