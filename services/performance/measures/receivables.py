"""What a receivable 回款 adds to the boards: invoiced, due, come in, gone back, given up, and still owed."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from services.performance.days import day_of
from shared.events.receivable import (
    InvoiceIssued,
    ReceiptRecorded,
    ReceivableCredited,
    ReceivableEvent,
    ReceivableWrittenOff,
    RefundPaid,
)
from shared.projections.projection import Contribution, Projection, place

Days = Mapping[str, int]
"""Business day → minor units."""


class Receivable(msgspec.Struct, frozen=True):
    owner: str = ""
    line: str = ""
    currency: str = ""
    minor: int = 0
    issued_on: str = ""
    due_on: date | None = None
    receipts: Days = {}
    refunds: Days = {}
    credited: Days = {}
    written_off: Days = {}
    """A credit takes back on its day what was written off and need not be paid any more."""


def evolve(receivable: Receivable, event: ReceivableEvent, *, zone: ZoneInfo) -> Receivable:
    match event:
        case InvoiceIssued():
            return Receivable(
                owner=event.owner,
                line=event.line,
                currency=event.amount.currency,
                minor=event.amount.minor,
                issued_on=day_of(event.occurred_at, zone),
                due_on=event.due_on,
            )
        case ReceiptRecorded():
            receipts = _plus(receivable.receipts, event.occurred_at, event.amount.minor, zone)
            return msgspec.structs.replace(receivable, receipts=receipts)
        case RefundPaid():
            refunds = _plus(receivable.refunds, event.occurred_at, event.amount.minor, zone)
            return msgspec.structs.replace(receivable, refunds=refunds)
        case ReceivableWrittenOff():
            given_up = _plus(receivable.written_off, event.occurred_at, event.amount.minor, zone)
            return msgspec.structs.replace(receivable, written_off=given_up)
        case ReceivableCredited():
            return _credited(receivable, event, zone)
        case _:
            return receivable


def _credited(receivable: Receivable, event: ReceivableCredited, zone: ZoneInfo) -> Receivable:
    credited = _plus(receivable.credited, event.occurred_at, event.amount.minor, zone)
    now = msgspec.structs.replace(receivable, credited=credited)
    too_much = min(-_left(now), _sum(now.written_off))
    if too_much <= 0:
        return now
    taken_back = _plus(now.written_off, event.occurred_at, -too_much, zone)
    return msgspec.structs.replace(now, written_off=taken_back)


def _plus(days: Days, at: datetime, minor: int, zone: ZoneInfo) -> Days:
    day = day_of(at, zone)
    return {**days, day: days.get(day, 0) + minor}


def _sum(days: Days) -> int:
    return sum(days.values())


def _left(receivable: Receivable) -> int:
    """What is still owed; below zero what is owed back."""
    paid = _sum(receivable.receipts) - _sum(receivable.refunds)
    return receivable.minor - _sum(receivable.credited) - _sum(receivable.written_off) - paid


def contribute(receivable: Receivable) -> Contribution:
    if receivable.due_on is None:
        return {}
    whose = replace(place(person=receivable.owner, line=receivable.line), currency=receivable.currency)
    cells = {
        replace(whose, measure="invoiced_amount", day=receivable.issued_on): receivable.minor,
        replace(whose, measure="due_amount", day=receivable.due_on.isoformat()): receivable.minor,
    }
    for measure, days in (
        ("receipts_amount", receivable.receipts),
        ("refunds_amount", receivable.refunds),
        ("credited_amount", receivable.credited),
        ("written_off_amount", receivable.written_off),
    ):
        for day, minor in days.items():
            cells[replace(whose, measure=measure, day=day)] = minor
    if (owed := _left(receivable)) > 0:
        cells[whose.of("owed_amount", bucket=receivable.due_on.toordinal())] = owed
    return cells


def receivables(zone: ZoneInfo) -> Projection[Receivable]:
    return Projection(
        name="receivables",
        version=2,
        state=Receivable,
        initial=Receivable(),
        events=(InvoiceIssued, ReceiptRecorded, RefundPaid, ReceivableWrittenOff, ReceivableCredited),
        evolve=partial(evolve, zone=zone),
        contribute=contribute,
    )
