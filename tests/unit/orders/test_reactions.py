"""What orders do by themselves when deals are won or reopened and when goods leave."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import pytest

from services.orders import delivery, order, paying_back, product, receivable
from services.orders.order import Cancelled, Confirmed, NotOpened, Opened, Shipped
from services.orders.reactions import to_others, to_own
from services.orders.receivable import NotIssued, Owed, Settled
from services.orders.won_deals import order_of
from shared.events.deal import DealReopened, DealWon
from shared.events.event import Envelope, Event
from shared.events.order import OrderOpened, OrderReturned, OrderShipped
from shared.events.seen import Seen
from shared.service.reactions import react
from tests.unit.orders.conftest import Service
from tests.unit.orders.examples import (
    ATLAS,
    PROMISED,
    at,
    cny,
    costed,
    costed_again,
    half_paid,
    issued,
    listed,
    opened,
    rest_paid,
    returned,
    shipped,
)

won: Final = DealWon(
    deal_id="deal-1",
    title="云帆科技 Atlas 200",
    amount=cny(80_000),
    account_id="acc-1",
    owner="p-wang",
    product="Atlas 200",
    line="Atlas",
    opened_at=at(0),
    department="east",
    occurred_at=at(1),
)
reopened: Final = DealReopened(deal_id="deal-1", reason="Wrong deal", stage="engaging", occurred_at=at(6))
won_again: Final = won.model_copy(update={"occurred_at": at(8)})
BY_HAND: Final = Envelope(actor="p-wang", role="sales", correlation_id="c-1")
SECOND: Final = order_of("deal-1", 2)


async def learn(service: Service, *events: Event, role: str = "sales") -> None:
    for event in events:
        event_id = str(uuid5(NAMESPACE_URL, f"{event.type} {event.occurred_at}"))
        seen = Seen(event_id, event.type, "deal-deal-1", 0, at(0), role, "c-1", b"")
        await react(to_others(service.orders, service.products), "orders", seen, event)


async def state_of(service: Service, order_id: str) -> order.Order:
    return (await service.orders.load(order_id)).state


async def test_the_order_of_a_won_deal_is_for_as_many_as_were_sold(service: Service) -> None:
    await learn(service, won.model_copy(update={"quantity": 12}))
    assert order.known(await state_of(service, "deal-1")).it.quantity == 12


async def test_a_deal_that_does_not_say_how_many_is_for_one(service: Service) -> None:
    await learn(service, won)
    assert order.known(await state_of(service, "deal-1")).it.quantity == 1


async def types_of(service: Service, order_id: str) -> list[str]:
    return [event.type for event in await service.store.read(f"order-{order_id}")]


async def ship_it(service: Service, order_id: str) -> None:
    for decide in (
        partial(delivery.confirm, promised_on=PROMISED, at=at(2)),
        partial(delivery.make_ready, at=at(3)),
        partial(delivery.ship, carrier=None, at=at(4)),
    ):
        await service.orders.transact(order_id, decide, BY_HAND)


async def test_a_won_deal_opens_an_order_with_the_deals_id(service: Service) -> None:
    await learn(service, won)
    state = await state_of(service, "deal-1")
    assert isinstance(state, Opened)
    assert state.it.opened == OrderOpened(
        order_id="deal-1",
        title="云帆科技 Atlas 200",
        account_id="acc-1",
        deal_id="deal-1",
        deal_won_at=at(1),
        owner="p-wang",
        product="Atlas 200",
        line="Atlas",
        amount=cny(80_000),
        department="east",
        occurred_at=at(1),
    )


async def test_it_freezes_the_cost_that_its_product_had_when_the_deal_was_won(service: Service) -> None:
    await service.products.transact(ATLAS, partial(product.list_product, listed=listed), BY_HAND)
    for known in (costed, costed_again):
        decide = partial(product.cost, unit_cost=known.unit_cost, at=known.occurred_at)
        await service.products.transact(ATLAS, decide, BY_HAND)
    between = won.model_copy(update={"occurred_at": at(3)})
    await learn(service, between, between)
    state = await state_of(service, "deal-1")
    assert isinstance(state, Opened)
    assert (state.it.opened.unit_cost, state.it.opened.cost_version) == (cny(5_450), 1)
    assert await types_of(service, "deal-1") == ["order-opened.v1"]


async def test_imported_history_opens_nothing(service: Service) -> None:
    await learn(service, won, role="importer")
    assert await state_of(service, "deal-1") == NotOpened()


async def test_learning_of_the_win_again_opens_nothing(service: Service) -> None:
    await learn(service, won, won)
    assert await types_of(service, "deal-1") == ["order-opened.v1"]
    assert await state_of(service, SECOND) == NotOpened()


async def test_a_reopened_deal_calls_its_order_off(service: Service) -> None:
    await learn(service, won, reopened, reopened)
    assert isinstance(await state_of(service, "deal-1"), Cancelled)
    assert await types_of(service, "deal-1") == ["order-opened.v1", "order-cancelled.v1"]


async def test_it_is_called_off_even_when_something_newer_happened_to_it(service: Service) -> None:
    await learn(service, won)
    confirm = partial(delivery.confirm, promised_on=PROMISED, at=at(7))
    await service.orders.transact("deal-1", confirm, BY_HAND)
    await learn(service, reopened)
    state = await state_of(service, "deal-1")
    assert isinstance(state, Cancelled)
    assert state.it.since == at(7)


async def test_an_order_that_left_stays_whatever_becomes_of_the_deal(service: Service) -> None:
    await learn(service, won)
    await ship_it(service, "deal-1")
    await learn(service, reopened, won_again)
    assert isinstance(await state_of(service, "deal-1"), Shipped)
    assert await state_of(service, SECOND) == NotOpened()


async def test_a_deal_won_again_gets_another_order(service: Service) -> None:
    await learn(service, won, reopened, won_again)
    assert isinstance(await state_of(service, "deal-1"), Cancelled)
    second = await state_of(service, SECOND)
    assert isinstance(second, Opened)
    assert (second.it.opened.deal_id, second.it.opened.deal_won_at) == ("deal-1", at(8))


async def test_learning_everything_again_changes_nothing(service: Service) -> None:
    story = (won, reopened, won_again)
    await learn(service, *story)
    await learn(service, *story)
    assert isinstance(await state_of(service, "deal-1"), Cancelled)
    assert isinstance(await state_of(service, SECOND), Opened)
    assert await state_of(service, order_of("deal-1", 3)) == NotOpened()


async def test_the_second_order_is_called_off_too_and_a_third_opened(service: Service) -> None:
    again = reopened.model_copy(update={"occurred_at": at(9)})
    third_win = won.model_copy(update={"occurred_at": at(10)})
    await learn(service, won, reopened, won_again, again, third_win)
    assert isinstance(await state_of(service, SECOND), Cancelled)
    assert isinstance(await state_of(service, order_of("deal-1", 3)), Opened)


async def test_an_order_cancelled_by_hand_is_not_opened_again_by_the_same_win(service: Service) -> None:
    await learn(service, won)
    await service.orders.transact("deal-1", partial(order.cancel, reason="No", at=at(2)), BY_HAND)
    await learn(service, won)
    assert isinstance(await state_of(service, "deal-1"), Cancelled)
    assert await state_of(service, SECOND) == NotOpened()


async def test_an_order_made_by_hand_for_the_deal_is_enough(service: Service) -> None:
    by_hand = opened.model_copy(update={"order_id": "deal-1", "deal_id": "deal-1", "occurred_at": at(0)})
    await service.orders.transact("deal-1", partial(order.open_order, opened=by_hand), BY_HAND)
    await learn(service, won)
    assert await types_of(service, "deal-1") == ["order-opened.v1"]
    assert await state_of(service, SECOND) == NotOpened()


async def test_an_id_taken_by_something_else_stops_nobody(service: Service) -> None:
    other = opened.model_copy(update={"order_id": "deal-1"})
    await service.orders.transact("deal-1", partial(order.open_order, opened=other), BY_HAND)
    confirm = partial(delivery.confirm, promised_on=PROMISED, at=at(2))
    await service.orders.transact("deal-1", confirm, BY_HAND)
    await learn(service, won)
    assert isinstance(await state_of(service, SECOND), Opened)
    await learn(service, reopened)
    assert isinstance(await state_of(service, "deal-1"), Confirmed)
    assert isinstance(await state_of(service, SECOND), Cancelled)


async def test_a_reopened_deal_that_was_never_won_has_no_order(service: Service) -> None:
    await learn(service, reopened)
    assert await state_of(service, "deal-1") == NotOpened()


async def test_shipped_goods_are_invoiced_once(service: Service) -> None:
    await learn(service, won)
    await ship_it(service, "deal-1")
    await service.following.catch_up()
    await invoice(service, shipped.model_copy(update={"order_id": "deal-1", "occurred_at": at(4)}))
    stored = await service.store.read("receivable-deal-1")
    assert [event.type for event in stored] == ["invoice-issued.v1"]
    state = (await service.receivables.load("deal-1")).state
    assert isinstance(state, Owed)
    assert state.it.invoice.amount == cny(80_000)
    assert state.it.invoice.due_on == date(2025, 4, 9)


@pytest.mark.parametrize(
    ("moment", "due_on"),
    [
        (datetime(2025, 3, 10, 15, 59, tzinfo=UTC), date(2025, 4, 9)),
        (datetime(2025, 3, 10, 16, 0, tzinfo=UTC), date(2025, 4, 10)),
    ],
)
async def test_terms_run_from_the_business_day_of_shipping(
    service: Service, moment: datetime, due_on: date
) -> None:
    await invoice(service, shipped.model_copy(update={"occurred_at": moment}))
    state = (await service.receivables.load("ord-1")).state
    assert isinstance(state, Owed)
    assert state.it.invoice.due_on == due_on


async def test_what_comes_back_is_credited_once_and_what_was_paid_is_owed_back(service: Service) -> None:
    await service.receivables.transact("ord-1", partial(receivable.issue, invoice=issued), BY_HAND)
    for paid in (half_paid, rest_paid):
        decide = partial(
            receivable.record_receipt, receipt_id=paid.receipt_id, amount=paid.amount, at=paid.occurred_at
        )
        await service.receivables.transact("ord-1", decide, BY_HAND)
    await come_back(service, returned)
    await come_back(service, returned)
    state = (await service.receivables.load("ord-1")).state
    assert isinstance(state, Settled)
    assert (state.it.credited, state.it.balance.owed_back) == (24_000, 24_000)
    stored = await service.store.read("receivable-ord-1")
    assert [event.type for event in stored][-2:] == ["receivable-settled.v1", "receivable-credited.v1"]


async def test_a_return_in_the_service_credits_the_invoice_of_its_order(service: Service) -> None:
    await learn(service, won)
    await ship_it(service, "deal-1")
    take_back = partial(delivery.take_back, return_id="ret-1", quantity=1, amount=cny(80_000), reason="退货")
    await service.orders.transact("deal-1", partial(take_back, at=at(5)), BY_HAND)
    await service.following.catch_up()
    state = (await service.receivables.load("deal-1")).state
    assert isinstance(state, Settled)
    assert state.it.balance == (0, 0, 0)
    stored = await service.store.read("receivable-deal-1")
    kinds = ["invoice-issued.v1", "receivable-credited.v1", "receivable-settled.v1"]
    assert [event.type for event in stored] == kinds


async def test_word_of_a_return_may_come_after_newer_money(service: Service) -> None:
    await service.receivables.transact("ord-1", partial(receivable.issue, invoice=issued), BY_HAND)
    pay = partial(receivable.record_receipt, receipt_id="rcp-1", amount=cny(1_000), at=at(12))
    await service.receivables.transact("ord-1", pay, BY_HAND)
    await come_back(service, returned)
    state = (await service.receivables.load("ord-1")).state
    assert isinstance(state, Owed)
    assert (state.it.since, state.it.rest) == (at(12), cny(55_000))


async def test_a_return_credited_by_hand_before_is_credited_once(service: Service) -> None:
    await service.receivables.transact("ord-1", partial(receivable.issue, invoice=issued), BY_HAND)
    by_hand = partial(
        paying_back.credit, return_id="ret-1", amount=cny(24_000), reason="退货", by=None, at=at(10)
    )
    await service.receivables.transact("ord-1", by_hand, BY_HAND)
    await come_back(service, returned)
    stored = await service.store.read("receivable-ord-1")
    assert [event.type for event in stored] == ["invoice-issued.v1", "receivable-credited.v1"]


async def test_what_was_never_invoiced_or_comes_back_for_nothing_is_not_credited(service: Service) -> None:
    await come_back(service, returned)
    assert (await service.receivables.load("ord-1")).state == NotIssued()
    await service.receivables.transact("ord-1", partial(receivable.issue, invoice=issued), BY_HAND)
    await come_back(service, returned.model_copy(update={"amount": cny(0)}))
    assert len(await service.store.read("receivable-ord-1")) == 1


async def test_an_imported_return_credits_nothing(service: Service) -> None:
    await service.receivables.transact("ord-1", partial(receivable.issue, invoice=issued), BY_HAND)
    await come_back(service, returned, role="importer")
    assert len(await service.store.read("receivable-ord-1")) == 1


async def test_what_is_free_is_not_invoiced(service: Service) -> None:
    await invoice(service, shipped.model_copy(update={"amount": cny(0)}))
    assert (await service.receivables.load("ord-1")).state == NotIssued()


async def invoice(service: Service, event: OrderShipped) -> None:
    await _react_to_own(service, event, role="production")


async def come_back(service: Service, event: OrderReturned, role: str = "service") -> None:
    await _react_to_own(service, event, role=role)


async def _react_to_own(service: Service, event: Event, *, role: str) -> None:
    reactions = to_own(service.receivables, zone=ZoneInfo("Asia/Shanghai"), payment_terms=timedelta(days=30))
    event_id = str(uuid5(NAMESPACE_URL, event.type))
    await react(
        reactions, "orders", Seen(event_id, event.type, "order-ord-1", 5, at(0), role, "c-1", b""), event
    )
