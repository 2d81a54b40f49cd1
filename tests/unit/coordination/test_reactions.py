"""What passes from one department to another by itself when something happened elsewhere."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import pytest

from services.coordination import passing
from services.coordination.handoff import Cancelled, Completed, NotRequested, Waiting, Working, known
from services.coordination.kinds import KINDS, handoff_id
from services.coordination.reactions import CALLS_OFF, REQUESTS, SETTLES, requested_by, to_others
from shared.events.complaint import ComplaintFiled, ComplaintResolved
from shared.events.event import Envelope, Event, Money
from shared.events.lead import LeadConverted, LeadDisqualified, LeadQualified
from shared.events.order import OrderCancelled, OrderConfirmed, OrderDelivered, OrderReady, OrderShipped
from shared.events.receivable import InvoiceIssued, ReceivableSettled, ReceivableWrittenOff
from shared.events.seen import Seen
from shared.eventstore.store import StoreUnavailable
from shared.service.reactions import react
from tests.counted import counting
from tests.unit.coordination.conftest import Service
from tests.unit.coordination.examples import at

PRICE: Final = Money(minor=80_000)
qualified: Final = LeadQualified(lead_id="lead-1", by="p-li", company="云帆科技 {0}", occurred_at=at(1))
converted: Final = LeadConverted(
    lead_id="lead-1", account_id="acc-1", deal_id="d-1", owner="p-wang", created_at=at(0), occurred_at=at(2)
)
disqualified: Final = LeadDisqualified(lead_id="lead-1", reason="No budget", occurred_at=at(2))
confirmed: Final = OrderConfirmed(order_id="ord-1", promised_on=date(2025, 3, 24), occurred_at=at(1))
ready: Final = OrderReady(order_id="ord-1", occurred_at=at(2))
shipped: Final = OrderShipped(order_id="ord-1", owner="p-wang", line="Atlas", amount=PRICE, occurred_at=at(3))
delivered: Final = OrderDelivered(order_id="ord-1", owner="p-wang", occurred_at=at(4))
called_off: Final = OrderCancelled(order_id="ord-1", reason="Entered twice", occurred_at=at(3))
invoiced: Final = InvoiceIssued(
    receivable_id="ord-1",
    order_id="ord-1",
    owner="p-wang",
    line="Atlas",
    amount=PRICE,
    due_on=date(2025, 4, 9),
    occurred_at=at(3),
)
paid: Final = ReceivableSettled(receivable_id="ord-1", occurred_at=at(4))
written_off: Final = ReceivableWrittenOff(
    receivable_id="ord-1", amount=PRICE, reason="Bankrupt", occurred_at=at(4)
)
filed: Final = ComplaintFiled(complaint_id="cmp-1", subject="Does not start", occurred_at=at(1))
resolved: Final = ComplaintResolved(complaint_id="cmp-1", resolution="Replaced", occurred_at=at(2))

BY_HAND: Final = Envelope(actor="p-chen", role="production", correlation_id="c-1")

ASKED: Final[Mapping[str, tuple[Event, str, str, str, timedelta]]] = {
    "lead-to-sales-lead-1": (qualified, "lead-lead-1", "marketing", "sales", timedelta(hours=4)),
    "order-to-production-ord-1": (confirmed, "order-ord-1", "sales", "production", timedelta(hours=24)),
    "goods-to-logistics-ord-1": (ready, "order-ord-1", "production", "logistics", timedelta(hours=24)),
    "delivery-to-service-ord-1": (delivered, "order-ord-1", "sales", "service", timedelta(hours=48)),
    "invoice-to-finance-ord-1": (
        invoiced,
        "receivable-ord-1",
        "sales",
        "finance",
        datetime(2025, 4, 9, 23, 59, 59, 999_999, UTC) - at(3),
    ),
    "complaint-to-service-cmp-1": (filed, "complaint-cmp-1", "sales", "service", timedelta(hours=8)),
}
SETTLED: Final = [
    (qualified, converted, "lead-to-sales-lead-1"),
    (qualified, disqualified, "lead-to-sales-lead-1"),
    (confirmed, ready, "order-to-production-ord-1"),
    (ready, shipped, "goods-to-logistics-ord-1"),
    (invoiced, paid, "invoice-to-finance-ord-1"),
    (invoiced, written_off, "invoice-to-finance-ord-1"),
    (filed, resolved, "complaint-to-service-cmp-1"),
]


async def learn(service: Service, *events: Event, role: str = "sales") -> None:
    for event in events:
        event_id = str(uuid5(NAMESPACE_URL, f"{event.type} {event.occurred_at}"))
        seen = Seen(event_id, event.type, "some-stream", 0, at(0), role, "c-1", b"")
        await react(to_others(service.handoffs), "coordination", seen, event)


async def state_of(service: Service, key: str) -> object:
    return (await service.handoffs.load(key)).state


async def since(service: Service, key: str) -> datetime:
    return known((await service.handoffs.load(key)).state).it.since


@pytest.mark.parametrize("key", ASKED)
async def test_a_department_is_asked(service: Service, key: str) -> None:
    event, subject, from_department, to_department, allowed = ASKED[key]
    await learn(service, event)
    state = await state_of(service, key)
    assert isinstance(state, Waiting)
    asked = state.it.requested
    assert (asked.subject, asked.from_department, asked.to_department) == (
        subject,
        from_department,
        to_department,
    )
    assert (asked.occurred_at, asked.due_at) == (event.occurred_at, event.occurred_at + allowed)


@pytest.mark.parametrize("key", ASKED)
async def test_it_is_asked_once(service: Service, key: str) -> None:
    await learn(service, ASKED[key][0], ASKED[key][0])
    assert len(await service.store.read(f"handoff-{key}")) == 1


@pytest.mark.parametrize(("asking", "settling", "key"), SETTLED)
async def test_the_work_being_done_elsewhere_settles_it_once(
    service: Service, asking: Event, settling: Event, key: str
) -> None:
    await learn(service, asking, settling, settling)
    assert isinstance(await state_of(service, key), Completed)
    assert await since(service, key) == settling.occurred_at
    stored = await service.store.read(f"handoff-{key}")
    assert [event.type for event in stored] == [
        "handoff-requested.v1",
        "handoff-accepted.v1",
        "handoff-completed.v1",
    ]


async def test_what_came_of_a_reaction_counts(service: Service) -> None:
    told = {"reaction": "request-lead-to-sales"}
    with counting("baton_reactions_total", 2, **told, outcome="done"):
        await learn(service, qualified, qualified)
    with counting("baton_reactions_total", 1, **told, outcome="refused"):
        await learn(service, qualified.model_copy(update={"company": "Another"}))
    await service.store.close()
    with counting("baton_reactions_total", 1, **told, outcome="failed"), pytest.raises(StoreUnavailable):
        await learn(service, qualified)


def test_every_rule_is_tried_here() -> None:
    assert {type(event) for event, *_ in ASKED.values()} == {to for to, _ in REQUESTS}
    assert {type(settling) for _, settling, _ in SETTLED} == {to for to, _ in SETTLES}


async def test_accepted_work_is_completed_by_whoever_said_so(service: Service) -> None:
    await learn(service, confirmed)
    accept = partial(passing.accept, by="p-chen", at=at(1))
    await service.handoffs.transact("order-to-production-ord-1", accept, BY_HAND)
    assert isinstance(await state_of(service, "order-to-production-ord-1"), Working)
    await learn(service, ready)
    stored = await service.store.read("handoff-order-to-production-ord-1")
    assert [event.type for event in stored][-2:] == ["handoff-accepted.v1", "handoff-completed.v1"]
    assert len(stored) == 3


async def test_the_goods_move_on_when_they_are_ready(service: Service) -> None:
    await learn(service, confirmed, ready)
    assert isinstance(await state_of(service, "order-to-production-ord-1"), Completed)
    assert isinstance(await state_of(service, "goods-to-logistics-ord-1"), Waiting)


async def test_a_cancelled_order_calls_its_open_handoffs_off(service: Service) -> None:
    await learn(service, confirmed, ready, called_off, called_off)
    assert isinstance(await state_of(service, "order-to-production-ord-1"), Completed)
    assert isinstance(await state_of(service, "goods-to-logistics-ord-1"), Cancelled)
    assert len(await service.store.read("handoff-goods-to-logistics-ord-1")) == 2


async def test_nothing_is_settled_or_called_off_that_nobody_asked_for(service: Service) -> None:
    await learn(service, shipped, paid, resolved, converted, called_off)
    for key in ASKED:
        assert await state_of(service, key) == NotRequested()


async def test_imported_history_asks_nobody(service: Service) -> None:
    await learn(service, qualified, confirmed, filed, role="importer")
    for key in ASKED:
        assert await state_of(service, key) == NotRequested()


async def test_word_that_comes_after_somebody_acted_still_settles_it(service: Service) -> None:
    await learn(service, confirmed)
    accept = partial(passing.accept, by="p-chen", at=at(9))
    await service.handoffs.transact("order-to-production-ord-1", accept, BY_HAND)
    await learn(service, ready)
    assert isinstance(await state_of(service, "order-to-production-ord-1"), Completed)
    assert await since(service, "order-to-production-ord-1") == at(9)


def test_titles_say_what_it_is_about_and_fit() -> None:
    assert requested_by(qualified, "lead-to-sales").title == "跟进线索 Follow up the lead 云帆科技 {0}"
    asked = requested_by(confirmed, "order-to-production")
    assert asked.title == "安排生产 Produce order ord-1, promised for 2025-03-24"
    long = filed.model_copy(update={"subject": "长" * 500})
    assert len(requested_by(long, "complaint-to-service").title) == 500


def test_ids_are_legal_however_long_the_subjects_id_is() -> None:
    long = confirmed.model_copy(update={"order_id": "x" * 64})
    key = handoff_id("order-to-production", long)
    assert (
        key == handoff_id("order-to-production", long) == requested_by(long, "order-to-production").handoff_id
    )
    assert key != handoff_id("goods-to-logistics", long)
    assert len(key) <= 64


def test_every_rule_names_a_known_kind_with_its_departments() -> None:
    for _, name in (*REQUESTS, *SETTLES, *CALLS_OFF):
        assert KINDS[name].from_department
        assert KINDS[name].to_department
