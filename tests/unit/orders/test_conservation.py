"""No cent of an invoice is lost or counted twice, whatever happens to it."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial, reduce
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from services.orders import paying_back, receivable, receivable_list
from services.orders.receivable import RECEIVABLE, Owed, Receivable
from services.performance.measures.receivables import receivables
from shared.events.event import Money
from shared.events.receivable import ReceivableEvent
from shared.eventstore.decider import Refused
from tests.unit.orders.examples import at, cny, issued

Decision = Callable[[Receivable], list[ReceivableEvent]]
MEASURES: Final = receivables(ZoneInfo("Asia/Shanghai"))


def _decided(state: Receivable, *, what: str, key: str, thirds: int, at: datetime) -> list[ReceivableEvent]:
    """Something about so many thirds of what it can be about; four of them are too many."""
    it = receivable.known(state).it

    def part(minor: int) -> Money:
        return cny(minor * thirds // 3)

    match what:
        case "pay":
            amount = part(it.balance.rest)
            return receivable.record_receipt(state, receipt_id=key, amount=amount, at=at)
        case "credit":
            amount = part(it.invoice.amount.minor - it.credited)
            return paying_back.credit(state, return_id=key, amount=amount, reason="退货", by=None, at=at)
        case "refund":
            return paying_back.refund(state, refund_id=key, amount=part(it.balance.owed_back), by=None, at=at)
        case _:
            return receivable.write_off(state, reason="破产", by=None, at=at)


WHAT: Final = st.sampled_from(("pay", "pay", "credit", "refund", "refund", "write off"))
STEPS: Final = st.lists(
    st.tuples(WHAT, st.sampled_from("abcdef"), st.integers(0, 4)), min_size=6, max_size=14
)
DECISIONS: Final = STEPS.map(
    lambda steps: [
        partial(_decided, what=what, key=key, thirds=thirds, at=at(7 + n))
        for n, (what, key, thirds) in enumerate(steps)
    ]
)


def _happened(decisions: Sequence[Decision]) -> list[list[ReceivableEvent]]:
    """Every history on the way: what was refused never happened."""
    history: list[ReceivableEvent] = [issued]
    on_the_way = [list(history)]
    for decide in decisions:
        try:
            history += decide(reduce(RECEIVABLE.evolve, history, RECEIVABLE.initial))
        except Refused:
            continue
        on_the_way.append(list(history))
    return on_the_way


@settings(max_examples=400, deadline=None)
@given(DECISIONS)
def test_the_amount_is_what_was_credited_written_off_paid_less_refunded_and_left(
    decisions: list[Decision],
) -> None:
    for history in _happened(decisions):
        state = receivable.known(reduce(RECEIVABLE.evolve, history, RECEIVABLE.initial))
        it, left = state.it, state.it.balance
        accounted = it.credited + left.written_off + (it.paid - it.refunded) + left.rest - left.owed_back
        assert it.invoice.amount.minor == accounted
        assert min(left) >= 0
        assert left.rest == 0 or left.owed_back == 0
        assert isinstance(state, Owed) == (left.rest > 0)
        assert left.written_off <= it.given_up
        assert it.refunded <= it.paid


@settings(max_examples=400, deadline=None)
@given(DECISIONS)
def test_the_list_and_the_boards_say_the_same_as_the_receivable(decisions: list[Decision]) -> None:
    for history in _happened(decisions):
        it = receivable.known(reduce(RECEIVABLE.evolve, history, RECEIVABLE.initial)).it
        listed = reduce(receivable_list.evolve, history, receivable_list.Receivable())
        assert listed.balance == it.balance
        sums: Counter[str] = Counter()
        for cell, value in MEASURES.contribute(reduce(MEASURES.evolve, history, MEASURES.initial)).items():
            sums[cell.measure] += value
        assert sums == Counter(
            invoiced_amount=it.invoice.amount.minor,
            due_amount=it.invoice.amount.minor,
            receipts_amount=it.paid,
            refunds_amount=it.refunded,
            credited_amount=it.credited,
            written_off_amount=it.balance.written_off,
            owed_amount=it.balance.rest,
        )
