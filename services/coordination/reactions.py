"""What coordination does by itself: ask for a hand-off, settle it when the work is done, call it off."""

from functools import partial
from typing import Any, Final

from services.coordination.handoff import Handoff
from services.coordination.kinds import KINDS, due_of, handoff_id, subject_of, title_of
from services.coordination.passing import call_off, request, settle
from shared.events.complaint import ComplaintFiled, ComplaintResolved
from shared.events.event import Envelope, Event
from shared.events.handoff import HandoffEvent, HandoffRequested
from shared.events.lead import LeadConverted, LeadDisqualified, LeadQualified
from shared.events.order import OrderCancelled, OrderConfirmed, OrderDelivered, OrderReady, OrderShipped
from shared.events.receivable import InvoiceIssued, ReceivableSettled, ReceivableWrittenOff
from shared.eventstore.decider import Decider
from shared.service.reactions import Reaction

Handoffs = Decider[Handoff, HandoffEvent]
Rules = tuple[tuple[type[Event], str], ...]
"""Which event means something for which kind of hand-off."""

SETTLES: Final[Rules] = (
    (LeadConverted, "lead-to-sales"),
    (LeadDisqualified, "lead-to-sales"),
    (OrderReady, "order-to-production"),
    (OrderShipped, "goods-to-logistics"),
    (ReceivableSettled, "invoice-to-finance"),
    (ReceivableWrittenOff, "invoice-to-finance"),
    (ComplaintResolved, "complaint-to-service"),
)
REQUESTS: Final[Rules] = (
    (LeadQualified, "lead-to-sales"),
    (OrderConfirmed, "order-to-production"),
    (OrderReady, "goods-to-logistics"),
    (OrderDelivered, "delivery-to-service"),
    (InvoiceIssued, "invoice-to-finance"),
    (ComplaintFiled, "complaint-to-service"),
)
CALLS_OFF: Final[Rules] = (
    (OrderCancelled, "order-to-production"),
    (OrderCancelled, "goods-to-logistics"),
)


def to_others(handoffs: Handoffs) -> list[Reaction]:
    """Reactions to events on the other services' topics."""
    return [
        *(_settling(handoffs, to, kind) for to, kind in SETTLES),
        *(_requesting(handoffs, to, kind) for to, kind in REQUESTS),
        *(_calling_off(handoffs, to, kind) for to, kind in CALLS_OFF),
    ]


def requested_by(event: Event, kind_name: str) -> HandoffRequested:
    """The hand-off of a kind that names its departments, as the event asks for it."""
    kind = KINDS[kind_name]
    return HandoffRequested.model_validate(
        {
            "handoff_id": handoff_id(kind_name, event),
            "kind": kind_name,
            "subject": subject_of(event),
            "title": title_of(kind, event),
            "from_department": kind.from_department,
            "to_department": kind.to_department,
            "due_at": due_of(kind, event),
            "account_id": getattr(event, "account_id", None),
            "department": getattr(event, "department", None),
            "occurred_at": event.occurred_at,
        }
    )


def _requesting(handoffs: Handoffs, to: type[Event], kind: str) -> Reaction:
    async def ask(event: Any, envelope: Envelope) -> None:
        requested = requested_by(event, kind)
        await handoffs.transact(requested.handoff_id, partial(request, requested=requested), envelope)

    return Reaction(f"request-{kind}", to, ask)


def _settling(handoffs: Handoffs, to: type[Event], kind: str) -> Reaction:
    async def end(event: Any, envelope: Envelope) -> None:
        decide = partial(settle, by=envelope.actor, at=event.occurred_at)
        await handoffs.transact(handoff_id(kind, event), decide, envelope)

    return Reaction(f"settle-{kind}", to, end)


def _calling_off(handoffs: Handoffs, to: type[Event], kind: str) -> Reaction:
    async def end(event: Any, envelope: Envelope) -> None:
        decide = partial(call_off, reason=event.reason, at=event.occurred_at)
        await handoffs.transact(handoff_id(kind, event), decide, envelope)

    return Reaction(f"call-off-{kind}", to, end)
