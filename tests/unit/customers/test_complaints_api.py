from tests.unit.customers.world import World

NEW = {"id": "c-1", "subject": "Bent frame", "severity": "high"}


async def test_a_complaints_way_from_filed_to_closed(world: World) -> None:
    await world.done("/accounts", {"id": "a-1", "name": "Kan-code"})
    await world.done("/complaints", {**NEW, "account_id": "a-1", "order_id": "o-1"})
    for command, body in (
        ("acknowledge", {}),
        ("assign", {"to": "p-li"}),
        ("hold", {"reason": "Photos"}),
        ("resume", {}),
        ("resolve", {"resolution": "New frame"}),
        ("reopen", {"reason": "Bent again"}),
        ("resolve", {"resolution": "Another frame"}),
        ("close", {"satisfaction": 4}),
    ):
        done = await world.done(f"/complaints/c-1/{command}", body)
        assert done.status_code == 204
    complaint = await world.get("/complaints/c-1")
    assert (complaint["state"], complaint["satisfaction"]) == ("closed", 4)
    assert (complaint["assignee"], complaint["resolution"]) == ("p-li", "Another frame")
    assert complaint["acknowledged_at"] is not None
    assert len(complaint["history"]) == 9


async def test_complaints_are_found_by_state_and_account(world: World) -> None:
    await world.done("/accounts", {"id": "a-1", "name": "Kan-code"})
    await world.done("/complaints", {**NEW, "account_id": "a-1"})
    await world.done("/complaints", {**NEW, "id": "c-2"})
    await world.done("/complaints/c-2/hold", {"reason": "Photos"})

    async def found(**query: str) -> list[str]:
        return [item["id"] for item in (await world.get("/complaints", **query))["items"]]

    assert await found() == ["c-2", "c-1"]
    assert await found(state="held") == ["c-2"]
    assert await found(account="a-1") == ["c-1"]


async def test_satisfaction_is_one_to_five(world: World) -> None:
    await world.done("/complaints", NEW)
    await world.done("/complaints/c-1/resolve", {"resolution": "New frame"})
    for bad in (0, 6, "very"):
        refused = await world.post("/complaints/c-1/close", {"satisfaction": bad})
        assert refused.status_code == 422


async def test_a_complaint_names_a_customer_who_is_there(world: World) -> None:
    refused = await world.post("/complaints", {**NEW, "account_id": "a-9"})
    assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
