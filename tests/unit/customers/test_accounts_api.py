from typing import Any

from shared.events.event import Money
from shared.events.order import OrderCancelled, OrderChanged, OrderDelivered, OrderOpened, OrderShipped
from tests.unit.customers.controls import ELEVEN, NINE, NOON, TEN
from tests.unit.customers.world import World

DEAL = {"title": "20 presses", "owner": "p-wang", "product": "P-9", "line": "presses", "amount": {"minor": 7}}


def order(number: int, account: str, minor: int = 100, currency: str = "CNY") -> OrderOpened:
    return OrderOpened(
        order_id=f"o-{number}",
        title=f"Order {number}",
        account_id=account,
        owner="p-wang",
        product="P-9",
        line="presses",
        amount=Money(minor=minor, currency=currency),
        occurred_at=NINE,
    )


async def opened(world: World, account_id: str, name: str, **more: Any) -> None:
    await world.done("/accounts", {"id": account_id, "name": name, **more})
    await world.caught_up()


async def test_a_company_that_is_there_is_found_on_entry(world: World) -> None:
    await opened(world, "a-1", "华为技术有限公司")
    twin = await world.post("/accounts", {"name": "华为 技术（集团）"})
    assert twin.status_code == 409
    assert (twin.json()["code"], twin.json()["existing"]) == ("duplicate", "a-1")
    await world.done("/accounts", {"name": "华为 技术", "even_if_duplicate": True})


async def test_an_accounts_new_name_is_found_too_and_its_old_one_is_free(world: World) -> None:
    await opened(world, "a-1", "Kan-code")
    changed = await world.client.put(
        "/accounts/a-1/profile", json={"name": "Kan Group", "preferences": "Tea"}
    )
    assert changed.status_code == 204
    await world.caught_up()
    assert (await world.post("/accounts", {"name": "KAN GROUP Inc."})).status_code == 409
    await world.done("/accounts", {"name": "Kan-code"})
    assert (await world.get("/accounts/a-1"))["preferences"] == "Tea"


async def test_a_merged_accounts_name_leads_to_the_one_that_stands_for_it(world: World) -> None:
    await opened(world, "a-1", "Kan-code")
    await opened(world, "a-2", "Kancode Systems")
    await opened(world, "a-3", "KC Systems")
    await world.done("/accounts/a-1/merge", {"into": "a-2"})
    await world.done("/accounts/a-2/merge", {"into": "a-3"})
    await world.caught_up()
    assert (await world.post("/accounts", {"name": "Kan code"})).json()["existing"] == "a-3"


async def test_a_merged_account_takes_nothing_new_and_says_where_to_go(world: World) -> None:
    await opened(world, "a-1", "Kan-code")
    await opened(world, "a-2", "Kancode Systems")
    await world.done("/accounts/a-1/merge", {"into": "a-2"})
    for path, body in (
        ("/accounts/a-1/contacts", {"name": "赵敏"}),
        ("/accounts/a-1/merge", {"into": "a-3"}),
        ("/deals", {**DEAL, "account_id": "a-1"}),
        ("/complaints", {"subject": "Bent", "account_id": "a-1"}),
    ):
        refused = await world.post(path, body)
        assert (refused.status_code, refused.json()["code"], refused.json()["into"]) == (
            409,
            "account-merged",
            "a-2",
        )
    nowhere = await world.post("/accounts/a-2/merge", {"into": "a-9"})
    assert nowhere.status_code == 404


async def test_a_contact_added_twice_keeps_its_id(world: World) -> None:
    await opened(world, "a-1", "Kan-code")
    once = await world.done("/accounts/a-1/contacts", {"name": "赵敏", "phone": "139"})
    again = await world.done("/accounts/a-1/contacts", {"name": "赵敏", "phone": "139"})
    assert once.json() == again.json()
    [contact] = (await world.get("/accounts/a-1"))["contacts"]
    assert (contact["id"], contact["name"], contact["phone"]) == (once.json()["id"], "赵敏", "139")


async def test_the_file_has_what_the_customer_bought(world: World) -> None:
    await opened(world, "a-1", "Kan-code")
    world.hear(
        order(1, "a-1", 100),
        OrderChanged(
            order_id="o-1",
            quantity=2,
            amount=Money(minor=200),
            previous_amount=Money(minor=100),
            occurred_at=TEN,
        ),
        order(2, "a-1", 50, "USD"),
        order(3, "a-1", 999),
        OrderCancelled(order_id="o-3", reason="?", occurred_at=TEN),
        order(4, "a-2", 5),
        OrderShipped(
            order_id="o-2",
            account_id="a-1",
            owner="p-wang",
            line="presses",
            amount=Money(minor=60, currency="USD"),
            occurred_at=TEN,
        ),
        OrderDelivered(order_id="o-2", account_id="a-1", owner="p-wang", occurred_at=ELEVEN),
    )
    bought = (await world.get("/accounts/a-1"))["purchases"]
    assert bought["orders"] == 2
    assert bought["total"] == [{"minor": 200, "currency": "CNY"}, {"minor": 60, "currency": "USD"}]
    states = {item["id"]: (item["state"], item["amount"]["minor"]) for item in bought["items"]}
    assert states == {"o-1": ("ordered", 200), "o-2": ("delivered", 60), "o-3": ("cancelled", 999)}


