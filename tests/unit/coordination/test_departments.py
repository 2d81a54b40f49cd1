"""Hand-offs about one department's customers, as another one meets them."""

from typing import Any, Final

import pytest

from services.coordination.reactions import to_others
from shared.events.account import AccountOpened, AccountShared
from shared.events.event import Envelope, Event
from shared.events.lead import LeadQualified
from shared.events.order import OrderConfirmed
from tests import sight
from tests.following import Topic
from tests.service_app import bearer
from tests.unit.coordination.conftest import Service
from tests.unit.coordination.examples import at

EAST: Final = bearer("sales", person="p-east", department="east")
WEST: Final = bearer("sales", person="p-west", department="west")
BETWEEN: Final[dict[str, Any]] = {
    "kind": "between-departments",
    "subject": "account-a-1",
    "title": "Visit them together",
    "from_department": "east",
    "to_department": "workshop",
}

account: Final = AccountOpened(account_id="a-1", name="Kan-code", department="east", occurred_at=at(1))
shared: Final = AccountShared(account_id="a-1", department="west", occurred_at=at(2))
at_the_account: Final = OrderConfirmed(
    order_id="o-1", promised_on=at(3).date(), account_id="a-1", department="east", occurred_at=at(3)
)
at_none: Final = OrderConfirmed(
    order_id="o-2", promised_on=at(3).date(), department="east", occurred_at=at(3)
)
lead: Final = LeadQualified(
    lead_id="l-1", by="p-east", company="Yunfan", department="east", occurred_at=at(3)
)
everybodys: Final = LeadQualified(lead_id="l-2", by="p-li", company="Starlight", occurred_at=at(3))

HIDDEN: Final = {
    "handoffs/order-to-production-o-1",
    "handoffs/order-to-production-o-2",
    "handoffs/lead-to-sales-l-1",
}
EVERYBODYS: Final = {"handoffs/lead-to-sales-l-2"}


@pytest.fixture
def customers() -> Topic:
    return Topic("customers")


@pytest.fixture
async def east(service: Service, customers: Topic) -> Service:
    await service.following.hear(customers.tell(account))
    for event in (at_the_account, at_none, lead, everybodys):
        await asked_for(service, event)
    await service.following.catch_up()
    return service


async def asked_for(service: Service, event: Event) -> None:
    for reaction in to_others(service.handoffs):
        if reaction.name.startswith("request-") and reaction.to is type(event):
            await reaction.react(event, Envelope(actor="p-east", role="sales", correlation_id="c-1"))


async def listed(service: Service, who: dict[str, str]) -> set[str]:
    return await sight.listed(service.client, ["handoffs"], who)


async def seen(service: Service, who: dict[str, str]) -> set[str]:
    return await sight.told(service.client, HIDDEN | EVERYBODYS, who)


async def test_its_own_department_and_who_works_for_all_see_everything(east: Service) -> None:
    for who in (EAST, bearer("manager"), bearer("production"), bearer("service")):
        assert await listed(east, who) == await seen(east, who) == HIDDEN | EVERYBODYS


async def test_another_department_sees_what_is_everybody_s_and_what_is_shared(
    east: Service, customers: Topic
) -> None:
    marketing = bearer("marketing", department="marketing")
    for who in (WEST, marketing, bearer("sales", department="sales")):
        assert await listed(east, who) == await seen(east, who) == EVERYBODYS
    await east.following.hear(customers.tell(shared))
    now = EVERYBODYS | {"handoffs/order-to-production-o-1"}
    assert await listed(east, WEST) == await seen(east, WEST) == now


async def test_a_post_that_it_is_given_to_does_not_open_it_to_all_of_its_departments(east: Service) -> None:
    there = await east.client.post("/handoffs/lead-to-sales-l-1/accept", json={}, headers=WEST)
    gone = await east.client.post("/handoffs/nobody/accept", json={}, headers=WEST)
    assert there.status_code == gone.status_code == 404
    assert there.json()["detail"] == gone.json()["detail"]
    done = await east.client.post("/handoffs/lead-to-sales-l-1/accept", json={}, headers=EAST)
    assert done.status_code == 204


async def test_those_who_hand_it_on_between_them_see_it(east: Service) -> None:
    made = await east.client.post(
        "/handoffs",
        json=BETWEEN | {"id": "ho-1", "account_id": "a-1", "due_at": "2031-04-09T08:00:00Z"},
        headers=EAST,
    )
    assert made.status_code == 201, made.text
    await east.following.catch_up()
    workshop = bearer("sales", department="workshop")
    assert await listed(east, workshop) == EVERYBODYS | {"handoffs/ho-1"}
    assert (await east.client.post("/handoffs/ho-1/accept", json={}, headers=workshop)).status_code == 204
    assert "handoffs/ho-1" not in await listed(east, WEST)
    assert (await east.client.get("/handoffs/ho-1", headers=WEST)).status_code == 404


async def test_nobody_hands_on_what_is_at_an_account_that_they_do_not_see(east: Service) -> None:
    body = BETWEEN | {"from_department": "west", "account_id": "a-1", "due_at": "2031-04-09T08:00:00Z"}
    answer = await east.client.post("/handoffs", json=body, headers=WEST)
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such account.")


async def test_a_salesperson_hands_over_in_the_name_of_their_own_department(east: Service) -> None:
    body = BETWEEN | {"id": "ho-2", "due_at": "2031-04-09T08:00:00Z"}
    assert (await east.client.post("/handoffs", json=body, headers=EAST)).status_code == 201
    told = (await east.client.get("/handoffs/ho-2", headers=EAST)).json()
    assert told["department"] == "east"
    assert (await east.client.get("/handoffs/ho-2", headers=WEST)).status_code == 404
