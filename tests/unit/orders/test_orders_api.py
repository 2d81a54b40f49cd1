"""Orders over HTTP."""

from typing import Any, Final

import httpx

from tests.service_app import bearer
from tests.unit.orders.conftest import Service

ORDER: Final[dict[str, Any]] = {
    "id": "ord-1",
    "title": "云帆科技 Atlas 200",
    "account_id": "acc-1",
    "department": "east",
    "owner": "p-wang",
    "product": "Atlas 200",
    "line": "Atlas",
    "quantity": 10,
    "amount": {"minor": 80_000, "currency": "CNY"},
}
PATH: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("change", {"quantity": 12, "amount": {"minor": 96_000, "currency": "CNY"}}),
    ("confirm", {"promised_on": "2031-03-24"}),
    ("repromise", {"promised_on": "2031-03-26", "reason": "A part came late"}),
    ("ready", {}),
    ("ship", {"carrier": "顺丰速运"}),
    ("deliver", {"proof": "Signed"}),
)


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["code"] == code
    return told


async def test_an_order_goes_all_the_way(service: Service) -> None:
    made = await service.client.post("/orders", json=ORDER)
    assert (made.status_code, made.json(), made.headers["etag"]) == (201, {"id": "ord-1"}, '"0"')
    for revision, (step, body) in enumerate(PATH, start=1):
        done = await service.client.post(f"/orders/ord-1/{step}", json=body)
        assert (done.status_code, done.headers["etag"]) == (204, f'"{revision}"'), done.text
    seen = (await service.client.get("/orders/ord-1")).json()
    history = seen.pop("history")
    first, second = seen.pop("promises")
    assert (first["promised_on"], first["moved_days"], first["reason"]) == ("2031-03-24", 0, None)
    assert (second["promised_on"], second["moved_days"]) == ("2031-03-26", 2)
    assert second["reason"] == "A part came late"
    assert [first["made_at"], second["made_at"]] == [history[2]["occurred_at"], history[3]["occurred_at"]]
    assert seen == ORDER | {
        "state": "delivered",
        "deal_id": None,
        "quantity": 12,
        "amount": {"minor": 96_000, "currency": "CNY"},
        "promised_on": "2031-03-26",
        "first_promise": "2031-03-24",
        "unit_cost": None,
        "cost_version": None,
        "returned_quantity": 0,
        "returned_amount": {"minor": 0, "currency": "CNY"},
        "returns": [],
    }
    assert [event["type"] for event in history] == [
        "order-opened.v1",
        "order-changed.v1",
        "order-confirmed.v1",
        "order-repromised.v1",
        "order-ready.v1",
        "order-shipped.v1",
        "order-delivered.v1",
    ]
    assert history[0]["actor"] == "p-wang"


async def test_the_ledger_says_that_a_promise_became_an_earlier_one(service: Service) -> None:
    await service.client.post("/orders", json=ORDER)
    await service.client.post("/orders/ord-1/confirm", json={"promised_on": "2031-03-24"})
    for day in ("2031-04-02", "2031-03-31"):
        body = {"promised_on": day, "reason": "缺料"}
        assert (await service.client.post("/orders/ord-1/repromise", json=body)).status_code == 204
    seen = (await service.client.get("/orders/ord-1")).json()
    assert [promise["moved_days"] for promise in seen["promises"]] == [0, 9, -2]
    assert (seen["first_promise"], seen["promised_on"]) == ("2031-03-24", "2031-03-31")


async def test_goods_come_back_in_parts(service: Service) -> None:
    await service.client.post("/orders", json=ORDER)
    path = "/orders/ord-1/return"
    three = {"id": "ret-1", "quantity": 3, "amount": {"minor": 24_000}, "reason": "无法启动"}
    problem(await service.client.post(path, json=three), 409, "not-shipped")
    for step, body in PATH[1:5]:
        await service.client.post(f"/orders/ord-1/{step}", json=body)
    for _ in range(2):
        back = await service.client.post(path, json=three)
        assert (back.status_code, back.json(), back.headers["etag"]) == (201, {"id": "ret-1"}, '"5"')
    told = problem(
        await service.client.post(path, json={**three, "id": "ret-2", "quantity": 8}),
        409,
        "more-than-shipped",
    )
    assert (told["quantity"], told["amount"], told["currency"]) == ("7", "56000", "CNY")
    keyed = {"quantity": 7, "amount": {"minor": 50_000}, "reason": "delivered late"}
    first = await service.client.post(path, json=keyed, headers={"Idempotency-Key": "k-1"})
    second = await service.client.post(path, json=keyed, headers={"Idempotency-Key": "k-1"})
    assert first.json() == second.json()
    seen = (await service.client.get("/orders/ord-1")).json()
    assert (seen["state"], seen["quantity"], seen["returned_quantity"]) == ("shipped", 10, 10)
    assert seen["returned_amount"] == {"minor": 74_000, "currency": "CNY"}
    assert [(back["return_id"], back["quantity"], back["reason"]) for back in seen["returns"]] == [
        ("ret-1", 3, "无法启动"),
        (first.json()["id"], 7, "delivered late"),
    ]
    await service.following.catch_up()
    [row] = (await service.client.get("/orders")).json()["items"]
    assert (row["returned_quantity"], row["returned_amount"]) == (10, seen["returned_amount"])
    problem(await service.client.post(path, json={**three, "quantity": 0}), 422, "invalid")
    problem(await service.client.post(path, json=three, headers=bearer("viewer")), 403, "not-allowed")


