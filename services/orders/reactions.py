"""What orders do by themselves: open what was won, call off what was reopened, invoice and credit."""

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from services.orders import order, paying_back, receivable
from services.orders.costs import Products, costed
from services.orders.won_deals import Orders, open_won, opened_by, place_for, standing_before
from shared.events.deal import DealReopened, DealWon
from shared.events.event import Envelope
from shared.events.order import OrderReturned, OrderShipped
from shared.events.receivable import InvoiceIssued, ReceivableEvent
from shared.eventstore.decider import Decider
from shared.service.reactions import Reaction

Receivables = Decider[receivable.Receivable, ReceivableEvent]


def to_others(orders: Orders, products: Products) -> list[Reaction]:
    """Reactions to events on the other services' topics."""

    async def open_order(won: DealWon, envelope: Envelope) -> None:
        place = await place_for(orders, won)
        opened = await costed(products, opened_by(won, place.order_id))
        await orders.transact(place.order_id, partial(open_won, opened=opened), envelope)

    async def call_off_order(reopened: DealReopened, envelope: Envelope) -> None:
        link = await standing_before(orders, reopened)
        if link is not None:
            decide = partial(order.call_off, reason="deal reopened", at=reopened.occurred_at)
            await orders.transact(link.order_id, decide, envelope)

    return [
        Reaction("open-order-of-won-deal", DealWon, open_order),
        Reaction("call-off-order-of-reopened-deal", DealReopened, call_off_order),
    ]


def to_own(receivables: Receivables, *, zone: ZoneInfo, payment_terms: timedelta) -> list[Reaction]:
    """Reactions to this service's own events; invoices fall due ``payment_terms`` after the business day."""

    async def issue_invoice(shipped: OrderShipped, envelope: Envelope) -> None:
        if shipped.amount.minor == 0:
            return
        invoice = InvoiceIssued(
            receivable_id=shipped.order_id,
            order_id=shipped.order_id,
            account_id=shipped.account_id,
            owner=shipped.owner,
            line=shipped.line,
            amount=shipped.amount,
            department=shipped.department,
            due_on=shipped.occurred_at.astimezone(zone).date() + payment_terms,
            occurred_at=shipped.occurred_at,
        )
        await receivables.transact(shipped.order_id, partial(receivable.issue, invoice=invoice), envelope)

    async def credit_return(returned: OrderReturned, envelope: Envelope) -> None:
        if returned.amount.minor == 0:
            return
        decide = partial(paying_back.credit_return, returned=returned)
        await receivables.transact(returned.order_id, decide, envelope)

    return [
        Reaction("issue-invoice-of-shipped-order", OrderShipped, issue_invoice),
        Reaction("credit-returned-goods", OrderReturned, credit_return),
    ]
