"""Teams and people over HTTP."""

from typing import Any

import pytest

from tests.unit.performance.asking import IMPORTER, NOBODY, VIEWER, Service, problem
from tests.unit.performance.world import formed, joined, moved, opened

EAST: dict[str, Any] = {"id": "east", "name": "华东一组", "department": "sales", "region": "华东"}
WANG: dict[str, Any] = {"id": "wang", "name": "王芳", "team_id": "east", "post": "Sales", "on": "2025-01-02"}


async def _company(service: Service) -> None:
    for path, body in (("/teams", EAST), ("/teams", EAST | {"id": "west"}), ("/people", WANG)):
        assert (await service.post(path, body)).status_code == 201


async def test_a_team_is_formed_and_changed(service: Service) -> None:
    made = await service.post("/teams", EAST)
    assert (made.status_code, made.json(), made.headers["etag"]) == (201, {"id": "east"}, '"0"')
    again = await service.post("/teams", EAST)
    assert (again.status_code, again.headers["etag"]) == (201, '"0"')
    problem(await service.post("/teams", EAST | {"name": "Another"}), 409, "id-taken")
    body = {"name": "华东销售一组", "department": "sales", "region": "华东"}
    changed = await service.client.put("/teams/east", json=body)
    assert (changed.status_code, changed.headers["etag"], changed.content) == (204, '"1"', b"")
    problem(await service.client.put("/teams/nowhere", json=body), 404, "not-found")


async def test_an_old_revision_is_told_to_look_again(service: Service) -> None:
    await _company(service)
    body = {"name": "East", "department": "sales"}
    assert (
        await service.client.put("/teams/east", json=body, headers={"If-Match": '"0"'})
    ).status_code == 204
    stale = await service.client.put("/teams/east", json=EAST | {"id": None}, headers={"If-Match": '"0"'})
    problem(stale, 422)  # the id is in the path alone
    later = {"name": "South", "department": "sales"}
    stale = await service.client.put("/teams/east", json=later, headers={"If-Match": '"0"'})
    problem(stale, 412)
    assert stale.headers["etag"] == '"1"'


async def test_the_same_request_twice_makes_one_team(service: Service) -> None:
    body = {"name": "East", "department": "sales"}
    first = await service.post("/teams", body, **{"Idempotency-Key": "k-1"})
    second = await service.post("/teams", body, **{"Idempotency-Key": "k-1"})
    assert first.json() == second.json()
    assert len(await service.store.read(f"team-{first.json()['id']}")) == 1
    other = await service.post("/teams", body | {"name": "West"}, **{"Idempotency-Key": "k-1"})
    problem(other, 422, "idempotency-key-reused")
    without = await service.post("/teams", body)
    assert without.json() != first.json()


async def test_people_join_move_and_leave(service: Service) -> None:
    await _company(service)
    moved = await service.post("/people/wang/move", {"team_id": "west", "on": "2025-03-15"})
    assert (moved.status_code, moved.headers["etag"]) == (204, '"1"')
    await service.caught_up()
    organisation = await service.get("/organisation")
    assert organisation["people"] == [{"id": "wang", "name": "王芳", "team_id": "west", "post": "Sales"}]
    assert organisation["teams"][0] == EAST
    assert organisation["lines"] == []
    left = await service.post("/people/wang/leave", {"on": "2025-04-01"})
    assert left.status_code == 204
    await service.caught_up()
    assert (await service.get("/organisation"))["people"][0]["team_id"] is None
    problem(
        await service.post("/people/wang/move", {"team_id": "east", "on": "2025-05-01"}), 409, "person-left"
    )


async def test_it_lists_what_is_sold_and_a_past_moment_shows_who_was_there_then(service: Service) -> None:
    world = service.world
    world.happened(formed("east", region="华东"), joined("wang", "east", "03-01"))
    world.happened(opened("1", "03-02 10:00", line="机床", product="V8"))
    world.happened(formed("west"), moved("wang", "west", "03-10"), opened("2", "03-11 10:00"))
    now = await service.get("/organisation")
    assert (now["lines"], now["products"]) == (["Atlas", "机床"], ["Atlas 200", "V8"])
    assert (now["people"][0]["team_id"], len(now["teams"])) == ("west", 2)
    then = await service.get("/organisation", as_of="2025-03-09T16:00:00Z")
    assert (then["lines"], then["products"]) == (["机床"], ["V8"])
    assert (then["people"][0]["team_id"], len(then["teams"])) == (
        "east",
        2,
    )  # both teams were formed in January
    nobody = await service.get("/organisation", as_of="2024-12-31T16:00:00Z")
    assert nobody == {"teams": [], "people": [], "lines": [], "products": []}


async def test_a_move_before_the_last_change_is_out_of_order(service: Service) -> None:
    await _company(service)
    move = {"team_id": "west", "on": "2025-01-01"}
    problem(await service.post("/people/wang/move", move), 409, "out-of-order")
    problem(await service.post("/people/wang/leave", {"on": "2025-01-01"}), 409, "out-of-order")


async def test_unknown_teams_and_people_are_refused(service: Service) -> None:
    problem(await service.post("/people", WANG), 409, "unknown-team")
    await _company(service)
    nowhere = {"team_id": "nowhere", "on": "2025-03-15"}
    problem(await service.post("/people/wang/move", nowhere), 409, "unknown-team")
    move = {"team_id": "west", "on": "2025-03-15"}
    problem(await service.post("/people/ghost/move", move), 404, "not-found")
    problem(await service.post("/people/ghost/leave", {"on": "2025-03-15"}), 404, "not-found")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/teams", EAST | {"colour": "red"}),
        ("/teams", EAST | {"id": "a team"}),
        ("/teams", EAST | {"department": "Sales!"}),
        ("/teams", EAST | {"name": " "}),
        ("/teams", EAST | {"region": "a\x00b"}),
        ("/teams", {}),
        ("/people", WANG | {"on": "2025-02-30"}),
        ("/people", WANG | {"team_id": 7}),
    ],
    ids=str,
)
async def test_what_is_wrong_with_a_body_is_said_by_field(
    service: Service, path: str, body: dict[str, Any]
) -> None:
    said = problem(await service.post(path, body), 422, "invalid")
    assert said["errors"][0]["field"]


async def test_a_viewer_may_read_and_not_write(service: Service) -> None:
    assert (await service.client.get("/organisation", headers=VIEWER)).status_code == 200
    for method, path, body in (
        ("POST", "/teams", EAST),
        ("PUT", "/teams/east", {"name": "East", "department": "sales"}),
        ("POST", "/people", WANG),
        ("POST", "/people/wang/move", {"team_id": "west", "on": "2025-03-15"}),
        ("POST", "/people/wang/leave", {"on": "2025-03-15"}),
    ):
        problem(await service.client.request(method, path, json=body, headers=VIEWER), 403)
        problem(await service.client.request(method, path, json=body, headers=NOBODY), 401)
    assert await service.store.head() == -1


async def test_only_an_importer_says_when_it_happened(service: Service) -> None:
    past = EAST | {"occurred_at": "2016-10-01T09:00:00+08:00"}
    problem(await service.post("/teams", past), 403)
    assert (await service.post("/teams", past, **IMPORTER)).status_code == 201
    (event,) = await service.store.read("team-east")
    assert b"2016-10-01T01:00:00Z" in event.data
