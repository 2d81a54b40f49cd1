"""What a story is told with: who, what, for how much, and the clock; and what all its parts share."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple

from baton.demo import words
from baton.demo.clock import Clock
from baton.demo.company import Person, Product

RETURNED: Final = 0.12


class Step(NamedTuple):
    at: datetime
    service: str
    path: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Telling:
    id: str
    """Names the lead, the account, the deal, the order, …: one of each in a story."""
    seller: Person
    customer: str
    product: Product
    quantity: int
    minor: int
    """What the deal is worth, in 分."""
    chance: Random
    clock: Clock

    @property
    def title(self) -> str:
        return f"{self.product.name} × {self.quantity} {self.customer}"


def money(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


def handed_over(
    it: Telling, kind: str, subject: str, title: str, asking: str, asked: str, *, hours: float
) -> Iterator[Step]:
    """One department asks, the other takes it up and does it, beside the rest of the story."""
    clock = Clock(it.clock.now, it.chance)
    handoff = f"{kind}-{subject}"
    body = {
        "id": handoff,
        "kind": kind,
        "subject": subject,
        "title": title,
        "from_department": asking,
        "to_department": asked,
        "due_at": (it.clock.now + timedelta(days=1)).isoformat(),
    }
    yield Step(clock.now, "coordination", "/handoffs", body)
    if it.chance.random() < RETURNED:
        reason = {"reason": it.chance.choice(words.RETURNS)}
        yield Step(clock.after(hours=hours / 3), "coordination", f"/handoffs/{handoff}/return", reason)
        yield Step(clock.after(hours=2), "coordination", f"/handoffs/{handoff}/resubmit", {})
    yield Step(clock.after(hours=hours / 3), "coordination", f"/handoffs/{handoff}/accept", {})
    yield Step(clock.after(hours=hours), "coordination", f"/handoffs/{handoff}/complete", {})
