"""The second half of a story: the order is made, sent and paid; goods come back, somebody complains."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from bench.telling import Sale, handed_over
from shared.events.complaint import (
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintClosed,
    ComplaintFiled,
    ComplaintResolved,
)
from shared.events.event import Event, Money
from shared.events.order import (
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    OrderOpened,
    OrderReady,
    OrderRepromised,
    OrderReturned,
    OrderShipped,
)
from shared.events.receivable import (
    InvoiceIssued,
    ReceiptRecorded,
    ReceivableCredited,
    ReceivableSettled,
    ReceivableWrittenOff,
)
from shared.events.survey import SurveyAnswered, SurveySent

CANCELLED: Final = 0.03
SLIPS: Final = 0.15
COMES_BACK: Final = 0.05
PAYS_IN_PARTS: Final = 0.3
NEVER_PAYS: Final = 0.01
COMPLAINS: Final = 0.09
ANSWERS: Final = 0.5
COST: Final = 0.65


def delivery(sale: Sale) -> Iterator[Event]:
    """An order and all that follows from it."""
    goods: dict[str, Any] = {"order_id": sale.id, "account_id": sale.account, "owner": sale.seller}
    won, currency = sale.now, sale.currency
    yield OrderOpened(
        **goods,
        occurred_at=sale.after(hours=0.1),
        title=f"{sale.product.name} × {sale.quantity}",
        deal_id=sale.id,
        deal_won_at=won,
        product=sale.product.name,
        line=sale.product.line,
        quantity=sale.quantity,
        amount=sale.amount,
        unit_cost=Money(minor=round(sale.product.yuan * 100 * COST), currency=currency),
    )
    if sale.happens(CANCELLED):
        yield OrderCancelled(order_id=sale.id, occurred_at=sale.after(days=2), reason="重复 twice")
        return
    yield from _made(sale)
    shipped = sale.after(days=1)
    yield OrderShipped(**goods, occurred_at=shipped, line=sale.product.line, amount=sale.amount)
    yield from _money(sale, shipped)
    yield from handed_over(sale, "invoice-to-finance", "order", to="finance", hours=20)
    yield OrderDelivered(**goods, occurred_at=sale.after(days=3), proof="签收 signed for")
    yield from handed_over(sale, "delivery-to-service", "order", to="service", hours=30)
    yield from _asked(sale, "csat", "delivery")
    if sale.happens(COMPLAINS):
        yield from _complaint(sale)


def _made(sale: Sale) -> Iterator[Event]:
    """Promised, made in time or later, and ready to go."""
    confirmed = sale.after(days=1)
    promised = (confirmed + timedelta(days=sale.chance.randint(9, 20))).date()
    yield OrderConfirmed(order_id=sale.id, occurred_at=confirmed, promised_on=promised)
    yield from handed_over(sale, "order-to-production", "order", to="production", hours=16)
    if sale.happens(SLIPS):
        yield OrderRepromised(
            order_id=sale.id,
            occurred_at=sale.after(days=3),
            promised_on=promised + timedelta(days=5),
            previous=promised,
            reason="缺料 material",
        )
    yield OrderReady(order_id=sale.id, occurred_at=sale.after(days=6))
    yield from handed_over(sale, "goods-to-logistics", "order", to="logistics", hours=16)


def _money(sale: Sale, shipped: datetime) -> Iterator[Event]:
    """Invoiced at once, paid whole or in two parts about a month later; now and then never."""
    it: dict[str, Any] = {"receivable_id": sale.id}
    owed = sale.amount
    yield InvoiceIssued(
        **it,
        occurred_at=shipped,
        order_id=sale.id,
        account_id=sale.account,
        owner=sale.seller,
        line=sale.product.line,
        amount=owed,
        due_on=(shipped + timedelta(days=30)).date(),
    )
    at = shipped + timedelta(days=sale.chance.gauss(30, 8))
    if sale.happens(NEVER_PAYS):
        yield ReceivableWrittenOff(
            **it, occurred_at=at + timedelta(days=120), amount=owed, reason="破产 bankrupt"
        )
        return
    parts = (0.4, 0.6) if sale.happens(PAYS_IN_PARTS) else (1.0,)
    left = owed.minor - (yield from _came_back(sale, shipped))
    for n, part in enumerate(parts):
        minor = round(left * part) if n + 1 < len(parts) else left - round(left * (1 - part))
        paid = Money(minor=minor, currency=sale.currency)
        yield ReceiptRecorded(**it, occurred_at=at, receipt_id=f"{sale.id}-{n}", amount=paid)
        at += timedelta(days=12)
    yield ReceivableSettled(**it, occurred_at=at)


def _came_back(sale: Sale, shipped: datetime) -> Generator[Event, None, int]:
    """Whether some of it was returned; what need not be paid then."""
    if not sale.happens(COMES_BACK):
        return 0
    at = shipped + timedelta(days=12)
    back = Money(minor=sale.amount.minor // sale.quantity, currency=sale.currency)
    yield OrderReturned(
        order_id=sale.id,
        occurred_at=at,
        return_id=sale.id,
        quantity=1,
        amount=back,
        reason="损坏 damaged",
        account_id=sale.account,
        owner=sale.seller,
        product=sale.product.name,
        line=sale.product.line,
    )
    yield ReceivableCredited(
        receivable_id=sale.id, occurred_at=at, return_id=sale.id, amount=back, reason="损坏 damaged"
    )
    return back.minor


def _complaint(sale: Sale) -> Iterator[Event]:
    it: dict[str, Any] = {"complaint_id": sale.id}
    yield ComplaintFiled(
        **it,
        occurred_at=sale.after(days=2),
        account_id=sale.account,
        order_id=sale.id,
        subject="少件 missing",
    )
    yield from handed_over(sale, "complaint-to-service", "complaint", to="service", hours=8)
    yield ComplaintAcknowledged(**it, occurred_at=sale.after(hours=1), by="staff")
    yield ComplaintAssigned(**it, occurred_at=sale.after(hours=1), to="staff")
    yield ComplaintResolved(**it, occurred_at=sale.after(days=1), resolution="已补发 sent again")
    yield ComplaintClosed(**it, occurred_at=sale.after(days=1), satisfaction=sale.chance.randint(2, 5))
    yield from _asked(sale, "nps", "complaint")


def _asked(sale: Sale, kind: Any, about: Any) -> Iterator[Event]:
    it: dict[str, Any] = {
        "survey_id": f"{about}-{sale.id}",
        "kind": kind,
        "account_id": sale.account,
        "about": about,
        "subject": sale.id,
        "owner": sale.seller,
        "line": sale.product.line,
    }
    yield SurveySent(**it, occurred_at=sale.after(days=1))
    if sale.happens(ANSWERS):
        score = sale.chance.choice((2, 3, 4, 4, 5, 5) if kind == "csat" else (3, 6, 8, 9, 9, 10))
        yield SurveyAnswered(**it, occurred_at=sale.after(days=2), score=score)
