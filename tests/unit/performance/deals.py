"""Deals as the tests of the boards tell them: what happened to one, what it adds, and their funnel."""

from collections import Counter
from collections.abc import Mapping
from functools import reduce
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.performance.boards import sums, terms_of
from services.performance.funnel import NEEDED, Funnel, funnel
from services.performance.measures.deal import Deal, evolve
from services.performance.measures.deals import contribute
from services.performance.scope import Filters, Period, Scope
from shared.events.deal import (
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
from shared.events.event import Money
from shared.events.examples.cast import at, on
from shared.projections.projection import Cell, Contribution
from tests.unit.performance.world import World

ZONE: Final = ZoneInfo("Asia/Shanghai")
GOODS: Final = {"title": "杭州云帆 · 数控机床", "product": "Atlas 200", "line": "Atlas"}


def yuan(amount: int) -> Money:
    return Money(minor=amount * 100, currency="CNY")


def dollars(amount: int) -> Money:
    return Money(minor=amount * 100, currency="USD")


def opened(when: str, *, deal: str = "1", stage: Stage = "prospecting", **more: Any) -> DealOpened:
    facts = {"owner": "wang", "amount": yuan(100), **GOODS, **more}
    return DealOpened(deal_id=deal, occurred_at=at(when), stage=stage, **facts)


def advanced(when: str, stage: Stage, *, deal: str = "1") -> DealAdvanced:
    return DealAdvanced(deal_id=deal, occurred_at=at(when), stage=stage, previous="prospecting")


def repriced(when: str, amount: Money, *, deal: str = "1") -> DealRepriced:
    return DealRepriced(deal_id=deal, occurred_at=at(when), amount=amount, previous=amount)


def rescheduled(when: str, day: str, *, deal: str = "1") -> DealRescheduled:
    return DealRescheduled(deal_id=deal, occurred_at=at(when), expected_close=on(day))


def reassigned(when: str, owner: str, *, deal: str = "1") -> DealReassigned:
    return DealReassigned(deal_id=deal, occurred_at=at(when), owner=owner, previous="wang")


def won(when: str, *, deal: str = "1", amount: Money | None = None) -> DealWon:
    facts = {"owner": "wang", "amount": amount or yuan(100), "opened_at": at("03-01 09:00"), **GOODS}
    return DealWon(deal_id=deal, occurred_at=at(when), **facts)


def lost(when: str, *, deal: str = "1") -> DealLost:
    return DealLost(deal_id=deal, occurred_at=at(when), reason="价格")


def reopened(when: str, stage: Stage, *, deal: str = "1") -> DealReopened:
    return DealReopened(deal_id=deal, occurred_at=at(when), reason="客户回头", stage=stage)


def after(*events: DealEvent) -> Deal:
    """The deal these events make."""
    return reduce(evolve, events, Deal())


def adds(*events: DealEvent) -> Contribution:
    """What the deal adds to the boards after these events."""
    return contribute(after(*events), zone=ZONE)


def bars(cells: Mapping[Cell, int], measure: str) -> Mapping[int, int]:
    """Bucket → value of one measure, wherever its cells stand."""
    found: Counter[int] = Counter()
    for cell, value in cells.items():
        found[cell.bucket] += value if cell.measure == measure else 0
    return {bucket: value for bucket, value in found.items() if value}


def cohort(world: World, start: str = "03-01", end: str = "04-01", **filters: str) -> Funnel:
    """The funnel of the deals opened in these days."""
    with world.looks.at(Scope(Period(on(start), on(end)), on("05-31"), Filters(**filters))) as look:
        return funnel(sums(look, terms_of(NEEDED)))
