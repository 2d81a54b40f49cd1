from typing import Any

from shared.events.event import Money
from shared.events.order import OrderOpened, OrderShipped
from tests.unit.customers.controls import NINE, TEN
from tests.unit.customers.world import World

ORDERED = OrderOpened(
    order_id="o-1",
    title="20 presses",
    account_id="a-1",
    owner="p-wang",
    product="P-9",
    line="presses",
    amount=Money(minor=7),
    occurred_at=NINE,
)
SHIPPED = OrderShipped(
    order_id="o-1", account_id="a-1", owner="p-wang", line="presses", amount=Money(minor=7), occurred_at=TEN
)
LISTS = ("lead_list", "account_list", "deal_list", "complaint_list", "purchase_list")


async def a_story(world: World) -> None:
    await world.done("/accounts", {"id": "a-1", "name": "Kan-code"})
    await world.done("/accounts/a-1/contacts", {"name": "赵敏"})
    await world.done("/leads", {"id": "l-1", "company": "Bluth", "source": "fair", "owner": "p-li"})
    await world.done("/leads/l-1/contact")
    await world.done("/leads/l-1/qualify")
    deal = {"title": "20 presses", "product": "P-9", "line": "presses", "amount": {"minor": 7}}
    await world.done("/leads/l-1/convert", {**deal, "deal_id": "d-1"})
    await world.done("/deals/d-1/win")
    await world.done("/complaints", {"id": "c-1", "subject": "Bent", "account_id": "a-1"})
    await world.done("/complaints/c-1/resolve", {"resolution": "New frame"})
    await world.caught_up()
    world.hear(ORDERED, SHIPPED)


def all_rows(world: World) -> dict[str, list[Any]]:
    return {name: list(world.state[name].all()) for name in LISTS}


async def test_hearing_everything_twice_changes_nothing(world: World) -> None:
    await a_story(world)
    before = all_rows(world)
    assert all(before.values())
    world.forget_position()
    await world.caught_up()
    world.hear_again()
    assert all_rows(world) == before


async def test_lists_that_are_built_anew_are_the_same(world: World) -> None:
    await a_story(world)
    before = all_rows(world)
    with world.runner.database.beside() as empty:
        world.runner.database.take_over(empty)
    world.runner.begin_anew()
    assert not any(all_rows(world).values())
    world.forget_position()
    await world.caught_up()
    world.hear_again()
    assert all_rows(world) == before
