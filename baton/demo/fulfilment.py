"""The second half of a story: the order is made, sent and paid; now and then it is late, or comes back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from baton.demo import company, voice, words
from baton.demo.clock import at_work
from baton.demo.collecting import settled
from baton.demo.handover import handed_over
from baton.demo.telling import Step, Telling, money

LATE: Final = 0.16
COMPLAINS: Final = 0.3
SAYS_SO: Final = 0.7
"""How often somebody who will be late promises another day."""


def order(it: Telling, won: datetime) -> Iterator[Step]:
    """The order is planned, made, sent and paid; sometimes late, sometimes not to the liking."""
    path, clock = f"/orders/{it.id}", it.clock
    yield Step(won, "orders", "/orders", _opened(it))
    confirmed = clock.after(days=1)
    making = it.chance.uniform(4, 9)
    promised = (confirmed + timedelta(days=making * (0.8 if it.chance.random() < LATE else 2.2))).date()
    yield Step(confirmed, "orders", f"{path}/confirm", {"promised_on": str(promised)})
    ready = clock.after(days=making)
    yield Step(ready, "orders", f"{path}/ready", {})
    shipped = clock.after(days=0.8)
    delivered = clock.after(days=2)
    if delivered.date() > promised and it.chance.random() < SAYS_SO:
        said = min(at_work(confirmed + (ready - confirmed) * 0.7), ready)
        later = delivered.date() + timedelta(days=it.chance.randint(0, 2))
        body = {"promised_on": str(later), "reason": it.chance.choice(words.DELAYS)}
        yield Step(said, "orders", f"{path}/repromise", body)
    yield Step(shipped, "orders", f"{path}/ship", {"carrier": it.chance.choice(words.CARRIERS)})
    yield Step(shipped, "orders", "/receivables", _invoice(it, shipped))
    yield Step(delivered, "orders", f"{path}/deliver", {"proof": "签收 signed for"})
    planned = min(ready, confirmed + timedelta(hours=20))
    for kind, title, start, until in (
        ("order-to-production", f"安排生产 Produce order {it.id}", confirmed, planned),
        ("goods-to-logistics", f"安排发货 Ship order {it.id}", ready, shipped),
        ("invoice-to-finance", f"催收回款 Collect order {it.id}", shipped, shipped + timedelta(hours=22)),
        ("delivery-to-service", f"售后跟进 After-sales of {it.id}", delivered, clock.after(days=1.5)),
    ):
        yield from handed_over(it, kind, "order", title, start=start, until=until)
    if it.chance.random() < COMPLAINS:
        yield from _complaint(it)
    yield from settled(it, delivered)
    yield from voice.asked(it, "csat", "delivery", delivered)


def _opened(it: Telling) -> dict[str, Any]:
    return {
        "id": it.id,
        "title": it.title,
        "account_id": it.id,
        "deal_id": it.id,
        "owner": it.seller.id,
        "product": it.product.name,
        "line": it.product.line,
        "quantity": it.quantity,
        "amount": money(it.minor),
    }


def _invoice(it: Telling, shipped: datetime) -> dict[str, Any]:
    return {
        "id": it.id,
        "order_id": it.id,
        "account_id": it.id,
        "owner": it.seller.id,
        "line": it.product.line,
        "amount": money(it.minor),
        "due_on": str((shipped + timedelta(days=30)).date()),
    }


def _complaint(it: Telling) -> Iterator[Step]:
    clock, chance, path = it.clock, it.chance, f"/complaints/{it.id}"
    subject = chance.choice(words.COMPLAINTS)
    body = {"id": it.id, "account_id": it.id, "order_id": it.id, "subject": subject}
    severity = chance.choice(("low", "normal", "normal", "high"))
    filed = clock.after(days=2)
    yield Step(filed, "customers", "/complaints", {**body, "severity": severity})
    yield Step(clock.after(hours=1), "customers", f"{path}/acknowledge", {})
    to = chance.choice(company.of_department("service")).id
    yield Step(clock.after(hours=1), "customers", f"{path}/assign", {"to": to})
    solved = clock.after(hours=5)
    yield Step(solved, "customers", f"{path}/resolve", {"resolution": chance.choice(words.SOLUTIONS)})
    title = f"处理投诉 Solve: {subject}"
    yield from handed_over(it, "complaint-to-service", "complaint", title, start=filed, until=solved)
    yield Step(clock.after(days=1), "customers", f"{path}/close", {"satisfaction": chance.randint(2, 5)})
    yield from voice.asked(it, "nps", "complaint", clock.now)