async def test_an_order_freezes_the_cost_of_its_product_and_later_costs_leave_it_alone(
    service: Service,
) -> None:
    goods = {"name": "Atlas 200", "line": "Atlas", "list_price": {"minor": 8_600}}
    product = (await service.client.post("/products", json=goods)).json()["id"]
    await service.client.post("/orders", json=ORDER | {"id": "ord-0"})
    for minor in (5_450, 5_200):
        await service.client.post(f"/products/{product}/cost", json={"unit_cost": {"minor": minor}})
        await service.client.post("/orders", json=ORDER | {"id": f"ord-{minor}"})
    again = await service.client.post("/orders", json=ORDER | {"id": "ord-0"})
    assert (again.status_code, again.headers["etag"]) == (201, '"0"')
    frozen = {}
    for order_id in ("ord-0", "ord-5450", "ord-5200"):
        seen = (await service.client.get(f"/orders/{order_id}")).json()
        frozen[order_id] = (seen["unit_cost"], seen["cost_version"])
    assert frozen == {
        "ord-0": (None, None),
        "ord-5450": ({"minor": 5_450, "currency": "CNY"}, 1),
        "ord-5200": ({"minor": 5_200, "currency": "CNY"}, 2),
    }


async def test_imported_orders_freeze_the_cost_of_their_own_day(service: Service) -> None:
    importer = bearer("importer")
    goods = {"name": "Atlas 200", "line": "Atlas", "list_price": {"minor": 8_600}}
    listed = goods | {"occurred_at": "2017-01-01T08:00:00+08:00"}
    product = (await service.client.post("/products", json=listed, headers=importer)).json()["id"]
    for minor, when in ((5_450, "2017-02-01T08:00:00+08:00"), (5_200, "2017-03-01T08:00:00+08:00")):
        body = {"unit_cost": {"minor": minor}, "occurred_at": when}
        done = await service.client.post(f"/products/{product}/cost", json=body, headers=importer)
        assert done.status_code == 204
    versions = []
    for day in ("2017-01-31", "2017-02-01", "2017-03-02"):
        body = ORDER | {"id": f"ord-{day}", "occurred_at": f"{day}T09:00:00+08:00"}
        await service.client.post("/orders", json=body, headers=importer)
        versions.append((await service.client.get(f"/orders/ord-{day}")).json()["cost_version"])
    assert versions == [None, 1, 2]


async def test_asking_again_changes_nothing(service: Service) -> None:
    for _ in range(2):
        again = await service.client.post("/orders", json=ORDER)
        assert (again.status_code, again.headers["etag"]) == (201, '"0"')
    for _ in range(2):
        again = await service.client.post("/orders/ord-1/cancel", json={"reason": "Entered twice"})
        assert (again.status_code, again.headers["etag"]) == (204, '"1"')


async def test_the_same_idempotency_key_makes_one_order(service: Service) -> None:
    body = {key: value for key, value in ORDER.items() if key != "id"}
    key = {"Idempotency-Key": "k-1"}
    first = await service.client.post("/orders", json=body, headers=key)
    second = await service.client.post("/orders", json=body, headers=key)
    assert first.json() == second.json()
    other = await service.client.post("/orders", json=body | {"title": "Another"}, headers=key)
    problem(other, 422, "idempotency-key-reused")


async def test_a_replayed_command_is_not_done_again(service: Service) -> None:
    await service.client.post("/orders", json=ORDER)
    key = {"Idempotency-Key": "k-2"}
    to_twelve = {"quantity": 12, "amount": {"minor": 96_000}}
    assert (await service.client.post("/orders/ord-1/change", json=to_twelve, headers=key)).status_code == 204
    await service.client.post("/orders/ord-1/change", json={"quantity": 9, "amount": {"minor": 72_000}})
    replayed = await service.client.post("/orders/ord-1/change", json=to_twelve, headers=key)
    assert (replayed.status_code, replayed.headers["etag"]) == (204, '"2"')
    assert (await service.client.get("/orders/ord-1")).json()["quantity"] == 9


