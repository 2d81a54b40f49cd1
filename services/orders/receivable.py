"""Receivables 回款: invoiced, paid in one receipt or several, settled, or the rest written off.

What was paid for goods that came back later is owed back: see ``paying_back``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar, Final, Literal, assert_never

from services.orders.balance import Balance, balance
from shared.events.event import Money
from shared.events.receivable import (
    InvoiceIssued,
    ReceiptRecorded,
    ReceivableCredited,
    ReceivableEvent,
    ReceivableSettled,
    ReceivableWrittenOff,
    RefundPaid,
)
from shared.eventstore.decider import Aggregate, NotFound, Refused
from shared.eventstore.whose import EVERYBODYS, Whose

StateName = Literal["owed", "settled", "written-off"]


@dataclass(frozen=True)
class NotIssued:
    pass


Amounts = Mapping[str, Money]


@dataclass(frozen=True)
class Content:
    invoice: InvoiceIssued
    since: datetime
    receipts: Amounts = field(default_factory=dict)
    """What came in, by receipt id."""
    credits: Amounts = field(default_factory=dict)
    """What was taken off for returned goods, by return id."""
    credited_by: frozenset[str] = frozenset()
    """Who took it off, where it was a person."""
    refunds: Amounts = field(default_factory=dict)
    """What went back, by refund id."""
    given_up: int = 0
    """Minor units that were written off."""

    @property
    def paid(self) -> int:
        """Minor units that came in."""
        return _sum(self.receipts)

    @property
    def credited(self) -> int:
        return _sum(self.credits)

    @property
    def refunded(self) -> int:
        return _sum(self.refunds)

    @property
    def balance(self) -> Balance:
        return balance(
            amount=self.invoice.amount.minor,
            credited=self.credited,
            paid=self.paid,
            refunded=self.refunded,
            written_off=self.given_up,
        )

    def money(self, minor: int) -> Money:
        """So much in the currency of the invoice."""
        return Money(minor=minor, currency=self.invoice.amount.currency)

    @property
    def rest(self) -> Money:
        return self.money(self.balance.rest)


def _sum(amounts: Amounts) -> int:
    return sum(amount.minor for amount in amounts.values())


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
        return Owed(Content(event, event.occurred_at))
    state = known(receivable)
    it = replace(state.it, since=event.occurred_at)
    match event:
        case ReceiptRecorded():
            receipts = MappingProxyType({**it.receipts, event.receipt_id: event.amount})
            return replace(state, it=replace(it, receipts=receipts))
        case ReceivableCredited():
            credited = MappingProxyType({**it.credits, event.return_id: event.amount})
            persons = it.credited_by | ({event.credited_by} if event.credited_by else set())
            return replace(state, it=replace(it, credits=credited, credited_by=persons))
        case RefundPaid():
            refunds = MappingProxyType({**it.refunds, event.refund_id: event.amount})
            return replace(state, it=replace(it, refunds=refunds))
        case ReceivableWrittenOff():
            return WrittenOff(replace(it, given_up=it.given_up + event.amount.minor))
        case ReceivableSettled():
            return WrittenOff(it) if isinstance(state, WrittenOff) else Settled(it)
        case _:
            assert_never(event)


def whose(receivable: Receivable) -> Whose:
    if isinstance(receivable, NotIssued):
        return EVERYBODYS
    invoice = receivable.it.invoice
    return Whose(department=invoice.department, account_id=invoice.account_id)


RECEIVABLE: Final = Aggregate[Receivable, ReceivableEvent](
    category="receivable",
    initial=NotIssued(),
    evolve=evolve,
    whose=whose,
)


def issue(receivable: Receivable, *, invoice: InvoiceIssued) -> list[ReceivableEvent]:
    if invoice.amount.minor == 0:
        raise Refused("An invoice over nothing is none.", code="nothing-owed")
    match receivable:
        case NotIssued():
            return [invoice]
        case _:
            issued = known(receivable).it.invoice
            said_by = {
                "occurred_at": issued.occurred_at,
                "issued_by": issued.issued_by,
                "department": issued.department,
            }
            if issued == invoice.model_copy(update=said_by):
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
    rest = it.rest
    in_its_currency(it, amount)
    if amount.minor == 0:
        raise Refused("A receipt over nothing is none.", code="nothing-received")
    if amount.minor > rest.minor:
        raise Refused(
            f"Only {rest.minor} {rest.currency} (in its minor unit) is owed.",
            code="overpaid",
            owed=str(rest.minor),
            currency=rest.currency,
        )
    not_before(it, at)
    receivable_id = it.invoice.receivable_id
    received = ReceiptRecorded(
        receivable_id=receivable_id, receipt_id=receipt_id, amount=amount, occurred_at=at
    )
    if amount.minor < rest.minor:
        return [received]
    return [received, ReceivableSettled(receivable_id=receivable_id, occurred_at=at)]


def write_off(receivable: Receivable, *, reason: str, by: str | None, at: datetime) -> list[ReceivableEvent]:
    """Give up the rest; nothing is owed after that. Not for who issued the invoice."""
    match known(receivable):
        case Owed(it=it):
            if by is not None and by == it.invoice.issued_by:
                raise Refused("Another person has to write off your own invoice.", code="own-invoice")
            not_before(it, at)
            receivable_id = it.invoice.receivable_id
            return [
                ReceivableWrittenOff(
                    receivable_id=receivable_id, amount=it.rest, reason=reason, occurred_at=at
                ),
                ReceivableSettled(receivable_id=receivable_id, occurred_at=at),
            ]
        case Settled():
            raise Refused("Nothing is owed: there is nothing to write off.", code="settled")
        case WrittenOff():
            return []
        case state:
            assert_never(state)


def known(receivable: Receivable) -> Known:
    """The receivable, if there is one; raises ``NotFound``."""
    if isinstance(receivable, NotIssued):
        raise NotFound("There is no such receivable.")
    return receivable


def in_its_currency(it: Content, amount: Money) -> None:
    currency = it.invoice.amount.currency
    if amount.currency != currency:
        raise Refused(f"The invoice is in {currency}, not {amount.currency}.", code="other-currency")


def not_before(it: Content, at: datetime) -> None:
    if at < it.since:
        raise Refused("Something happened to the receivable after that moment already.", code="out-of-order")
