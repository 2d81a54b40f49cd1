"""The list of receivables, folded from the service's own events."""

from datetime import date
from typing import Final

import msgspec

from services.orders.balance import Balance, balance
from services.orders.receivable import StateName
from shared.departments.open_to import belonging
from shared.events.receivable import (
    InvoiceIssued,
    ReceiptRecorded,
    ReceivableCredited,
    ReceivableEvent,
    ReceivableSettled,
    ReceivableWrittenOff,
    RefundPaid,
)
from shared.projections.projection import Projection


class Receivable(msgspec.Struct, frozen=True):
    """All amounts are in the minor unit of ``currency``."""

    id: str = ""
    state: StateName = "owed"
    order_id: str = ""
    account_id: str | None = None
    owner: str = ""
    line: str = ""
    minor: int = 0
    paid: int = 0
    credited: int = 0
    refunded: int = 0
    written_off: int = 0
    currency: str = ""
    due_on: date | None = None
    department: str | None = None

    @property
    def balance(self) -> Balance:
        return balance(
            amount=self.minor,
            credited=self.credited,
            paid=self.paid,
            refunded=self.refunded,
            written_off=self.written_off,
        )


def evolve(it: Receivable, event: ReceivableEvent) -> Receivable:
    match event:
        case InvoiceIssued():
            return Receivable(
                id=event.receivable_id,
                order_id=event.order_id,
                account_id=event.account_id,
                owner=event.owner,
                line=event.line,
                minor=event.amount.minor,
                currency=event.amount.currency,
                due_on=event.due_on,
                department=event.department,
            )
        case ReceiptRecorded():
            return msgspec.structs.replace(it, paid=it.paid + event.amount.minor)
        case ReceivableCredited():
            return msgspec.structs.replace(it, credited=it.credited + event.amount.minor)
        case RefundPaid():
            return msgspec.structs.replace(it, refunded=it.refunded + event.amount.minor)
        case ReceivableWrittenOff():
            given_up = it.written_off + event.amount.minor
            return msgspec.structs.replace(it, state="written-off", written_off=given_up)
        case ReceivableSettled() if it.state == "owed":
            return msgspec.structs.replace(it, state="settled")
        case _:
            return it


def index(it: Receivable) -> dict[str, str]:
    whose = belonging(it.id, account_id=it.account_id, department=it.department)
    return {"state": it.state, **whose}


RECEIVABLES: Final = Projection(
    name="receivable-list",
    version=3,
    state=Receivable,
    initial=Receivable(),
    events=(
        InvoiceIssued,
        ReceiptRecorded,
        ReceivableCredited,
        RefundPaid,
        ReceivableSettled,
        ReceivableWrittenOff,
    ),
    evolve=evolve,
    index=index,
)
