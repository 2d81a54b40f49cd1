"""What a story is told with: who, what, for how much, and the clock."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, NamedTuple

from baton.demo.clock import Clock
from baton.demo.company import Person, Product


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
