"""Orders and receivables of one department, as another one meets them: not there, unless they are shared."""

from typing import Any, Final

import httpx
import pytest

from shared.events.account import AccountOpened, AccountShared, AccountUnshared
from tests import sight
from tests.following import Topic
from tests.service_app import bearer
from tests.unit.orders.conftest import Service
from tests.unit.orders.examples import at

EAST: Final = bearer("sales", person="p-east", department="east")
WEST: Final = bearer("sales", person="p-west", department="west")
MONEY: Final = {"minor": 80_000, "currency": "CNY"}
ORDER: Final[dict[str, Any]] = {
    "title": "20 presses",
    "owner": "p-east",
    "product": "P-9",
    "line": "presses",
    "amount": MONEY,
}
INVOICE: Final[dict[str, Any]] = {
    "order_id": "o-1",
    "owner": "p-east",
    "line": "presses",
    "amount": MONEY,
    "due_on": "2031-04-09",
}
AT_THE_ACCOUNT: Final = {"orders/o-1", "receivables/r-1"}
THINGS: Final = AT_THE_ACCOUNT | {"orders/o-2", "receivables/r-2"}
"""Of the department east: o-1 and r-1 are at its account a-1, the others at none."""

east_s: Final = AccountOpened(account_id="a-1", name="Kan-code", department="east", occurred_at=at(1))
shared: Final = AccountShared(account_id="a-1", department="west", occurred_at=at(2))
unshared: Final = AccountUnshared(account_id="a-1", department="west", occurred_at=at(3))


@pytest.fixture
def customers() -> Topic:
    return Topic("customers")


@pytest.fixture
async def east(service: Service, customers: Topic) -> Service:
    await service.following.hear(customers.tell(east_s))
    finance = bearer("finance", person="p-xu")
    for path, body, who in (
        ("/orders", ORDER | {"id": "o-1", "account_id": "a-1"}, EAST),
        ("/orders", ORDER | {"id": "o-2"}, EAST),
        ("/receivables", INVOICE | {"id": "r-1", "account_id": "a-1"}, finance),
        ("/receivables", INVOICE | {"id": "r-2", "department": "east"}, finance),
    ):
        made = await service.client.post(path, json=body, headers=who)
        assert made.status_code == 201, made.text
    await service.following.catch_up()
    return service


async def listed(service: Service, who: dict[str, str]) -> set[str]:
    return await sight.listed(service.client, ("orders", "receivables"), who)


async def seen(service: Service, who: dict[str, str]) -> set[str]:
    return await sight.told(service.client, THINGS, who)


async def test_its_own_department_and_who_works_for_all_see_everything(east: Service) -> None:
    for who in (EAST, bearer("manager"), bearer("finance"), bearer("production"), bearer("service")):
        assert await listed(east, who) == await seen(east, who) == THINGS


async def test_another_department_sees_nothing(east: Service) -> None:
    for who in (WEST, bearer("sales"), bearer("marketing", department="marketing")):
        assert await listed(east, who) == await seen(east, who) == set()
    found = await east.client.get("/orders", params={"account": "a-1"}, headers=WEST)
    assert found.json() == {"items": [], "next": None}


@pytest.mark.parametrize("order", ["o-1", "o-2"])
async def test_a_command_on_it_is_answered_as_if_it_were_not_there(east: Service, order: str) -> None:
    head = await east.store.head()
    for body in ({"reason": "Entered twice"}, {"colour": "red"}):
        there, gone = [
            await east.client.post(f"/orders/{one}/cancel", json=body, headers=WEST)
            for one in (order, "nobody")
        ]
        assert there.status_code == gone.status_code == 404
        assert there.json()["detail"] == gone.json()["detail"]
    assert await east.store.head() == head


async def test_it_is_seen_exactly_while_the_account_is_shared(east: Service, customers: Topic) -> None:
    await east.following.hear(customers.tell(shared))
    assert await listed(east, WEST) == await seen(east, WEST) == AT_THE_ACCOUNT
    await east.following.hear(customers.tell(unshared))
    assert await listed(east, WEST) == await seen(east, WEST) == set()


async def test_nothing_is_ordered_for_an_account_that_is_hidden_or_not_known_yet(east: Service) -> None:
    async def order(account: str, who: dict[str, str]) -> httpx.Response:
        return await east.client.post("/orders", json=ORDER | {"account_id": account}, headers=who)

    for answer in (await order("a-1", WEST), await order("a-9", WEST)):
        assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such account.")
    assert (await order("a-1", EAST)).status_code == 201
    assert (await order("a-9", bearer("manager"))).status_code == 201


async def test_what_is_at_an_account_that_nobody_told_of_is_hidden_until_somebody_does(
    service: Service, customers: Topic
) -> None:
    """An order of a won deal may be here before its account is."""
    body = ORDER | {"id": "o-1", "account_id": "a-1"}
    await service.client.post("/orders", json=body)
    await service.following.catch_up()
    assert await listed(service, EAST) == await seen(service, EAST) == set()
    await service.following.hear(customers.tell(east_s))
    assert await listed(service, EAST) == await seen(service, EAST) == {"orders/o-1"}


async def test_asked_again_by_who_says_no_department_nothing_changes(east: Service) -> None:
    head = await east.store.head()
    for path, body, who in (
        ("/orders", ORDER | {"id": "o-2"}, bearer("manager")),
        ("/receivables", INVOICE | {"id": "r-2"}, bearer("finance", person="p-xu")),
    ):
        again = await east.client.post(path, json=body, headers=who)
        assert again.status_code == 201, again.text
    assert await east.store.head() == head


async def test_a_salesperson_orders_for_their_own_department(service: Service) -> None:
    refused = await service.client.post("/orders", json=ORDER | {"department": "east"}, headers=WEST)
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    made = await service.client.post("/orders", json=ORDER, headers=WEST)
    order = await service.client.get(f"/orders/{made.json()['id']}", headers=WEST)
    assert order.json()["department"] == "west"
