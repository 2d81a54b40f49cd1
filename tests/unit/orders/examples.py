"""One product, an order of it and its receivable, step by step, for the tests of orders."""

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
    OrderReturned,
    OrderShipped,
)
from shared.events.product import ProductCosted, ProductListed, ProductPriced, product_id
from shared.events.receivable import (
    InvoiceIssued,
    ReceiptRecorded,
    ReceivableCredited,
    ReceivableSettled,
    ReceivableWrittenOff,
    RefundPaid,
)


def at(hour: int) -> datetime:
    return datetime(2025, 3, 10, hour, tzinfo=UTC)


def cny(minor: int) -> Money:
    return Money(minor=minor)


PROMISED: Final = date(2025, 3, 24)
LATER: Final = date(2025, 3, 26)
DUE: Final = date(2025, 4, 9)

ATLAS: Final = product_id("Atlas 200")
listed: Final = ProductListed(
    product_id=ATLAS, name="Atlas 200", line="Atlas", list_price=cny(8_600), occurred_at=at(0)
)
priced: Final = ProductPriced(product_id=ATLAS, list_price=cny(8_500), previous=cny(8_600), occurred_at=at(1))
costed: Final = ProductCosted(product_id=ATLAS, unit_cost=cny(5_450), version=1, occurred_at=at(2))
costed_again: Final = ProductCosted(
    product_id=ATLAS, unit_cost=cny(5_200), version=2, previous=cny(5_450), occurred_at=at(5)
)

opened: Final = OrderOpened(
    order_id="ord-1",
    title="云帆科技 Atlas 200",
    account_id="acc-1",
    owner="p-wang",
    product="Atlas 200",
    line="Atlas",
    quantity=10,
    amount=cny(80_000),
    department="east",
    occurred_at=at(1),
)
changed: Final = OrderChanged(
    order_id="ord-1", quantity=12, amount=cny(96_000), previous_amount=cny(80_000), occurred_at=at(2)
)
confirmed: Final = OrderConfirmed(
    order_id="ord-1", promised_on=PROMISED, account_id="acc-1", department="east", occurred_at=at(3)
)
repromised: Final = OrderRepromised(
    order_id="ord-1", promised_on=LATER, previous=PROMISED, reason="A part came late", occurred_at=at(4)
)
ready: Final = OrderReady(order_id="ord-1", account_id="acc-1", department="east", occurred_at=at(5))
shipped: Final = OrderShipped(
    order_id="ord-1",
    account_id="acc-1",
    owner="p-wang",
    line="Atlas",
    amount=cny(80_000),
    carrier="顺丰速运",
    department="east",
    occurred_at=at(6),
)
delivered: Final = OrderDelivered(
    order_id="ord-1",
    account_id="acc-1",
    owner="p-wang",
    proof="Signed",
    first_promise=PROMISED,
    department="east",
    occurred_at=at(7),
)
returned: Final = OrderReturned(
    order_id="ord-1",
    return_id="ret-1",
    quantity=3,
    amount=cny(24_000),
    reason="无法启动",
    account_id="acc-1",
    owner="p-wang",
    product="Atlas 200",
    line="Atlas",
    occurred_at=at(10),
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
    department="east",
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
credited: Final = ReceivableCredited(
    receivable_id="ord-1", return_id="ret-1", amount=cny(24_000), reason="无法启动", occurred_at=at(10)
)
refunded: Final = RefundPaid(receivable_id="ord-1", refund_id="rfd-1", amount=cny(24_000), occurred_at=at(11))
