"""What a customer does not have to pay after all, and what goes back of what was paid."""

from datetime import datetime

from services.orders.receivable import Owed, Receivable, in_its_currency, known, not_before
from shared.events.event import Money
from shared.events.order import OrderReturned
from shared.events.receivable import ReceivableCredited, ReceivableEvent, ReceivableSettled, RefundPaid
from shared.eventstore.decider import Refused


def credit(
    receivable: Receivable, *, return_id: str, amount: Money, reason: str, by: str | None, at: datetime
) -> list[ReceivableEvent]:
    """Take off what a return is worth; when nothing is owed after that, the receivable is settled with it."""
    state = known(receivable)
    it = state.it
    if return_id in it.credits:
        if it.credits[return_id] == amount:
            return []
        raise Refused("Another return was credited under this id.", code="id-taken")
    in_its_currency(it, amount)
    if amount.minor == 0:
        raise Refused("A credit over nothing is none.", code="nothing-credited")
    left = it.money(it.invoice.amount.minor - it.credited)
    if amount.minor > left.minor:
        raise Refused(
            f"Only {left.minor} {left.currency} (in its minor unit) of the invoice is left.",
            code="over-credited",
            left=str(left.minor),
            currency=left.currency,
        )
    not_before(it, at)
    receivable_id = it.invoice.receivable_id
    credited = ReceivableCredited(
        receivable_id=receivable_id,
        return_id=return_id,
        amount=amount,
        reason=reason,
        credited_by=by,
        occurred_at=at,
    )
    if not isinstance(state, Owed) or amount.minor < it.rest.minor:
        return [credited]
    return [credited, ReceivableSettled(receivable_id=receivable_id, occurred_at=at)]


def credit_return(receivable: Receivable, *, returned: OrderReturned) -> list[ReceivableEvent]:
    """Credit a return of the order; word of it may come after newer things happened here."""
    return credit(
        receivable,
        return_id=returned.return_id,
        amount=returned.amount,
        reason=returned.reason,
        by=None,
        at=max(returned.occurred_at, known(receivable).it.since),
    )


def refund(
    receivable: Receivable, *, refund_id: str, amount: Money, by: str | None, at: datetime
) -> list[ReceivableEvent]:
    """Money goes back, never more than is owed back. Not for who credited any of it."""
    it = known(receivable).it
    if refund_id in it.refunds:
        if it.refunds[refund_id] == amount:
            return []
        raise Refused("Another refund has this id.", code="id-taken")
    if by in it.credited_by:
        raise Refused("Another person has to pay back what you credited.", code="own-credit")
    in_its_currency(it, amount)
    if amount.minor == 0:
        raise Refused("A refund of nothing is none.", code="nothing-refunded")
    owed_back = it.money(it.balance.owed_back)
    if amount.minor > owed_back.minor:
        raise Refused(
            f"Only {owed_back.minor} {owed_back.currency} (in its minor unit) is owed back.",
            code="over-refunded",
            owed_back=str(owed_back.minor),
            currency=owed_back.currency,
        )
    not_before(it, at)
    return [
        RefundPaid(receivable_id=it.invoice.receivable_id, refund_id=refund_id, amount=amount, occurred_at=at)
    ]
