"""What happens beside deals, as the tests tell it: leads, orders, receivables, complaints and surveys."""

from typing import Any, Final

from shared.events.complaint import ComplaintAcknowledged, ComplaintFiled, ComplaintResolved
from shared.events.event import Money
from shared.events.examples.cast import at, on
from shared.events.lead import LeadAssigned, LeadContacted, LeadCreated, LeadDisqualified, LeadQualified
from shared.events.order import (
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    OrderOpened,
    OrderRepromised,
    OrderReturned,
    OrderShipped,
)
from shared.events.receivable import InvoiceIssued, ReceiptRecorded
from shared.events.survey import SurveyAnswered, SurveyEvent, SurveyKind, SurveySent
from tests.unit.performance.world import money

GOODS: Final = {"product": "Atlas 200", "line": "Atlas"}


def lead(key: str, when: str, *, line: str | None = None) -> LeadCreated:
    return LeadCreated(lead_id=key, occurred_at=at(when), company="云帆科技", source="Fair", line=line)


def assigned(key: str, when: str, owner: str) -> LeadAssigned:
    return LeadAssigned(lead_id=key, occurred_at=at(when), owner=owner)


def contacted(key: str, when: str, *, first: bool = True) -> LeadContacted:
    return LeadContacted(lead_id=key, occurred_at=at(when), by="wang", first=first)


def qualified(key: str, when: str) -> LeadQualified:
    return LeadQualified(lead_id=key, occurred_at=at(when), by="wang", company="云帆科技")


def disqualified(key: str, when: str) -> LeadDisqualified:
    return LeadDisqualified(lead_id=key, occurred_at=at(when), reason="A student")


def ordered(key: str, when: str, amount: Money | None = None, **more: Any) -> OrderOpened:
    """An order of 100 yuan for one piece, unless told otherwise."""
    facts = {"title": "It", "owner": "wang", **GOODS, **more}
    return OrderOpened(order_id=key, occurred_at=at(when), amount=amount or money(100), **facts)


def promised(key: str, when: str, day: str) -> OrderConfirmed:
    return OrderConfirmed(order_id=key, occurred_at=at(when), promised_on=on(day))


def repromised(key: str, when: str, day: str, previous: str) -> OrderRepromised:
    return OrderRepromised(
        order_id=key, occurred_at=at(when), promised_on=on(day), previous=on(previous), reason="缺料"
    )


def shipped(key: str, when: str, amount: Money | None = None) -> OrderShipped:
    return OrderShipped(
        order_id=key, occurred_at=at(when), owner="wang", line="Atlas", amount=amount or money(100)
    )


def delivered(key: str, when: str) -> OrderDelivered:
    return OrderDelivered(order_id=key, occurred_at=at(when), owner="wang")


def returned(key: str, when: str, amount: Money, quantity: int = 1) -> OrderReturned:
    facts = {"return_id": "r-1", "reason": "坏", "owner": "wang", **GOODS}
    return OrderReturned(order_id=key, occurred_at=at(when), amount=amount, quantity=quantity, **facts)


def cancelled(key: str, when: str) -> OrderCancelled:
    return OrderCancelled(order_id=key, occurred_at=at(when), reason="Twice")


def invoiced(key: str, when: str, amount: Money, due: str) -> InvoiceIssued:
    facts = {"order_id": key, "owner": "wang", "line": "Atlas", "due_on": on(due)}
    return InvoiceIssued(receivable_id=key, occurred_at=at(when), amount=amount, **facts)


def received(key: str, when: str, amount: Money, *, receipt: str = "r-1") -> ReceiptRecorded:
    return ReceiptRecorded(receivable_id=key, occurred_at=at(when), receipt_id=receipt, amount=amount)


def filed(key: str, when: str) -> ComplaintFiled:
    return ComplaintFiled(complaint_id=key, occurred_at=at(when), subject="It does not start")


def answered(key: str, when: str) -> ComplaintAcknowledged:
    return ComplaintAcknowledged(complaint_id=key, occurred_at=at(when), by="olivia")


def resolved(key: str, when: str) -> ComplaintResolved:
    return ComplaintResolved(complaint_id=key, occurred_at=at(when), resolution="已更换")


def said(key: str, when: str, kind: SurveyKind, score: int, **sale: Any) -> tuple[SurveyEvent, ...]:
    """What a customer answers to a survey; ``sale`` is the owner and line it is about."""
    facts = {"survey_id": key, "occurred_at": at(when), "kind": kind, "account_id": "yun-1", **sale}
    return SurveySent(**facts, about="delivery"), SurveyAnswered(**facts, about="delivery", score=score)
