"""Products over HTTP."""

from typing import Any, Final

from tests.service_app import bearer
from tests.unit.orders.conftest import Service
from tests.unit.orders.test_orders_api import problem

PRODUCT: Final[dict[str, Any]] = {
    "name": "数控机床 V8",
    "line": "机床",
    "list_price": {"minor": 860_000, "currency": "CNY"},
}


def cny(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


async def test_a_product_is_listed_priced_and_costed(service: Service) -> None:
    made = await service.client.post("/products", json=PRODUCT)
    assert (made.status_code, made.headers["etag"]) == (201, '"0"')
    key = made.json()["id"]
    priced = await service.client.post(f"/products/{key}/price", json={"list_price": cny(850_000)})
    assert (priced.status_code, priced.headers["etag"]) == (204, '"1"')
    for revision, minor in ((2, 545_000), (2, 545_000), (3, 520_000)):
        done = await service.client.post(f"/products/{key}/cost", json={"unit_cost": cny(minor)})
        assert (done.status_code, done.headers["etag"]) == (204, f'"{revision}"')
    seen = (await service.client.get(f"/products/{key}")).json()
    history, costs = seen.pop("history"), seen.pop("costs")
    shown = {"id": key, "list_price": cny(850_000), "unit_cost": cny(520_000), "cost_version": 2}
    assert seen == PRODUCT | shown
    assert [event["type"] for event in history] == [
        "product-listed.v1",
        "product-priced.v1",
        "product-costed.v1",
        "product-costed.v1",
    ]
    assert costs == [
        {"version": 1, "unit_cost": cny(545_000), "since": history[2]["occurred_at"]},
        {"version": 2, "unit_cost": cny(520_000), "since": history[3]["occurred_at"]},
    ]


async def test_asking_again_changes_nothing_and_a_name_belongs_to_one_product(service: Service) -> None:
    first = await service.client.post("/products", json=PRODUCT)
    again = await service.client.post("/products", json=PRODUCT | {"name": " 数控机床 V8 "})
    assert (again.status_code, again.headers["etag"], again.json()) == (201, '"0"', first.json())
    problem(await service.client.post("/products", json=PRODUCT | {"line": "Bolt"}), 409, "listed")


async def test_lists_show_the_price_and_the_cost_of_now(service: Service) -> None:
    vega = {"name": "Vega", "line": "Pumps", "list_price": cny(1_000)}
    first = (await service.client.post("/products", json=PRODUCT)).json()["id"]
    second = (await service.client.post("/products", json=vega)).json()["id"]
    await service.client.post(f"/products/{first}/price", json={"list_price": cny(850_000)})
    await service.client.post(f"/products/{first}/cost", json={"unit_cost": cny(520_000)})
    await service.following.catch_up()
    rows = (await service.client.get("/products")).json()["items"]
    costed = {"id": first, "list_price": cny(850_000), "unit_cost": cny(520_000), "cost_version": 1}
    assert rows == [
        vega | {"id": second, "unit_cost": None, "cost_version": None},
        PRODUCT | costed,
    ]
    of_line = (await service.client.get("/products", params={"line": "机床"})).json()["items"]
    assert [row["id"] for row in of_line] == [first]
    cut = (await service.client.get("/products", params={"limit": "1"})).json()
    rest = (await service.client.get("/products", params={"cursor": cut["next"]})).json()
    assert [row["id"] for row in (*cut["items"], *rest["items"])] == [second, first]


async def test_what_makes_no_sense_is_refused(service: Service) -> None:
    key = (await service.client.post("/products", json=PRODUCT)).json()["id"]
    problem(await service.client.get("/products/nobody"), 404, "not-found")
    problem(await service.client.post("/products/nobody/cost", json={"unit_cost": cny(1)}), 404, "not-found")
    problem(await service.client.post(f"/products/{key}/cost", json={"unit_cost": cny(-1)}), 422, "invalid")
    problem(await service.client.post("/products", json=PRODUCT | {"id": "p-1"}), 422, "invalid")
    price = {"list_price": cny(1)}
    stale = await service.client.post(f"/products/{key}/price", json=price, headers={"If-Match": '"5"'})
    problem(stale, 412, "stale")


async def test_a_viewer_sees_none_and_only_an_importer_says_when(service: Service) -> None:
    viewer = bearer("viewer")
    problem(await service.client.post("/products", json=PRODUCT, headers=viewer), 403, "not-allowed")
    problem(await service.client.get("/products", headers=viewer), 403, "not-allowed")
    past = PRODUCT | {"occurred_at": "2017-02-01T08:00:00+08:00"}
    problem(await service.client.post("/products", json=past), 403, "not-allowed")
    done = await service.client.post("/products", json=past, headers=bearer("importer"))
    assert done.status_code == 201
