"""What a receivable adds to the boards: what falls due when, and what came in 回款."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from services.performance.days import day_of
from shared.events.receivable import InvoiceIssued, ReceiptRecorded, ReceivableEvent
from shared.projections.projection import Contribution, Projection, place


class Receivable(msgspec.Struct, frozen=True):
    owner: str = ""
    line: str = ""
    currency: str = ""
    minor: int = 0
    due_on: date | None = None
    receipts: Mapping[str, int] = {}
    """Business day → minor units that came in."""


def evolve(receivable: Receivable, event: ReceivableEvent, *, zone: ZoneInfo) -> Receivable:
    match event:
        case InvoiceIssued():
            return Receivable(
                owner=event.owner,
                line=event.line,
                currency=event.amount.currency,
                minor=event.amount.minor,
                due_on=event.due_on,
            )
        case ReceiptRecorded():
            day = day_of(event.occurred_at, zone)
            came_in = receivable.receipts.get(day, 0) + event.amount.minor
            return msgspec.structs.replace(receivable, receipts={**receivable.receipts, day: came_in})
        case _:
            return receivable


def contribute(receivable: Receivable) -> Contribution:
    if receivable.due_on is None:
        return {}
    whose = place(person=receivable.owner, line=receivable.line)._replace(currency=receivable.currency)
    cells = {whose._replace(measure="due_amount", day=receivable.due_on.isoformat()): receivable.minor}
    for day, minor in receivable.receipts.items():
        cells[whose._replace(measure="receipts_amount", day=day)] = minor
    return cells


def receivables(zone: ZoneInfo) -> Projection[Receivable]:
    return Projection(
        name="receivables",
        version=1,
        state=Receivable,
        initial=Receivable(),
        events=(InvoiceIssued, ReceiptRecorded),
        evolve=partial(evolve, zone=zone),
        contribute=contribute,
    )
