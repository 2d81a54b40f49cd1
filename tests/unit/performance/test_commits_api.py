"""Forecast commits over HTTP."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from services.performance import commits_api, organisation_api
from services.performance.commit import COMMIT, commit_id_of
from services.performance.measures.commits import COMMITS
from services.performance.person import PERSON
from services.performance.team import TEAM
from shared.eventstore.decider import Decider
from shared.eventstore.sqlite import SqliteStore
from shared.projections.feed import Feed
from shared.projections.lists import Kept
from shared.projections.runner import Runner
from tests.service_app import serving
from tests.unit.performance.asking import IMPORTER, NOBODY, VIEWER, Service, problem
from tests.unit.performance.world import World

MARCH: Final[dict[str, Any]] = {
    "person_id": "wang",
    "start": "2025-03-01",
    "end": "2025-04-01",
    "commit": {"minor": 800_000_00, "currency": "CNY"},
    "best_case": {"minor": 1_000_000_00, "currency": "CNY"},
    "note": "云帆科技这个月签",
}
APRIL: Final = MARCH | {"start": "2025-04-01", "end": "2025-05-01", "note": None}
MARCH_ID: Final = commit_id_of("wang", start=date(2025, 3, 1), end=date(2025, 4, 1))


@pytest.fixture
async def service(world: World, tmp_path: Path) -> AsyncIterator[Service]:
    world.runner = Runner(world.engine, "performance", (COMMITS,))
    store = SqliteStore(tmp_path / "events.db")
    state = {
        "teams": Decider(store, TEAM),
        "people": Decider(store, PERSON),
        "commits": Decider(store, COMMIT),
        "commit_list": Kept(world.engine, COMMITS),
    }
    async with serving((commits_api.router, organisation_api.router), state, role="manager") as client:
        service = Service(client, world, store, Feed(world.engine))
        await service.post("/teams", {"id": "east", "name": "华东一组", "department": "sales"})
        for person in ("wang", "li"):
            body = {"id": person, "name": person, "team_id": "east", "post": "Sales"}
            assert (await service.post("/people", body)).status_code == 201
        yield service
    await store.close()


async def shown(service: Service, **asked: str) -> list[dict[str, Any]]:
    """The commits of the list, without what their person did not say."""
    await service.caught_up()
    found = await service.get("/commits", **asked)
    return [{k: v for k, v in it.items() if k not in {"id", "given_at"}} for it in found]


async def test_a_commit_is_given_given_anew_and_taken_back(service: Service) -> None:
    made = await service.post("/commits", MARCH)
    assert (made.status_code, made.json(), made.headers["etag"]) == (201, {"id": MARCH_ID}, '"0"')
    assert (await service.post("/commits", MARCH)).headers["etag"] == '"0"'
    less = MARCH | {"commit": {"minor": 600_000_00, "currency": "CNY"}}
    assert (await service.post("/commits", less)).headers["etag"] == '"1"'
    assert await shown(service) == [less]
    assert (await service.post(f"/commits/{MARCH_ID}/withdraw", {})).status_code == 204
    assert (await service.post(f"/commits/{MARCH_ID}/withdraw", {})).headers["etag"] == '"2"'
    assert await shown(service) == []
    await service.post("/commits", MARCH)
    assert await shown(service) == [MARCH]
    problem(await service.post("/commits/nowhere/withdraw", {}), 404, "not-found")


async def test_commits_are_listed_by_person_and_by_the_time_their_period_begins(service: Service) -> None:
    li = MARCH | {"person_id": "li"}
    for body in (APRIL, MARCH, li):
        await service.post("/commits", body)
    assert await shown(service) == [li, MARCH, APRIL]
    assert await shown(service, person="wang") == [MARCH, APRIL]
    assert await shown(service, **{"from": "2025-03-01", "to": "2025-04-01"}) == [li, MARCH]
    assert await shown(service, **{"from": "2025-03-02"}) == [APRIL]
    assert await shown(service, person="nobody") == []
    problem(await service.client.get("/commits", params={"person": "no body"}), 422)
    upside_down = {"from": "2025-04-01", "to": "2025-04-01"}
    problem(await service.client.get("/commits", params=upside_down), 422)


async def test_the_list_says_when_a_commit_was_last_given(service: Service) -> None:
    for day, minor in (("03", 800_000_00), ("10", 700_000_00)):
        body = MARCH | {"commit": {"minor": minor}, "occurred_at": f"2025-03-{day}T09:00:00+08:00"}
        assert (await service.post("/commits", body, **IMPORTER)).status_code == 201
    await service.caught_up()
    [only] = await service.get("/commits")
    assert (only["id"], only["given_at"]) == (MARCH_ID, "2025-03-10T01:00:00Z")


async def test_the_same_key_commits_once_and_an_old_revision_is_stale(service: Service) -> None:
    for _ in range(2):
        made = await service.post("/commits", MARCH, **{"Idempotency-Key": "k"})
        assert made.json() == {"id": MARCH_ID}
    assert len(await service.store.read(f"commit-{MARCH_ID}")) == 1
    problem(await service.post(f"/commits/{MARCH_ID}/withdraw", {}, **{"If-Match": '"7"'}), 412)


@pytest.mark.parametrize(
    ("otherwise", "code"),
    [
        ({"person_id": "ghost"}, "unknown-person"),
        ({"end": "2025-03-01"}, "empty-period"),
        ({"end": "2026-03-03"}, "long-period"),
        ({"best_case": {"minor": 799_999_99}}, "low-best-case"),
        ({"best_case": {"minor": 1_000_000_00, "currency": "USD"}}, "two-currencies"),
    ],
)
async def test_what_cannot_be_meant_is_refused_and_nothing_is_kept(
    service: Service, otherwise: dict[str, Any], code: str
) -> None:
    problem(await service.post("/commits", MARCH | otherwise), 409, code)
    assert await shown(service) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"commit": {"minor": -1}},
        {"commit": {"minor": 1.5}},
        {"best_case": {"minor": 10**15 + 1}},
        {"best_case": 100},
        {"start": "soon"},
        {"note": "a\x00b"},
        {"note": " "},
        {"unknown": 1},
        {"id": "mine"},
    ],
    ids=str,
)
async def test_a_wrong_body_is_refused_by_field(service: Service, wrong: dict[str, Any]) -> None:
    assert problem(await service.post("/commits", MARCH | wrong), 422, "invalid")["errors"]


async def test_a_viewer_may_read_and_not_write(service: Service) -> None:
    assert (await service.client.get("/commits", headers=VIEWER)).status_code == 200
    problem(await service.client.get("/commits", headers=NOBODY), 401)
    problem(await service.post("/commits", MARCH, **VIEWER), 403)
    problem(await service.post(f"/commits/{MARCH_ID}/withdraw", {}, **VIEWER), 403)
    problem(await service.post("/commits", MARCH | {"occurred_at": "2020-01-01T00:00:00Z"}), 403)
