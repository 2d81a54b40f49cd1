"""Random histories: events of several streams, in any order that keeps each stream's, in any batches."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from services.performance.measures.deals import deals
from services.performance.measures.handoffs import handoffs
from services.performance.measures.orders import orders
from services.performance.measures.receivables import receivables
from services.performance.measures.targets import TARGETS
from shared.events.deal import (
    STAGES,
    DealAdvanced,
    DealLost,
    DealOpened,
    DealReassigned,
    DealReopened,
    DealRepriced,
    DealWon,
)
from shared.events.event import Event, Money
from shared.events.handoff import (
    HandoffAccepted,
    HandoffBreached,
    HandoffCompleted,
    HandoffRequested,
    HandoffResubmitted,
    HandoffReturned,
)
from shared.events.order import (
    OrderCancelled,
    OrderChanged,
    OrderConfirmed,
    OrderDelivered,
    OrderOpened,
    OrderRepromised,
    OrderReturned,
    OrderShipped,
)
from shared.events.receivable import (
    InvoiceIssued,
    ReceiptRecorded,
    ReceivableCredited,
    ReceivableWrittenOff,
    RefundPaid,
)
from shared.events.seen import Seen
from shared.events.target import TargetSet, TargetWithdrawn
from tests.unit.projections.sales import FIRST_PURCHASE, MORNING, stream

ZONE: Final = ZoneInfo("Asia/Shanghai")
PROJECTIONS: Final = (
    deals(ZONE),
    orders(ZONE),
    receivables(ZONE),
    handoffs(ZONE),
    TARGETS,
    FIRST_PURCHASE,
)

PEOPLE = st.sampled_from(("wang", "li"))
MONEY = st.builds(Money, minor=st.integers(0, 500), currency=st.sampled_from(("CNY", "USD")))
DAYS = st.dates(date(2025, 3, 1), date(2025, 3, 20))
STAGE = st.sampled_from(STAGES)
GOODS: dict[str, Any] = {"title": "It", "product": "Atlas 200", "line": st.sampled_from(("Atlas", "Vega"))}


def some(event: type[Event], **fields: Any) -> st.SearchStrategy[Event]:
    """Events of this type; a field that is no strategy is always the same."""
    drawn = {k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in fields.items()}
    return st.builds(event, occurred_at=st.just(MORNING), **drawn)


def _deal(key: str) -> tuple[st.SearchStrategy[Event], st.SearchStrategy[Event]]:
    it = {"deal_id": key}
    return some(DealOpened, **it, **GOODS, owner=PEOPLE, amount=MONEY, stage=STAGE), st.one_of(
        some(DealAdvanced, **it, stage=STAGE, previous=STAGE),
        some(DealRepriced, **it, amount=MONEY, previous=MONEY),
        some(DealReassigned, **it, owner=PEOPLE, previous=PEOPLE),
        some(DealWon, **it, **GOODS, owner=PEOPLE, amount=MONEY, opened_at=MORNING),
        some(DealLost, **it, reason="Price"),
        some(DealReopened, **it, reason="Back", stage=STAGE),
    )


def _order(key: str) -> tuple[st.SearchStrategy[Event], st.SearchStrategy[Event]]:
    it = {"order_id": key}
    account, pieces = st.sampled_from(("acc-1", "acc-2")), st.integers(1, 20)
    opened = some(
        OrderOpened,
        **it,
        **GOODS,
        owner=PEOPLE,
        amount=MONEY,
        account_id=account,
        quantity=pieces,
        unit_cost=st.none() | MONEY,
        deal_id=st.none() | st.just("d"),
    )
    goods = {"product": "Atlas 200", "line": "Atlas"}
    return opened, st.one_of(
        some(OrderChanged, **it, quantity=pieces, amount=MONEY, previous_amount=MONEY),
        some(OrderConfirmed, **it, promised_on=DAYS),
        some(OrderRepromised, **it, promised_on=DAYS, previous=DAYS, reason="Late"),
        some(
            OrderReturned,
            **it,
            **goods,
            return_id="r",
            quantity=pieces,
            amount=MONEY,
            owner=PEOPLE,
            reason="Broken",
        ),
        some(OrderCancelled, **it, reason="Twice"),
        some(OrderShipped, **it, owner=PEOPLE, line="Atlas", amount=MONEY),
        some(OrderDelivered, **it, owner=PEOPLE, first_promise=st.none() | DAYS),
    )


def _receivable(key: str) -> tuple[st.SearchStrategy[Event], st.SearchStrategy[Event]]:
    it = {"receivable_id": key}
    issued = some(InvoiceIssued, **it, order_id="o", owner=PEOPLE, line="Atlas", amount=MONEY, due_on=DAYS)
    return issued, st.one_of(
        some(ReceiptRecorded, **it, receipt_id="r", amount=MONEY),
        some(ReceivableCredited, **it, return_id="r", amount=MONEY, reason="Broken"),
        some(ReceivableWrittenOff, **it, amount=MONEY, reason="Bankrupt"),
        some(RefundPaid, **it, refund_id="r", amount=MONEY),
    )


def _target(key: str) -> tuple[st.SearchStrategy[Event], st.SearchStrategy[Event]]:
    it = {"target_id": key}
    spans = st.sampled_from([date(2025, 3, day) for day in (8, 15)])
    was_set = some(
        TargetSet, **it, person_id=PEOPLE, start=date(2025, 3, 1), end=spans, amount=MONEY, line=GOODS["line"]
    )
    return was_set, was_set | some(TargetWithdrawn, **it)


def _handoff(key: str) -> tuple[st.SearchStrategy[Event], st.SearchStrategy[Event]]:
    it = {"handoff_id": key}
    about = {"kind": "order-to-production", "subject": "order-1", "title": "Make it", "due_at": MORNING}
    there = {"from_department": "sales", "to_department": "production"}
    return some(HandoffRequested, **it, **about, **there), st.one_of(
        some(HandoffAccepted, **it, by=PEOPLE),
        some(HandoffReturned, **it, by=PEOPLE, reason="Which voltage?"),
        some(HandoffResubmitted, **it, by=PEOPLE),
        some(HandoffCompleted, **it, by=PEOPLE),
        some(HandoffBreached, **it, due_at=MORNING),
    )


STREAMS: Final = {
    "deal-1": _deal("1"),
    "deal-2": _deal("2"),
    "deal-3": _deal("3"),
    "order-1": _order("1"),
    "order-2": _order("2"),
    "receivable-1": _receivable("1"),
    "target-1": _target("1"),
    "handoff-1": _handoff("1"),
}

Streams = Mapping[str, tuple[st.SearchStrategy[Event], st.SearchStrategy[Event]]]
Histories = dict[str, list[Seen]]


@st.composite
def histories(draw: st.DrawFn, streams: Streams = STREAMS, *, least: int = 2, then: int = 0) -> Histories:
    """What happened in some streams: each begins as it must, then anything, as time goes on.

    There are ``least`` streams or more, each with at least ``then`` events after its first.
    """
    names = draw(st.lists(st.sampled_from(sorted(streams)), unique=True, min_size=least, max_size=least + 4))
    found = {}
    for name in names:
        begin, rest = streams[name]
        events = [draw(begin), *draw(st.lists(rest, min_size=then, max_size=5))]
        pauses = draw(st.lists(st.integers(0, 60 * 50), min_size=len(events), max_size=len(events)))
        found[name] = stream(name, *_as_time_goes_on(events, pauses))
    return found


def _as_time_goes_on(events: Sequence[Event], pauses: Sequence[int]) -> list[Event]:
    at: datetime = MORNING
    moved = []
    for event, minutes in zip(events, pauses, strict=True):
        at += timedelta(minutes=minutes)
        moved.append(event.model_copy(update={"occurred_at": at}))
    return moved


@st.composite
def readings(draw: st.DrawFn, history: Histories) -> list[list[Seen]]:
    """One order in which a consumer may see the history, cut into batches."""
    turns = draw(st.permutations([name for name, events in history.items() for _ in events]))
    ahead = {name: iter(events) for name, events in history.items()}
    order = [next(ahead[name]) for name in turns]
    cuts = sorted(draw(st.sets(st.integers(1, len(order)), max_size=4)) | {0, len(order)})
    return [order[start:end] for start, end in pairwise(cuts)]


@st.composite
def repeated(draw: st.DrawFn, batches: list[list[Seen]]) -> list[list[Seen]]:
    """The same, where after any batch the reader may go back and read on from there again."""
    sent: list[Seen] = []
    again: list[list[Seen]] = []
    for batch in batches:
        sent += batch
        again.append(batch)
        back = draw(st.integers(0, len(sent)))
        if back < len(sent):
            again.append(sent[back:])
    return [*again, sent]