async def test_if_match_guards_against_deciding_on_what_is_old(service: Service) -> None:
    await service.client.post("/orders", json=ORDER)
    path, body = "/orders/ord-1/confirm", {"promised_on": "2031-03-24"}
    stale = await service.client.post(path, json=body, headers={"If-Match": '"7"'})
    problem(stale, 412, "stale")
    assert (await service.client.post(path, json=body, headers={"If-Match": '"0"'})).status_code == 204


async def test_steps_in_the_wrong_order_are_refused(service: Service) -> None:
    await service.client.post("/orders", json=ORDER)
    problem(await service.client.post("/orders/ord-1/ready", json={}), 409, "not-confirmed")
    await service.client.post("/orders/ord-1/confirm", json={"promised_on": "2031-03-24"})
    problem(await service.client.post("/orders/ord-1/ship", json={}), 409, "not-ready")
    problem(await service.client.post("/orders/ord-1/deliver", json={}), 409, "not-shipped")
    problem(await service.client.post("/orders", json=ORDER | {"title": "Another"}), 409, "id-taken")


async def test_an_unknown_order_is_not_found(service: Service) -> None:
    problem(await service.client.get("/orders/nobody"), 404, "not-found")
    problem(await service.client.post("/orders/nobody/ready", json={}), 404, "not-found")


async def test_bodies_that_make_no_sense_are_told_so_by_field(service: Service) -> None:
    unknown = problem(await service.client.post("/orders", json=ORDER | {"colour": "red"}), 422, "invalid")
    assert [error["field"] for error in unknown["errors"]] == ["colour"]
    negative = ORDER | {"amount": {"minor": -1}}
    told = problem(await service.client.post("/orders", json=negative), 422, "invalid")
    assert [error["field"] for error in told["errors"]] == ["amount.minor"]
    problem(await service.client.post("/orders", json=ORDER | {"quantity": 0}), 422, "invalid")
    problem(await service.client.post("/orders", json=ORDER | {"id": "a b"}), 422, "invalid")


async def test_a_viewer_sees_no_order(service: Service) -> None:
    viewer = bearer("viewer")
    problem(await service.client.post("/orders", json=ORDER, headers=viewer), 403, "not-allowed")
    await service.client.post("/orders", json=ORDER)
    problem(await service.client.get("/orders/ord-1", headers=viewer), 403, "not-allowed")
    problem(await service.client.get("/orders", headers=viewer), 403, "not-allowed")


async def test_only_an_importer_says_when_it_happened(service: Service) -> None:
    past = ORDER | {"occurred_at": "2017-02-01T08:00:00+08:00"}
    problem(await service.client.post("/orders", json=past), 403, "not-allowed")
    assert (await service.client.post("/orders", json=past, headers=bearer("importer"))).status_code == 201
    seen = (await service.client.get("/orders/ord-1")).json()
    assert seen["history"][0]["occurred_at"] == "2017-02-01T00:00:00Z"


async def test_lists_are_filtered_and_cut_into_pages(service: Service) -> None:
    for n in range(3):
        await service.client.post("/orders", json=ORDER | {"id": f"ord-{n}", "account_id": f"acc-{n % 2}"})
    await service.client.post("/orders/ord-2/cancel", json={"reason": "Entered twice"})
    await service.client.post("/orders/ord-1/change", json={"quantity": 12, "amount": {"minor": 96_000}})
    await service.following.catch_up()

    async def ids(**query: str) -> list[str]:
        return [row["id"] for row in (await service.client.get("/orders", params=query)).json()["items"]]

    assert await ids() == ["ord-2", "ord-1", "ord-0"]
    assert await ids(state="opened") == ["ord-1", "ord-0"]
    assert await ids(account="acc-0", state="cancelled") == ["ord-2"]
    assert await ids(owner="nobody") == []
    first = (await service.client.get("/orders", params={"limit": "2"})).json()
    assert first["items"][1] == ORDER | {
        "id": "ord-1",
        "account_id": "acc-1",
        "state": "opened",
        "deal_id": None,
        "quantity": 12,
        "amount": {"minor": 96_000, "currency": "CNY"},
        "promised_on": None,
        "returned_quantity": 0,
        "returned_amount": {"minor": 0, "currency": "CNY"},
    }
    assert await ids(cursor=first["next"]) == ["ord-0"]
    for wrong in ({"limit": "0"}, {"limit": "201"}, {"cursor": "x"}, {"state": "lost"}):
        problem(await service.client.get("/orders", params=wrong), 422, "invalid")
