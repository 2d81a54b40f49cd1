from tests.service_app import bearer
from tests.unit.customers.world import World

NEW = {
    "id": "d-1",
    "title": "20 presses",
    "owner": "p-wang",
    "product": "P-9",
    "line": "presses",
    "amount": {"minor": 50_000_00, "currency": "CNY"},
    "expected_close": "2026-04-01",
}
CNY_60000 = {"minor": 60_000_00, "currency": "CNY"}
CNY_55000 = {"minor": 55_000_00, "currency": "CNY"}


async def test_every_change_of_a_deal_is_there_with_the_value_before(world: World) -> None:
    await world.done("/deals", NEW)
    await world.done("/deals/d-1/reprice", {"amount": CNY_60000}, **bearer(person="p-li"))
    await world.done("/deals/d-1/reschedule", {"expected_close": "2026-05-01"})
    await world.done("/deals/d-1/advance", {"stage": "engaging"})
    await world.done("/deals/d-1/grade", {"grade": "A"})
    await world.done("/deals/d-1/reassign", {"owner": "p-li"})
    await world.done("/deals/d-1/win", {"amount": CNY_55000})
    deal = await world.get("/deals/d-1")
    assert [(c["field"], c["previous"], c["now"], c["actor"]) for c in deal["changes"]] == [
        ("amount", NEW["amount"], CNY_60000, "p-li"),
        ("expected_close", "2026-04-01", "2026-05-01", "p-wang"),
        ("stage", "prospecting", "engaging", "p-wang"),
        ("grade", "B", "A", "p-wang"),
        ("owner", "p-wang", "p-li", "p-wang"),
        ("amount", CNY_60000, CNY_55000, "p-wang"),
        ("state", "open", "won", "p-wang"),
    ]
    assert [c["revision"] for c in deal["changes"]] == [1, 2, 3, 4, 5, 6, 6]
    assert [happened["revision"] for happened in deal["history"]] == list(range(7))
    assert (deal["state"], deal["amount"], deal["closed_at"]) == ("won", CNY_55000, deal["changed_at"])


async def test_a_lost_deal_says_why_until_it_is_opened_again(world: World) -> None:
    await world.done("/deals", NEW)
    await world.done("/deals/d-1/lose", {"reason": "Price", "competitor": "Acme"})
    lost = await world.get("/deals/d-1")
    assert (lost["state"], lost["reason"], lost["competitor"]) == ("lost", "Price", "Acme")
    await world.done("/deals/d-1/reopen", {"reason": "They came back"})
    again = await world.get("/deals/d-1")
    assert (again["state"], again["reason"], again["closed_at"]) == ("open", None, None)


async def test_deals_are_found_by_stage_owner_account_and_state(world: World) -> None:
    await world.done("/accounts", {"id": "a-1", "name": "Kan-code"})
    await world.done("/deals", {**NEW, "account_id": "a-1"})
    await world.done("/deals", {**NEW, "id": "d-2", "owner": "p-li", "stage": "engaging"})
    await world.done("/deals/d-2/win")

    async def found(**query: str) -> list[str]:
        return [deal["id"] for deal in (await world.get("/deals", **query))["items"]]

    assert await found() == ["d-2", "d-1"]
    assert await found(stage="engaging") == ["d-2"]
    assert await found(owner="p-li", state="won") == ["d-2"]
    assert await found(owner="p-li", state="open") == []
    assert await found(account="a-1") == ["d-1"]
    assert (await world.client.get("/deals", params={"state": "sold"})).status_code == 422


async def test_the_list_and_the_deal_itself_say_the_same(world: World) -> None:
    await world.done("/deals", NEW)
    await world.done("/deals/d-1/reprice", {"amount": CNY_60000})
    [listed] = (await world.get("/deals"))["items"]
    deal = await world.get("/deals/d-1")
    assert listed == {name: value for name, value in deal.items() if name not in ("history", "changes")}


async def test_a_deal_names_a_customer_and_a_lead_who_are_there(world: World) -> None:
    for unknown in ({"account_id": "a-9"}, {"lead_id": "l-9"}):
        refused = await world.post("/deals", {**NEW, **unknown})
        assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
    created = await world.done("/leads", {"id": "l-1", "company": "Kan-code", "source": "fair"})
    assert created.status_code == 201
    await world.done("/deals", {**NEW, "lead_id": "l-1"})
    opened = (await world.get("/deals/d-1"))["history"][0]["data"]
    assert opened["lead_created_at"] == (await world.get("/leads/l-1"))["created_at"]


async def test_money_is_whole_and_not_negative(world: World) -> None:
    for bad in ({"minor": -1}, {"minor": 1.5}, {"minor": "7"}, {"minor": 1, "currency": "yuan"}, 7, None):
        refused = await world.post("/deals", {**NEW, "amount": bad})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
