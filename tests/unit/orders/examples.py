"""One order and its receivable, step by step, for the tests of orders."""

from datetime import UTC, date, datetime
from typing import Final

from shared.events.event import Money
from shared.events.order import (
    OrderCancelled,
    OrderChanged,
    OrderConfirmed,
    OrderDelivered,
    OrderOpened,
    OrderReady,
    OrderRepromised,
    OrderShipped,
)
from shared.events.receivable import InvoiceIssued, ReceiptRecorded, ReceivableSettled, ReceivableWrittenOff


def at(hour: int) -> datetime:
    return datetime(2025, 3, 10, hour, tzinfo=UTC)


def cny(minor: int) -> Money:
    return Money(minor=minor)


PROMISED: Final = date(2025, 3, 24)
LATER: Final = date(2025, 3, 26)
DUE: Final = date(2025, 4, 9)

opened: Final = OrderOpened(
    order_id="ord-1",
    title="云帆科技 Atlas 200",
    account_id="acc-1",
    owner="p-wang",
    product="Atlas 200",
    line="Atlas",
    quantity=10,
    amount=cny(80_000),
    occurred_at=at(1),
)
changed: Final = OrderChanged(
    order_id="ord-1", quantity=12, amount=cny(96_000), previous_amount=cny(80_000), occurred_at=at(2)
)
confirmed: Final = OrderConfirmed(order_id="ord-1", promised_on=PROMISED, occurred_at=at(3))
repromised: Final = OrderRepromised(
    order_id="ord-1", promised_on=LATER, previous=PROMISED, reason="A part came late", occurred_at=at(4)
)
ready: Final = OrderReady(order_id="ord-1", occurred_at=at(5))
shipped: Final = OrderShipped(
    order_id="ord-1",
    account_id="acc-1",
    owner="p-wang",
    line="Atlas",
    amount=cny(80_000),
    carrier="顺丰速运",
    occurred_at=at(6),
)
delivered: Final = OrderDelivered(
    order_id="ord-1",
    account_id="acc-1",
    owner="p-wang",
    proof="Signed",
    first_promise=PROMISED,
    occurred_at=at(7),
)
cancelled: Final = OrderCancelled(order_id="ord-1", reason="Entered twice", occurred_at=at(4))

issued: Final = InvoiceIssued(
    receivable_id="ord-1",
    order_id="ord-1",
    account_id="acc-1",
    owner="p-wang",
    line="Atlas",
    amount=cny(80_000),
    due_on=DUE,
    occurred_at=at(6),
)
half_paid: Final = ReceiptRecorded(
    receivable_id="ord-1", receipt_id="rcp-1", amount=cny(50_000), occurred_at=at(8)
)
rest_paid: Final = ReceiptRecorded(
    receivable_id="ord-1", receipt_id="rcp-2", amount=cny(30_000), occurred_at=at(9)
)
settled: Final = ReceivableSettled(receivable_id="ord-1", occurred_at=at(9))
written_off: Final = ReceivableWrittenOff(
    receivable_id="ord-1", amount=cny(30_000), reason="Bankrupt", occurred_at=at(9)
)
