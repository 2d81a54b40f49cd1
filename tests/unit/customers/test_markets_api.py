from typing import Any

import pytest

from tests.service_app import bearer
from tests.unit.customers.world import World

PRESSES: dict[str, Any] = {
    "id": "m-1",
    "line": "冲压机 Presses",
    "region": "华东",
    "start": "2026-01-01",
    "end": "2027-01-01",
    "size": {"minor": 900_000_000_00, "currency": "CNY"},
    "source": "行业报告 2025",
    "estimated_on": "2026-02-10",
}


async def _standing(world: World, **query: str) -> list[str]:
    return [item["id"] for item in (await world.get("/markets", **query))["items"]]


@pytest.fixture
async def world(world: World) -> World:
    """As somebody in marketing asks, whose the estimates are."""
    world.client.headers.update(bearer("marketing"))
    return world


async def test_a_market_is_estimated_estimated_anew_and_withdrawn(world: World) -> None:
    made = await world.done("/markets", PRESSES)
    assert (made.status_code, made.json(), made.headers["etag"]) == (201, {"id": "m-1"}, '"0"')
    assert (await world.done("/markets", PRESSES)).headers["etag"] == '"0"'
    bigger = {"minor": 950_000_000_00, "currency": "CNY"}
    assert (await world.done("/markets", {**PRESSES, "size": bigger})).headers["etag"] == '"1"'
    [shown] = (await world.get("/markets"))["items"]
    assert {**PRESSES, "size": bigger}.items() <= shown.items()
    gone = await world.done("/markets/m-1/withdraw")
    assert (gone.status_code, gone.headers["etag"]) == (204, '"2"')
    assert (await world.done("/markets/m-1/withdraw")).headers["etag"] == '"2"'
    assert await _standing(world) == []


async def test_the_estimates_that_stand_are_found_by_line_and_region(world: World) -> None:
    await world.done("/markets", PRESSES)
    await world.done("/markets", {**PRESSES, "id": "m-2", "line": "Frames"})
    everywhere = {name: value for name, value in PRESSES.items() if name != "region"}
    await world.done("/markets", {**everywhere, "id": "m-3"})
    assert await _standing(world) == ["m-3", "m-2", "m-1"]
    assert await _standing(world, line="冲压机 Presses") == ["m-3", "m-1"]
    assert await _standing(world, region="华东") == ["m-2", "m-1"]


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"start": "2026-12-31", "end": "2027-12-31"}, 409),
        ({"start": "2025-06-01", "end": "2026-01-02"}, 409),
        ({"source": "海关数据", "size": {"minor": 1, "currency": "EUR"}}, 409),
        ({"start": "2027-01-01", "end": "2028-01-01"}, 201),
        ({"start": "2025-01-01", "end": "2026-01-01"}, 201),
        ({"line": "Frames"}, 201),
        ({"line": None}, 201),
        ({"region": "华南"}, 201),
    ],
)
async def test_no_day_of_a_market_is_estimated_twice(
    world: World, other: dict[str, Any], status: int
) -> None:
    await world.done("/markets", PRESSES)
    await world.caught_up()
    answer = await world.post("/markets", {**PRESSES, "id": "m-2", **other})
    assert answer.status_code == status
    if status == 409:
        assert (answer.json()["code"], answer.json()["existing"]) == ("market-estimated-already", "m-1")
        await world.done("/markets/m-1/withdraw")
        await world.caught_up()
        await world.done("/markets", {**PRESSES, "id": "m-2", **other})


@pytest.mark.parametrize(
    ("bad", "status", "code"),
    [
        ({"end": "2026-01-01"}, 409, "empty-period"),
        ({"end": "2027-01-03"}, 409, "long-period"),
        ({"size": {"minor": -1}}, 422, "invalid"),
        ({"size": {"minor": 1.5}}, 422, "invalid"),
        ({"source": "  "}, 422, "invalid"),
        ({"estimated_on": "soon"}, 422, "invalid"),
        ({"colour": "red"}, 422, "invalid"),
    ],
)
async def test_a_bad_estimate_is_refused(world: World, bad: dict[str, Any], status: int, code: str) -> None:
    refused = await world.post("/markets", {**PRESSES, **bad})
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert await _standing(world) == []


async def test_only_an_importer_says_when_and_only_in_order(world: World) -> None:
    past = {**PRESSES, "occurred_at": "2026-01-05T09:00:00+08:00"}
    assert (await world.post("/markets", past)).status_code == 403
    await world.done("/markets", PRESSES)
    stale = await world.post("/markets", {**past, "source": "海关数据"}, **bearer("importer"))
    assert (stale.status_code, stale.json()["code"]) == (409, "out-of-order")


async def test_what_was_never_estimated_cannot_be_withdrawn_and_a_viewer_only_looks(world: World) -> None:
    assert (await world.post("/markets/nobody/withdraw")).status_code == 404
    viewer = bearer("viewer")
    assert (await world.client.get("/markets", headers=viewer)).status_code == 200
    assert (await world.post("/markets", PRESSES, **viewer)).status_code == 403
