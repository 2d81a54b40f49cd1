"""Orders over HTTP."""

from typing import Any, Final

import httpx

from tests.service_app import bearer
from tests.unit.orders.conftest import Service

ORDER: Final[dict[str, Any]] = {
    "id": "ord-1",
    "title": "云帆科技 Atlas 200",
    "account_id": "acc-1",
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
    assert seen == ORDER | {
        "state": "delivered",
        "deal_id": None,
        "quantity": 12,
        "amount": {"minor": 96_000, "currency": "CNY"},
        "promised_on": "2031-03-26",
        "first_promise": "2031-03-24",
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


async def test_a_viewer_may_only_look(service: Service) -> None:
    viewer = bearer("viewer")
    problem(await service.client.post("/orders", json=ORDER, headers=viewer), 403, "not-allowed")
    await service.client.post("/orders", json=ORDER)
    assert (await service.client.get("/orders/ord-1", headers=viewer)).status_code == 200
    assert (await service.client.get("/orders", headers=viewer)).status_code == 200


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
    }
    assert await ids(cursor=first["next"]) == ["ord-0"]
    for wrong in ({"limit": "0"}, {"limit": "201"}, {"cursor": "x"}, {"state": "lost"}):
        problem(await service.client.get("/orders", params=wrong), 422, "invalid")
