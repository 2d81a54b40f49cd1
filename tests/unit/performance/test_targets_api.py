"""Targets over HTTP."""

from typing import Any

import pytest

from tests.unit.performance.asking import NOBODY, VIEWER, Service, problem

TARGET: dict[str, Any] = {
    "id": "q1",
    "person_id": "wang",
    "start": "2025-01-01",
    "end": "2025-04-01",
    "amount": {"minor": 25_000_000, "currency": "CNY"},
    "line": "Atlas",
}


@pytest.fixture(autouse=True)
async def _people(service: Service) -> None:
    await service.post("/teams", {"id": "east", "name": "East", "department": "sales"})
    for person in ("wang", "li"):
        body = {"id": person, "name": person, "team_id": "east", "post": "Sales"}
        assert (await service.post("/people", body)).status_code == 201


async def test_a_target_is_set_set_anew_and_withdrawn(service: Service) -> None:
    made = await service.post("/targets", TARGET)
    assert (made.status_code, made.json(), made.headers["etag"]) == (201, {"id": "q1"}, '"0"')
    assert (await service.post("/targets", TARGET)).headers["etag"] == '"0"'
    more = TARGET | {"amount": {"minor": 30_000_000, "currency": "CNY"}}
    assert (await service.post("/targets", more)).headers["etag"] == '"1"'
    await service.caught_up()
    assert await service.get("/targets") == [more]
    assert (await service.post("/targets/q1/withdraw", {})).status_code == 204
    assert (await service.post("/targets/q1/withdraw", {})).headers["etag"] == '"2"'
    await service.caught_up()
    assert await service.get("/targets") == []
    problem(await service.post("/targets/q2/withdraw", {}), 404, "not-found")


async def test_targets_are_listed_for_one_person_too(service: Service) -> None:
    await service.post("/targets", TARGET)
    lines = {"id": "li-q1", "person_id": "li", "line": None}
    await service.post("/targets", TARGET | lines)
    await service.caught_up()
    assert [it["id"] for it in await service.get("/targets")] == ["q1", "li-q1"]
    assert await service.get("/targets", person="li") == [TARGET | lines]
    problem(await service.client.get("/targets", params={"person": "no body"}), 422)


async def test_the_same_key_sets_one_target_and_an_old_revision_is_stale(service: Service) -> None:
    body = {name: value for name, value in TARGET.items() if name != "id"}
    first = await service.post("/targets", body, **{"Idempotency-Key": "k"})
    second = await service.post("/targets", body, **{"Idempotency-Key": "k"})
    assert first.json() == second.json()
    assert len(await service.store.read(f"target-{first.json()['id']}")) == 1
    withdrawal = f"/targets/{first.json()['id']}/withdraw"
    problem(await service.post(withdrawal, {}, **{"If-Match": '"7"'}), 412)


async def test_a_target_for_nobody_or_for_no_time_is_refused(service: Service) -> None:
    problem(await service.post("/targets", TARGET | {"person_id": "ghost"}), 409, "unknown-person")
    problem(await service.post("/targets", TARGET | {"end": "2025-01-01"}), 409, "empty-period")
    problem(await service.post("/targets", TARGET | {"end": "2026-01-03"}), 409, "long-period")


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": {"minor": -1}},
        {"amount": {"minor": 1.5}},
        {"amount": {"minor": "100"}},
        {"amount": {"minor": 1, "currency": "yuan"}},
        {"amount": 100},
        {"start": "soon"},
        {"line": "a\x00b"},
        {"unknown": 1},
        {"id": "x" * 65},
    ],
    ids=str,
)
async def test_a_wrong_body_is_refused_by_field(service: Service, wrong: dict[str, Any]) -> None:
    assert problem(await service.post("/targets", TARGET | wrong), 422, "invalid")["errors"]


async def test_a_viewer_may_read_and_not_write(service: Service) -> None:
    assert (await service.client.get("/targets", headers=VIEWER)).status_code == 200
    problem(await service.client.get("/targets", headers=NOBODY), 401)
    problem(await service.post("/targets", TARGET, **VIEWER), 403)
    problem(await service.post("/targets/q1/withdraw", {}, **VIEWER), 403)
    problem(await service.post("/targets", TARGET | {"occurred_at": "2020-01-01T00:00:00Z"}), 403)
