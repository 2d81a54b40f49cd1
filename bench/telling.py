"""What a story is told with: its sale, and a clock that goes on from one working hour to another."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from bench.company import Product, at_work
from shared.events.event import Money
from shared.events.handoff import (
    HandoffAccepted,
    HandoffBreached,
    HandoffCompleted,
    HandoffEvent,
    HandoffRequested,
    HandoffResubmitted,
    HandoffReturned,
)

RETURNED: Final = 0.1
LATE: Final = 0.08


@dataclass
class Sale:
    """Names the lead, the deal, the order, …: one of each in a story."""

    id: str
    seller: str
    account: str
    product: Product
    quantity: int
    currency: str
    chance: Random
    now: datetime
    discount: int = field(default=100)

    @property
    def amount(self) -> Money:
        return Money(minor=self.product.yuan * self.quantity * self.discount, currency=self.currency)

    def happens(self, odds: float) -> bool:
        return self.chance.random() < odds

    def after(self, *, hours: float = 0.0, days: float = 0.0) -> datetime:
        """About so much later: between half of it and one and a half times it."""
        span = timedelta(hours=hours, days=days) * self.chance.uniform(0.5, 1.5)
        self.now = at_work(self.now + span + timedelta(seconds=1))
        return self.now


def handed_over(sale: Sale, kind: str, subject: str, *, to: str, hours: float) -> Iterator[HandoffEvent]:
    """Asked for now, taken up (sometimes after a return), done about so many hours later."""
    start = sale.now
    it: dict[str, Any] = {"handoff_id": f"{kind}-{sale.id}"}
    yield HandoffRequested(
        **it,
        occurred_at=start,
        kind=kind,
        subject=f"{subject}-{sale.id}",
        title=f"{sale.product.name} × {sale.quantity}",
        from_department="sales",
        to_department=to,
        due_at=start + timedelta(hours=2 * hours),
    )
    took = timedelta(hours=hours) * sale.chance.uniform(0.5, 1.5)
    if sale.happens(RETURNED):
        yield HandoffReturned(**it, occurred_at=start + took / 8, by="staff", reason="资料不全 incomplete")
        yield HandoffResubmitted(**it, occurred_at=start + took / 6, by="staff")
    yield HandoffAccepted(**it, occurred_at=start + took / 3, by="staff")
    if sale.happens(LATE):
        due = start + timedelta(hours=2 * hours)
        yield HandoffBreached(**it, occurred_at=due, due_at=due)
        took = timedelta(hours=2 * hours) * sale.chance.uniform(1.1, 2)
    yield HandoffCompleted(**it, occurred_at=start + took, by="staff")
