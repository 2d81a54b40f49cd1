"""Receivables 回款: invoiced, paid in one receipt or several, settled, or the rest written off."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar, Final, Literal, assert_never

from shared.events.event import Money
from shared.events.receivable import (
    InvoiceIssued,
    ReceiptRecorded,
    ReceivableEvent,
    ReceivableSettled,
    ReceivableWrittenOff,
)
from shared.eventstore.decider import Aggregate, NotFound, Refused

StateName = Literal["owed", "settled", "written-off"]


@dataclass(frozen=True)
class NotIssued:
    pass


@dataclass(frozen=True)
class Content:
    invoice: InvoiceIssued
    receipts: Mapping[str, Money]
    """What came in, by receipt id."""
    since: datetime

    @property
    def paid(self) -> int:
        """Minor units that came in."""
        return sum(amount.minor for amount in self.receipts.values())

    @property
    def rest(self) -> Money:
        return Money(minor=self.invoice.amount.minor - self.paid, currency=self.invoice.amount.currency)


@dataclass(frozen=True)
class Owed:
    it: Content
    name: ClassVar[StateName] = "owed"


@dataclass(frozen=True)
class Settled:
    it: Content
    name: ClassVar[StateName] = "settled"


@dataclass(frozen=True)
class WrittenOff:
    it: Content
    name: ClassVar[StateName] = "written-off"


Known = Owed | Settled | WrittenOff
Receivable = NotIssued | Known


def evolve(receivable: Receivable, event: ReceivableEvent) -> Receivable:
    if isinstance(event, InvoiceIssued):
        return Owed(Content(event, MappingProxyType({}), event.occurred_at))
    state = known(receivable)
    it = replace(state.it, since=event.occurred_at)
    match event:
        case ReceiptRecorded():
            receipts = MappingProxyType({**it.receipts, event.receipt_id: event.amount})
            return replace(state, it=replace(it, receipts=receipts))
        case ReceivableWrittenOff():
            return WrittenOff(it)
        case ReceivableSettled():
            return WrittenOff(it) if isinstance(state, WrittenOff) else Settled(it)
        case _:
            assert_never(event)


RECEIVABLE: Final = Aggregate[Receivable, ReceivableEvent](
    category="receivable",
    initial=NotIssued(),
    evolve=evolve,
)


def issue(receivable: Receivable, *, invoice: InvoiceIssued) -> list[ReceivableEvent]:
    if invoice.amount.minor == 0:
        raise Refused("An invoice over nothing is none.", code="nothing-owed")
    match receivable:
        case NotIssued():
            return [invoice]
        case _:
            issued = known(receivable).it.invoice
            if issued == invoice.model_copy(update={"occurred_at": issued.occurred_at}):
                return []
            raise Refused("Another receivable has this id.", code="id-taken")


def record_receipt(
    receivable: Receivable, *, receipt_id: str, amount: Money, at: datetime
) -> list[ReceivableEvent]:
    """Money came in; when it was the last that is owed, the receivable is settled with it."""
    state = known(receivable)
    it = state.it
    if receipt_id in it.receipts:
        if it.receipts[receipt_id] == amount:
            return []
        raise Refused("Another receipt has this id.", code="id-taken")
    rest = it.rest if isinstance(state, Owed) else Money(minor=0, currency=it.rest.currency)
    if amount.currency != rest.currency:
        raise Refused(f"The invoice is in {rest.currency}, not {amount.currency}.", code="other-currency")
    if amount.minor == 0:
        raise Refused("A receipt over nothing is none.", code="nothing-received")
    if amount.minor > rest.minor:
        raise Refused(
            f"Only {rest.minor} {rest.currency} (in its minor unit) is owed.",
            code="overpaid",
            owed=str(rest.minor),
            currency=rest.currency,
        )
    _not_before(it, at)
    receivable_id = it.invoice.receivable_id
    received = ReceiptRecorded(
        receivable_id=receivable_id, receipt_id=receipt_id, amount=amount, occurred_at=at
    )
    if amount.minor < rest.minor:
        return [received]
    return [received, ReceivableSettled(receivable_id=receivable_id, occurred_at=at)]


def write_off(receivable: Receivable, *, reason: str, at: datetime) -> list[ReceivableEvent]:
    """Give up the rest; nothing is owed after that."""
    match known(receivable):
        case Owed(it=it):
            _not_before(it, at)
            receivable_id = it.invoice.receivable_id
            return [
                ReceivableWrittenOff(
                    receivable_id=receivable_id, amount=it.rest, reason=reason, occurred_at=at
                ),
                ReceivableSettled(receivable_id=receivable_id, occurred_at=at),
            ]
        case Settled():
            raise Refused("All was paid: there is nothing to write off.", code="settled")
        case WrittenOff():
            return []
        case state:
            assert_never(state)


def known(receivable: Receivable) -> Known:
    """The receivable, if there is one; raises ``NotFound``."""
    if isinstance(receivable, NotIssued):
        raise NotFound("There is no such receivable.")
    return receivable


def _not_before(it: Content, at: datetime) -> None:
    if at < it.since:
        raise Refused("Something happened to the receivable after that moment already.", code="out-of-order")
