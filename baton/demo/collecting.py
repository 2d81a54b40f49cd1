"""The end of a story: the money comes in; now and then goods come back, and money for them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from baton.demo import words
from baton.demo.clock import Clock
from baton.demo.telling import Step, Telling, money

PAYS_IN_PARTS: Final = 0.3
SENDS_BACK: Final = 0.12
AFTER_DAYS: Final = (5, 24)
"""About: before the money came in, or after."""


def settled(it: Telling, delivered: datetime) -> Iterator[Step]:
    if it.chance.random() < SENDS_BACK:
        sent_back = Clock(delivered, it.chance).after(days=it.chance.choice(AFTER_DAYS))
        quantity = it.chance.randint(1, it.quantity)
        credit = it.minor * quantity // it.quantity
        yield from _sent_back(it, sent_back, quantity, credit)
        yield from _paid(it, delivered, sent_back, credit)
    else:
        yield from _paid(it, delivered, delivered, 0)


def _sent_back(it: Telling, at: datetime, quantity: int, credit: int) -> Iterator[Step]:
    what = {"amount": money(credit), "reason": it.chance.choice(words.SENT_BACK)}
    yield Step(at, "orders", f"/orders/{it.id}/return", {"id": it.id, "quantity": quantity, **what})
    yield Step(at, "orders", f"/receivables/{it.id}/credits", {"return_id": it.id, **what})


def _paid(it: Telling, delivered: datetime, sent_back: datetime, credit: int) -> Iterator[Step]:
    """The customer pays what is owed at the time, and gets back what was too much in the end."""
    path, clock = f"/receivables/{it.id}", Clock(delivered, it.chance)
    parts = (0.4, 1.0) if it.chance.random() < PAYS_IN_PARTS else (1.0,)
    paid = 0
    for n, part in enumerate(parts):
        at = clock.after(days=14)
        owed = it.minor - paid - (credit if sent_back <= at else 0)
        if (minor := round(owed * part)) > 0:
            yield Step(at, "orders", f"{path}/receipts", {"id": f"{it.id}-{n}", "amount": money(minor)})
            paid += minor
    if (too_much := paid + credit - it.minor) > 0:
        at = Clock(max(sent_back, clock.now), it.chance).after(days=3)
        yield Step(at, "orders", f"{path}/refunds", {"id": it.id, "amount": money(too_much)})
