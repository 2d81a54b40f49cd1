"""What a receivable adds: told event by event, compared with cells worked out by hand."""

from collections.abc import Mapping
from functools import reduce
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from services.performance.measures.receivables import receivables
from shared.events.event import Money
from shared.events.examples.cast import at, on
from shared.events.receivable import (
    InvoiceIssued,
    ReceiptRecorded,
    ReceivableCredited,
    ReceivableEvent,
    ReceivableSettled,
    ReceivableWrittenOff,
    RefundPaid,
)
from shared.projections.projection import Cell

RECEIVABLES: Final = receivables(ZoneInfo("Asia/Shanghai"))
ID: Final = {"receivable_id": "1"}
WANG: Final = Cell("", person="wang", line="机床", currency="CNY")
DUE: Final = on("04-20").toordinal()


def issued(amount: Money) -> InvoiceIssued:
    facts = {"order_id": "1", "owner": "wang", "line": "机床", "due_on": on("04-20")}
    return InvoiceIssued.model_validate({**ID, **facts, "amount": amount, "occurred_at": at("03-21 09:00")})


def yuan(amount: int) -> Money:
    return Money(minor=amount * 100)


def receipt(when: str, amount: int, receipt_id: str = "rcp-1") -> ReceiptRecorded:
    return ReceiptRecorded(**ID, receipt_id=receipt_id, amount=yuan(amount), occurred_at=at(when))


def refund(when: str, amount: int, refund_id: str = "rfd-1") -> RefundPaid:
    return RefundPaid(**ID, refund_id=refund_id, amount=yuan(amount), occurred_at=at(when))


def credit(when: str, amount: int, return_id: str = "ret-1") -> ReceivableCredited:
    return ReceivableCredited(
        **ID, return_id=return_id, amount=yuan(amount), reason="退货", occurred_at=at(when)
    )


def write_off(when: str, amount: int) -> ReceivableWrittenOff:
    return ReceivableWrittenOff(**ID, amount=yuan(amount), reason="破产", occurred_at=at(when))


def adds(*events: ReceivableEvent) -> Mapping[Cell, int]:
    return RECEIVABLES.contribute(reduce(RECEIVABLES.evolve, events, RECEIVABLES.initial))


def later(*events: ReceivableEvent) -> Mapping[Cell, int]:
    """What an invoice over 1,000 yuan and these events add beside the invoice itself."""
    invoice = issued(yuan(1000))
    moved = dict(adds(invoice, *events))
    for cell in ("invoiced_amount", "due_amount"):
        [key] = [key for key in moved if key.measure == cell]
        assert moved.pop(key) == 1000_00
    return moved


def on_day(day: str, measure: str) -> Cell:
    return replace(WANG, day=f"2025-{day}", measure=measure)


def test_a_receivable_nobody_issued_adds_nothing() -> None:
    assert adds() == {}


def test_an_invoice_counts_on_its_day_falls_due_on_another_and_is_owed_by_the_day_it_falls_due() -> None:
    assert adds(issued(yuan(1000))) == {
        on_day("03-21", "invoiced_amount"): 1000_00,
        on_day("04-20", "due_amount"): 1000_00,
        WANG.of("owed_amount", bucket=DUE): 1000_00,
    }


def test_currencies_are_kept_apart() -> None:
    dollars = Money(minor=500_00, currency="USD")
    paid = ReceiptRecorded(**ID, receipt_id="rcp-1", amount=dollars, occurred_at=at("04-01 09:00"))
    cells = adds(issued(dollars), paid)
    assert {cell.currency for cell in cells} == {"USD"}
    assert cells[replace(on_day("04-01", "receipts_amount"), currency="USD")] == 500_00


def test_receipts_count_on_the_business_day_they_come_in_until_nothing_is_owed() -> None:
    half = (receipt("04-01 23:59", 300), receipt("04-02 00:00", 150, "rcp-2"))
    assert later(*half, receipt("04-02 09:00", 50, "rcp-3")) == {
        on_day("04-01", "receipts_amount"): 300_00,
        on_day("04-02", "receipts_amount"): 200_00,
        WANG.of("owed_amount", bucket=DUE): 500_00,
    }
    rest = receipt("04-05 09:00", 550, "rcp-3")
    settled = ReceivableSettled(**ID, occurred_at=at("04-05 09:00"))
    assert later(*half, rest, settled) == {
        on_day("04-01", "receipts_amount"): 300_00,
        on_day("04-02", "receipts_amount"): 150_00,
        on_day("04-05", "receipts_amount"): 550_00,
    }


def test_what_is_written_off_is_owed_no_more() -> None:
    assert later(receipt("04-01 09:00", 300), write_off("06-01 09:00", 700)) == {
        on_day("04-01", "receipts_amount"): 300_00,
        on_day("06-01", "written_off_amount"): 700_00,
    }


def test_a_credit_before_the_money_lowers_what_is_owed() -> None:
    assert later(credit("04-01 09:00", 200), credit("04-01 10:00", 50, "ret-2")) == {
        on_day("04-01", "credited_amount"): 250_00,
        WANG.of("owed_amount", bucket=DUE): 750_00,
    }


def test_a_credit_after_full_payment_is_owed_back_and_the_refund_counts_on_its_own_day() -> None:
    paid = (receipt("04-01 09:00", 1000), credit("04-10 09:00", 200))
    before = {
        on_day("04-01", "receipts_amount"): 1000_00,
        on_day("04-10", "credited_amount"): 200_00,
    }
    assert later(*paid) == before
    back = (refund("04-12 09:00", 150), refund("04-13 09:00", 50, "rfd-2"))
    assert later(*paid, *back) == before | {
        on_day("04-12", "refunds_amount"): 150_00,
        on_day("04-13", "refunds_amount"): 50_00,
    }


def test_a_credit_takes_back_on_its_day_what_was_written_off_and_leaves_the_past_day_alone() -> None:
    gone = (receipt("04-01 09:00", 300), write_off("06-01 09:00", 700))
    assert later(*gone, credit("06-10 09:00", 500)) == {
        on_day("04-01", "receipts_amount"): 300_00,
        on_day("06-01", "written_off_amount"): 700_00,
        on_day("06-10", "written_off_amount"): -500_00,
        on_day("06-10", "credited_amount"): 500_00,
    }
    assert later(*gone, credit("06-10 09:00", 500), credit("06-20 09:00", 400, "ret-2")) == {
        on_day("04-01", "receipts_amount"): 300_00,
        on_day("06-01", "written_off_amount"): 700_00,
        on_day("06-10", "written_off_amount"): -500_00,
        on_day("06-10", "credited_amount"): 500_00,
        on_day("06-20", "written_off_amount"): -200_00,
        on_day("06-20", "credited_amount"): 400_00,
    }
