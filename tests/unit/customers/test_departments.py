"""Customers of one department, as another one meets them: not there, unless they are shared."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.customers.account import ACCOUNT, Account, whose
from services.customers.account_list import ACCOUNTS, AccountRow
from services.customers.sharing import share, unshare
from shared.departments import accounts
from shared.departments.open_to import seen_by
from shared.events.account import AccountOpened, AccountShared, AccountUnshared
from shared.service.actor import Actor
from shared.service.permissions import sees
from tests import sight
from tests.service_app import bearer
from tests.unit.customers.world import World

EAST: Final = bearer("sales", person="p-east", department="east")
WEST: Final = bearer("sales", person="p-west", department="west")
MANAGER: Final = bearer("manager", person="p-chen")
MONEY: Final = {"minor": 50_000_00, "currency": "CNY"}
DEAL: Final = {"title": "20 presses", "owner": "p-east", "product": "P-9", "line": "presses", "amount": MONEY}

THINGS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "accounts/a-1": ("accounts/a-1/contacts", {"name": "赵敏"}),
    "leads/l-1": ("leads/l-1/contact", {}),
    "deals/d-1": ("deals/d-1/advance", {"stage": "engaging"}),
    "deals/d-2": ("deals/d-2/advance", {"stage": "engaging"}),
    "complaints/c-1": ("complaints/c-1/acknowledge", {}),
    "surveys/s-1": ("surveys/s-1/answer", {"score": 5}),
}
"""Of the department east, and a command on each: the deal d-1 is at the account, d-2 at none."""
AT_THE_ACCOUNT: Final = ("accounts/a-1", "deals/d-1", "complaints/c-1", "surveys/s-1")
LISTS: Final = ("accounts", "leads", "deals", "complaints", "surveys")


@pytest.fixture
async def east(world: World) -> World:
    survey = {"id": "s-1", "kind": "csat", "account_id": "a-1", "about": "relationship"}
    await world.done("/accounts", {"id": "a-1", "name": "Kan-code 有限公司"}, **EAST)
    await world.done("/leads", {"id": "l-1", "company": "Yunfan", "source": "fair"}, **EAST)
    await world.done("/deals", {**DEAL, "id": "d-1", "account_id": "a-1"}, **EAST)
    await world.done("/deals", {**DEAL, "id": "d-2"}, **EAST)
    await world.done("/complaints", {"id": "c-1", "account_id": "a-1", "subject": "Bent"}, **EAST)
    await world.done("/surveys", survey, **EAST)
    await world.caught_up()
    return world


async def listed(world: World, who: dict[str, str]) -> set[str]:
    await world.caught_up()
    return await sight.listed(world.client, LISTS, who)


async def test_its_own_department_and_a_manager_see_everything(east: World) -> None:
    for who in (EAST, MANAGER, bearer("finance"), bearer("service")):
        assert await listed(east, who) == THINGS.keys()
        for thing in THINGS:
            assert (await east.client.get(f"/{thing}", headers=who)).status_code == 200


@pytest.mark.parametrize("thing", THINGS)
async def test_to_another_department_it_is_as_if_it_were_not_there(east: World, thing: str) -> None:
    path, body = THINGS[thing]
    kind, hidden = thing.split("/")
    nowhere = path.replace(hidden, "nobody")
    head = await east.store.head()
    for headers in ({}, {"If-Match": '"7"'}, {"Idempotency-Key": "k-1"}):
        for said in (body, {"colour": "red"}):
            there = await east.post(f"/{path}", said, **WEST, **headers)
            gone = await east.post(f"/{nowhere}", said, **WEST, **headers)
            assert there.status_code == gone.status_code == 404
            assert there.json()["detail"] == gone.json()["detail"]
            assert "etag" not in there.headers
    seen = await east.client.get(f"/{thing}", headers=WEST)
    none = await east.client.get(f"/{kind}/nobody", headers=WEST)
    assert (seen.status_code, seen.json()["detail"]) == (none.status_code, none.json()["detail"])
    assert await east.store.head() == head


async def test_its_stream_is_not_told_either(east: World) -> None:
    for thing in THINGS:
        kind, hidden = thing.split("/")
        stream = f"{kind.removesuffix('s')}-{hidden}"
        assert (await east.client.get(f"/streams/{stream}", headers=EAST)).status_code == 200
        there = await east.client.get(f"/streams/{stream}", headers=WEST)
        gone = await east.client.get("/streams/deal-9", headers=WEST)
        assert there.status_code == gone.status_code == 404
        assert there.json()["detail"] == gone.json()["detail"].replace("deal-9", stream)


async def test_no_list_search_or_id_tells_of_it(east: World) -> None:
    assert await listed(east, WEST) == set()
    for query in ({"q": "Kan"}, {"ids": "a-1"}, {"region": "华东"}):
        assert (await east.client.get("/accounts", params=query, headers=WEST)).json()["items"] == []
    for kind in ("deals", "complaints", "surveys"):
        found = await east.client.get(f"/{kind}", params={"account": "a-1"}, headers=WEST)
        assert found.json() == {"items": [], "next": None}


async def test_nothing_can_be_made_at_it(east: World) -> None:
    for path, body in (
        ("/deals", {**DEAL, "account_id": "a-1"}),
        ("/complaints", {"account_id": "a-1", "subject": "Bent"}),
        ("/surveys", {"kind": "csat", "account_id": "a-1", "about": "relationship"}),
    ):
        answer = await east.post(path, body, **WEST)
        assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such account.")


async def test_a_company_that_is_taken_is_only_said_to_be_so_and_by_whom(east: World) -> None:
    answer = await east.post("/accounts", {"name": "kan-code"}, **WEST)
    assert (answer.status_code, answer.json()["code"], answer.json()["department"]) == (
        409,
        "duplicate",
        "east",
    )
    assert "existing" not in answer.json()
    assert "a-1" not in answer.text
    own = (await east.post("/accounts", {"name": "kan-code"}, **EAST)).json()
    assert (own["existing"], own["department"]) == ("a-1", "east")


async def test_its_id_is_taken_and_that_is_all(east: World) -> None:
    for path, body in (
        ("/accounts", {"id": "a-1", "name": "Kan-code 有限公司", "even_if_duplicate": True}),
        ("/leads", {"id": "l-1", "company": "Yunfan", "source": "fair"}),
        ("/deals", {**DEAL, "id": "d-2"}),
    ):
        answer = await east.post(path, body, **WEST)
        assert (answer.status_code, answer.json()["code"]) == (409, "id-taken")


async def test_shared_it_is_seen_with_all_that_is_at_it_and_no_longer_when_that_is_taken_back(
    east: World,
) -> None:
    await east.done("/accounts/a-1/share", {"department": "west"}, **EAST)
    assert await listed(east, WEST) == set(AT_THE_ACCOUNT)
    for thing in AT_THE_ACCOUNT:
        path, body = THINGS[thing]
        await east.done(f"/{path}", body, **WEST)
    file = (await east.client.get("/accounts/a-1", headers=WEST)).json()
    assert (file["department"], file["shared_with"]) == ("east", ["west"])
    assert {moment["id"] for moment in file["timeline"]} == {"d-1", "c-1"}
    await east.done("/accounts/a-1/unshare", {"department": "west"}, **EAST)
    assert await listed(east, WEST) == set()
    for thing in AT_THE_ACCOUNT:
        assert (await east.client.get(f"/{thing}", headers=WEST)).status_code == 404


async def test_only_its_own_department_or_a_manager_shares_it(east: World) -> None:
    path, north = "/accounts/a-1/share", {"department": "north"}
    assert (await east.post(path, north, **WEST)).status_code == 404
    await east.done(path, {"department": "west"}, **MANAGER)
    told = await east.post(path, north, **WEST)
    assert (told.status_code, told.json()["code"]) == (403, "not-allowed")
    assert "本部门的" in told.json()["detail"]
    assert (await east.post("/accounts/a-1/unshare", {"department": "west"}, **WEST)).status_code == 403
    again = await east.done(path, {"department": "west"}, **EAST)
    assert again.headers["etag"] == '"1"'


async def test_what_is_everybodys_needs_no_sharing(east: World) -> None:
    await east.done("/accounts", {"id": "a-2", "name": "Yunfan"}, **MANAGER)
    assert (await east.client.get("/accounts/a-2", headers=MANAGER)).json()["department"] is None
    for who in (EAST, WEST):
        assert (await east.client.get("/accounts/a-2", headers=who)).status_code == 200
    told = await east.post("/accounts/a-2/share", {"department": "west"}, **MANAGER)
    assert (told.status_code, told.json()["code"]) == (409, "everybodys")


async def test_a_salesperson_makes_nothing_for_another_department(world: World) -> None:
    lead = {"company": "Yunfan", "source": "fair", "department": "east"}
    assert (await world.post("/leads", lead, **WEST)).status_code == 403
    marketing = bearer("marketing", department="marketing")
    await world.done("/leads", {**lead, "id": "l-1"}, **marketing)
    await world.done("/leads", {"id": "l-2", "company": "Kan-code", "source": "fair"}, **marketing)
    assert await listed(world, WEST) == {"leads/l-2"}
    assert await listed(world, EAST) == {"leads/l-1", "leads/l-2"}


async def test_a_converted_lead_s_account_is_of_whose_the_lead_was(east: World) -> None:
    await east.done("/leads/l-1/qualify", {}, **EAST)
    made = {"title": "20 presses", "product": "P-9", "line": "presses", "amount": MONEY}
    assert (await east.post("/leads/l-1/convert", made, **WEST)).status_code == 404
    account = (await east.done("/leads/l-1/convert", made, **EAST)).json()["account_id"]
    assert (await east.client.get(f"/accounts/{account}", headers=MANAGER)).json()["department"] == "east"
    assert await listed(east, WEST) == set()
    await east.done(f"/accounts/{account}/share", {"department": "west"}, **EAST)
    assert "leads/l-1" in await listed(east, WEST)


async def test_an_account_is_merged_by_who_sees_both(east: World) -> None:
    await east.done("/accounts", {"id": "a-9", "name": "West's"}, **WEST)
    hidden = await east.post("/accounts/a-9/merge", {"into": "a-1"}, **WEST)
    none = await east.post("/accounts/a-9/merge", {"into": "nobody"}, **WEST)
    assert (hidden.status_code, hidden.json()["detail"]) == (none.status_code, none.json()["detail"])


async def test_pages_stay_whole_however_much_is_hidden(world: World) -> None:
    for n in range(6):
        who = EAST if n % 2 else WEST
        await world.done("/leads", {"id": f"l-{n}", "company": f"No {n}", "source": "fair"}, **who)
    await world.caught_up()
    first = (await world.client.get("/leads", params={"limit": 2}, headers=WEST)).json()
    rest = await world.client.get("/leads", params={"limit": 2, "cursor": first["next"]}, headers=WEST)
    assert [item["id"] for item in first["items"]] == ["l-4", "l-2"]
    assert [item["id"] for item in rest.json()["items"]] == ["l-0"]
    assert rest.json()["next"] is None


NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
OPENED: Final = AccountOpened(account_id="a-1", name="Kan-code", department="east", occurred_at=NOON)
STEPS: Final = st.lists(st.tuples(st.booleans(), st.sampled_from(("east", "west", "north"))), max_size=20)


@settings(max_examples=200)
@given(STEPS)
def test_a_department_sees_it_exactly_while_it_is_shared(steps: list[tuple[bool, str]]) -> None:
    account: Account = ACCOUNT.evolve(ACCOUNT.initial, OPENED)
    row: AccountRow = ACCOUNTS.evolve(ACCOUNTS.initial, OPENED)
    known: accounts.Account = accounts.evolve(accounts.ACCOUNTS.initial, OPENED)
    shared = {"west": False, "north": False}
    for n, (gives, department) in enumerate(steps, start=1):
        at: dict[str, Any] = {"account_id": "a-1", "occurred_at": NOON + timedelta(minutes=n)}
        events = (
            share(account, shared=AccountShared(department=department, **at))
            if gives
            else unshare(account, unshared=AccountUnshared(department=department, **at))
        )
        for event in events:
            account, row = ACCOUNT.evolve(account, event), ACCOUNTS.evolve(row, event)
            known = accounts.evolve(known, event)
        if department in shared:
            shared[department] = gives
        for one, may in {**shared, "east": True, "south": False}.items():
            assert sees(Actor(id="p-1", role="sales", department=one), whose(account)) == may
            for index in (ACCOUNTS.index(row), accounts.index(known)):  # here and in the other services
                assert bool(index.keys() & set(seen_by(one).fields)) == may
