"""Receivables 回款: what customers owe us and what came in."""

from .event import Day, Event, Id, Label, Money, Slug, Text


class OfReceivable(Event, category="receivable", service="orders"):
    receivable_id: Id


class InvoiceIssued(OfReceivable, type="invoice-issued.v1"):
    """The customer owes this amount until the day it is due."""

    order_id: Id
    account_id: Id | None = None
    owner: Id
    line: Label
    amount: Money
    due_on: Day
    issued_by: Id | None = None
    """Who may not write it off; nobody where Baton issued it itself."""
    department: Slug | None = None
    """Whose it is where it is at no account."""


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


class ReceivableCredited(OfReceivable, type="receivable-credited.v1"):
    """So much less is to be paid, because goods came back."""

    return_id: Id
    amount: Money
    """Comes off what is still owed, then off what was written off; what is paid by then is owed back."""
    reason: Text
    credited_by: Id | None = None
    """Who may not pay it back; nobody where Baton credited a return itself."""


class RefundPaid(OfReceivable, type="refund-paid.v1"):
    """Money went back to the customer."""

    refund_id: Id
    amount: Money


ReceivableEvent = (
    InvoiceIssued
    | ReceiptRecorded
    | ReceivableSettled
    | ReceivableWrittenOff
    | ReceivableCredited
    | RefundPaid
)