async def test_the_timeline_has_deals_orders_and_complaints_newest_first(world: World) -> None:
    await opened(world, "a-1", "Kan-code")
    world.hear(order(1, "a-1"), OrderDelivered(order_id="o-1", owner="p-wang", occurred_at=NOON))
    world.hear(order(2, "a-1"))
    await world.done("/deals", {**DEAL, "id": "d-1", "account_id": "a-1"})
    await world.done("/complaints", {"id": "c-1", "subject": "Bent", "account_id": "a-1"})
    await world.done("/deals/d-1/win")
    file = await world.get("/accounts/a-1")
    moments = [(moment["kind"], moment["id"], moment["state"]) for moment in file["timeline"]]
    assert moments == [
        ("deal", "d-1", "won"),
        ("complaint", "c-1", "open"),
        ("order", "o-1", "delivered"),
        ("order", "o-2", "ordered"),
    ]
    assert file["counts"] == {"contacts": 0, "deals": 1, "orders": 2, "complaints": 1}


async def test_the_survivors_file_has_the_histories_of_all_that_were_merged_into_it(world: World) -> None:
    for n, name in enumerate(("Kan-code", "Kancode Systems", "KC Systems"), start=1):
        await opened(world, f"a-{n}", name)
        await world.done("/deals", {**DEAL, "id": f"d-{n}", "account_id": f"a-{n}"})
        await world.done(f"/accounts/a-{n}/contacts", {"name": f"Person {n}"})
        world.hear(order(n, f"a-{n}"))
    await world.done("/accounts/a-1/merge", {"into": "a-2"})
    await world.done("/accounts/a-2/merge", {"into": "a-3"})

    file = await world.get("/accounts/a-3")
    assert sorted(file["merged"]) == ["a-1", "a-2"]
    assert sorted(contact["name"] for contact in file["contacts"]) == ["Person 1", "Person 2", "Person 3"]
    assert {moment["id"] for moment in file["timeline"]} == {"d-1", "d-2", "d-3", "o-1", "o-2", "o-3"}
    assert file["purchases"]["orders"] == 3
    assert file["counts"]["deals"] == 3

    merged = await world.get("/accounts/a-1")
    assert (merged["merged_into"], merged["merged"]) == ("a-2", [])
    assert {moment["id"] for moment in merged["timeline"]} == {"d-1", "o-1"}
    assert [account["id"] for account in (await world.get("/accounts"))["items"]] == ["a-3"]
    assert len((await world.get("/accounts", merged="true"))["items"]) == 2


async def test_accounts_are_found_by_words_region_and_industry(world: World) -> None:
    await opened(world, "a-1", "Kan-code", region="华东", industry="software")
    await opened(world, "a-2", "华为技术", region="华南", industry="telecom")
    await opened(world, "a-3", "Kancode Systems", region="华东", industry="telecom")
    await world.done("/accounts/a-2/contacts", {"name": "Kan Wei", "phone": "+86 139"})

    async def found(**query: str) -> list[str]:
        return [account["id"] for account in (await world.get("/accounts", **query))["items"]]

    assert await found(q="KAN") == ["a-3", "a-2", "a-1"]
    assert await found(q="ＫＡＮ", region="华东") == ["a-3", "a-1"]
    assert await found(q="139") == ["a-2"]
    assert await found(region="华东", industry="telecom") == ["a-3"]
    assert await found(q="nobody") == []


async def test_accounts_are_found_by_their_ids_merged_or_not(world: World) -> None:
    for n in range(3):
        await opened(world, f"a-{n}", f"Mill {n}")
    await world.done("/accounts/a-1/merge", {"into": "a-2"})
    found = (await world.get("/accounts", ids=["a-1", "a-0", "a-1", "nobody"]))["items"]
    assert [(account["id"], account["merged_into"]) for account in found] == [("a-1", "a-2"), ("a-0", None)]


async def test_a_search_goes_on_where_it_stopped(world: World) -> None:
    for n in range(7):
        await opened(world, f"a-{n}", f"Mill {n}" if n % 2 else f"Kan {n}")
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await world.get("/accounts", q="kan", limit="2", **cursor)
        seen += [account["id"] for account in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == ["a-6", "a-4", "a-2", "a-0"]


async def test_the_list_says_how_much_hangs_on_each_account(world: World) -> None:
    await opened(world, "a-1", "Kan-code")
    await opened(world, "a-2", "Bluth")
    await world.done("/accounts/a-1/contacts", {"name": "赵敏"})
    await world.done("/deals", {**DEAL, "account_id": "a-1"})
    await world.done("/complaints", {"subject": "Bent", "account_id": "a-2"})
    world.hear(order(1, "a-1"), order(2, "a-1"))
    bluth, kan = (await world.get("/accounts"))["items"]
    assert kan["counts"] == {"contacts": 1, "deals": 1, "orders": 2, "complaints": 0}
    assert bluth["counts"] == {"contacts": 0, "deals": 0, "orders": 0, "complaints": 1}
