"""One customer's story: from the first sign of interest to the money, or to wherever it ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from baton.demo import company, market, words
from baton.demo.clock import Clock
from baton.demo.fulfilment import order
from baton.demo.handover import handed_over
from baton.demo.telling import Step, Telling, money

WORTH: Final = 0.62
STAGES: Final = ("engaging", "proposing", "negotiating")
GETS_FURTHER: Final = 0.82
"""At each stage; so about half of the deals are won."""


def story(number: int, *, start: datetime, seed: int) -> list[Step]:
    """All steps in the order of their times; a story begins at ``start`` and may end in the future.

    What follows from something by itself (an order from a won deal) stands at the very moment of its
    cause: either both are history, or the services do the second on their own.
    """
    chance = Random(f"{seed}/{number}")
    seller = chance.choice(company.sellers())
    product, quantity, minor = company.wanted(seller, chance)
    told = Telling(
        id=f"demo-{number:05d}",
        seller=seller,
        customer=market.customer(number),
        product=product,
        quantity=quantity,
        minor=minor,
        chance=chance,
        clock=Clock(start, chance),
    )
    return sorted(_lead(told), key=lambda step: step.at)


def _lead(it: Telling) -> Iterator[Step]:
    """A lead comes in, is spoken with, and is worth something or not."""
    clock, chance, lead = it.clock, it.chance, f"/leads/{it.id}"
    body = {
        "id": it.id,
        "company": it.customer,
        "source": chance.choice(words.SOURCES),
        "campaign": chance.choice(words.CAMPAIGNS),
        "region": company.team_of(it.seller).region,
        "line": it.product.line,
    }
    yield Step(clock.now, "customers", "/leads", {k: v for k, v in body.items() if v is not None})
    at = clock.after(hours=chance.choice((0.3, 0.6, 1.5, 4)))
    yield Step(at, "customers", f"{lead}/contact", {"by": it.seller.id})
    # Only now, and at this very moment: a lead that somebody has had for days without a contact would
    # be taken for the public pool before the contact is sent.
    yield Step(at, "customers", f"{lead}/assign", {"owner": it.seller.id})
    at = clock.after(days=1.5)
    if chance.random() > WORTH:
        yield Step(at, "customers", f"{lead}/disqualify", {"reason": chance.choice(words.NOT_WORTH)})
        return
    yield Step(at, "customers", f"{lead}/qualify", {})
    qualified, at = at, clock.after(hours=3)
    title = f"跟进线索 Follow up the lead {it.customer}"
    yield from handed_over(it, "lead-to-sales", "lead", title, start=qualified, until=at)
    yield Step(at, "customers", "/accounts", _account(it))
    yield Step(at, "customers", f"{lead}/convert", _conversion(it, at))
    yield from _deal(it)


def _account(it: Telling) -> dict[str, Any]:
    region = company.team_of(it.seller).region
    return {"id": it.id, "name": it.customer, "owner": it.seller.id, "region": region}


def _conversion(it: Telling, at: datetime) -> dict[str, Any]:
    return {
        "account_id": it.id,
        "deal_id": it.id,
        "owner": it.seller.id,
        "title": it.title,
        "product": it.product.name,
        "line": it.product.line,
        "quantity": it.quantity,
        "amount": money(it.minor),
        "grade": it.chance.choice("AABBBC"),
        "expected_close": str((at + timedelta(days=it.chance.randint(14, 45))).date()),
    }


def _deal(it: Telling) -> Iterator[Step]:
    """The deal goes through its stages until it is won, or lost at one of them."""
    deal = f"/deals/{it.id}"
    for stage in STAGES:
        at = it.clock.after(days=4.5)
        if it.chance.random() > GETS_FURTHER:
            lost = {"reason": it.chance.choice(words.LOSS_REASONS)}
            competitor = it.chance.choice(words.COMPETITORS)
            more = {"competitor": competitor} if competitor else {}
            yield Step(at, "customers", f"{deal}/lose", lost | more)
            return
        yield Step(at, "customers", f"{deal}/advance", {"stage": stage})
    at = it.clock.after(days=4)
    yield Step(at, "customers", f"{deal}/win", {"amount": money(it.minor)})
    yield from order(it, at)
