"""One story of a made-up company: a lead or a customer, a deal, and what follows when it is won."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from bench.company import CUSTOMERS, PRODUCTS, SELLERS
from bench.delivery import delivery
from bench.telling import Sale, handed_over
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
)
from shared.events.event import Event
from shared.events.lead import (
    LeadAssigned,
    LeadContacted,
    LeadConverted,
    LeadCreated,
    LeadDisqualified,
    LeadQualified,
)

LEADS: Final = 0.7
CALLED: Final = 0.93
QUALIFIED: Final = 0.58
CONVERTED: Final = 0.8
GOES_ON: Final = 0.84
"""From a stage to the next, or from the last to a win."""
SKIPS: Final = 0.08
STEPS_BACK: Final = 0.05
REOPENED: Final = 0.04
CURRENCIES: Final = ("CNY",) * 17 + ("USD",) * 2 + ("EUR",)
FIRST_CUSTOMERS: Final = 0.3
"""The share of all customers that there are to begin with."""


def story(number: int, begins: datetime, *, share: float, chance: Random) -> Iterator[Event]:
    """Everything that came of one lead or one wish; ``share`` says how much of all time is over."""
    known = FIRST_CUSTOMERS + (1 - FIRST_CUSTOMERS) * share
    sale = Sale(
        id=f"{number:x}",
        seller=chance.choice(SELLERS),
        account=f"account-{int(CUSTOMERS * known * chance.random() ** 1.5):04d}",
        product=chance.choice(PRODUCTS),
        quantity=chance.choice((1, 1, 2, 3, 5, 8, 20)),
        currency=chance.choice(CURRENCIES),
        chance=chance,
        now=begins,
    )
    sale.after(hours=3)
    lead = sale.happens(LEADS)
    if not lead or (yield from _lead(sale)):
        yield from _deal(sale, from_lead=lead)


def _lead(sale: Sale) -> Generator[Event, None, bool]:
    """Created, given to somebody, called, dropped or taken up; whether it became a deal."""
    it: dict[str, Any] = {"lead_id": sale.id}
    created = sale.now
    yield LeadCreated(
        **it, occurred_at=created, company=sale.account, source="官网 Website", line=sale.product.line
    )
    yield LeadAssigned(**it, occurred_at=sale.after(hours=0.3), owner=sale.seller)
    if not sale.happens(CALLED):
        return False
    yield LeadContacted(**it, occurred_at=sale.after(hours=2), by=sale.seller, first=True)
    if not sale.happens(QUALIFIED):
        yield LeadDisqualified(**it, occurred_at=sale.after(days=2), reason="预算不足 no budget")
        return False
    yield LeadQualified(
        **it, occurred_at=sale.after(days=1), by=sale.seller, owner=sale.seller, company=sale.account
    )
    yield from handed_over(sale, "lead-to-sales", "lead", to="sales", hours=3)
    if not sale.happens(CONVERTED):
        return False
    yield LeadConverted(
        **it,
        occurred_at=sale.after(hours=6),
        account_id=sale.account,
        deal_id=sale.id,
        owner=sale.seller,
        created_at=created,
    )
    return True


def _deal(sale: Sale, *, from_lead: bool) -> Iterator[Event]:
    it: dict[str, Any] = {"deal_id": sale.id}
    opened = sale.after(hours=2)
    yield DealOpened(
        **it,
        occurred_at=opened,
        title=f"{sale.product.name} × {sale.quantity}",
        account_id=sale.account,
        owner=sale.seller,
        product=sale.product.name,
        line=sale.product.line,
        stage=STAGES[0 if sale.happens(0.85) else 1],
        amount=sale.amount,
        expected_close=(opened + timedelta(days=45)).date(),
        lead_id=sale.id if from_lead else None,
    )
    won = yield from _stages(sale)
    if not won:
        yield DealLost(**it, occurred_at=sale.after(days=3), reason="价格 price", competitor="A rival")
        if not sale.happens(REOPENED):
            return
        yield DealReopened(**it, occurred_at=sale.after(days=20), reason="客户回头", stage=STAGES[1])
        yield DealAdvanced(**it, occurred_at=sale.after(days=4), stage=STAGES[3], previous=STAGES[1])
    yield DealWon(
        **it,
        occurred_at=sale.after(days=6),
        title=f"{sale.product.name} × {sale.quantity}",
        amount=sale.amount,
        account_id=sale.account,
        owner=sale.seller,
        product=sale.product.name,
        line=sale.product.line,
        opened_at=opened,
    )
    yield from delivery(sale)


def _stages(sale: Sale) -> Generator[Event, None, bool]:
    """From stage to stage, as far as it goes; whether it goes all the way."""
    it: dict[str, Any] = {"deal_id": sale.id}
    here = 0
    while here < len(STAGES) - 1:
        if not sale.happens(GOES_ON):
            return False
        there = min(here + (2 if sale.happens(SKIPS) else 1), len(STAGES) - 1)
        yield DealAdvanced(**it, occurred_at=sale.after(days=7), stage=STAGES[there], previous=STAGES[here])
        if there > 1 and sale.happens(STEPS_BACK):
            yield DealAdvanced(**it, occurred_at=sale.after(days=2), stage=STAGES[1], previous=STAGES[there])
            there = 1
        here = there
        yield from _changed(sale)
    return sale.happens(GOES_ON)


def _changed(sale: Sale) -> Iterator[Event]:
    it: dict[str, Any] = {"deal_id": sale.id}
    if sale.happens(0.15):
        before = sale.amount
        sale.discount = sale.chance.choice((88, 92, 95, 97))
        yield DealRepriced(**it, occurred_at=sale.after(hours=4), amount=sale.amount, previous=before)
    if sale.happens(0.12):
        later = sale.now + timedelta(days=30)
        yield DealRescheduled(**it, occurred_at=sale.after(hours=1), expected_close=later.date())
    if sale.happens(0.02):
        before_them, sale.seller = sale.seller, sale.chance.choice(SELLERS)
        yield DealReassigned(**it, occurred_at=sale.after(hours=1), owner=sale.seller, previous=before_them)
