"""Receivables 回款: what customers owe us and what came in."""

from shared.events.event import Day, Event, Id, Label, Money, Text


class OfReceivable(Event, category="receivable", service="orders"):
    receivable_id: Id


class InvoiceIssued(OfReceivable, type="invoice-issued.v1"):
    order_id: Id
    account_id: Id | None = None
    owner: Id
    line: Label
    amount: Money
    due_on: Day


class ReceiptRecorded(OfReceivable, type="receipt-recorded.v1"):
    """Money came in."""

    receipt_id: Id
    amount: Money


class ReceivableSettled(OfReceivable, type="receivable-settled.v1"):
    """Nothing is owed any more."""


class ReceivableWrittenOff(OfReceivable, type="receivable-written-off.v1"):
    """The rest will not come."""

    amount: Money
    reason: Text


ReceivableEvent = InvoiceIssued | ReceiptRecorded | ReceivableSettled | ReceivableWrittenOff
