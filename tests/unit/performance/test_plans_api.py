"""Plans over HTTP."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from services.performance import organisation_api, plans_api
from services.performance.measures.people import PEOPLE, TEAMS
from services.performance.measures.plans import PLANS
from services.performance.person import PERSON
from services.performance.plan import PLAN
from services.performance.plan_tree import Scope
from services.performance.team import TEAM
from shared.eventstore.decider import Decider
from shared.eventstore.sqlite import SqliteStore
from shared.projections.feed import Feed
from shared.projections.lists import Kept
from shared.projections.runner import Runner
from tests.service_app import bearer, serving
from tests.unit.performance.asking import NOBODY, VIEWER, Service, problem
from tests.unit.performance.world import World

YEAR: Final[dict[str, Any]] = {
    "id": "p2026",
    "title": "2026 年度目标",
    "start": "2026-01-01",
    "end": "2027-01-01",
    "levels": {"floor": 80_000, "target": 100_000, "stretch": 120_000, "currency": "CNY"},
}
TEAMS_3_1: Final = {
    "by": "team",
    "parts": [{"key": "east", "weight": 3}, {"key": "west", "weight": 1}],
}
WON: Final = (
    (date(2025, 2, 3), "east", 500_00),
    (date(2025, 5, 6), "east", 100_00),
    (date(2025, 5, 7), "west", 300_00),
    (date(2024, 5, 7), "west", 900_00),
)
"""Day, team and price of what was won."""


def won(start: date, end: date, children: Sequence[Scope], *, currency: str) -> list[int]:
    assert all(start <= child.start <= child.end <= end for child in children)
    return [
        sum(
            price
            for day, team, price in WON
            if child.start <= day < child.end and child.team in {None, team} and currency == "CNY"
        )
        for child in children
    ]


@pytest.fixture
async def service(world: World, tmp_path: Path) -> AsyncIterator[Service]:
    world.runner = Runner(world.engine, "performance", (PEOPLE, TEAMS, PLANS))
    store = SqliteStore(tmp_path / "events.db")
    state = {
        "store": store,
        "teams": Decider(store, TEAM),
        "people": Decider(store, PERSON),
        "plans": Decider(store, PLAN),
        "plan_list": Kept(world.engine, PLANS),
        "plan_shape": won,
    }
    async with serving((plans_api.router, organisation_api.router), state, role="manager") as client:
        service = Service(client, world, store, Feed(world.engine))
        for team, department in (("east", "key-accounts"), ("west", "smb")):
            await service.post("/teams", {"id": team, "name": team, "department": department})
        await service.post("/people", {"id": "wang", "name": "王芳", "team_id": "east", "post": "Sales"})
        yield service
    await store.close()


async def split(service: Service, body: dict[str, Any], *, version: int | None = None) -> None:
    answer = await service.post("/plans/p2026/split", body)
    assert answer.status_code == 204, answer.text
    if version is not None:
        assert (await service.get("/plans/p2026"))["versions"] == version


def every(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from every(child)


def targets(plan: dict[str, Any]) -> dict[str, int]:
    return {node["key"]: node["levels"]["target"] for node in every(plan["tree"])}


async def test_a_plan_is_drawn_split_to_people_and_shown_as_a_tree(service: Service) -> None:
    made = await service.post("/plans", YEAR)
    assert (made.status_code, made.json(), made.headers["etag"]) == (201, {"id": "p2026"}, '"0"')
    assert (await service.post("/plans", YEAR)).headers["etag"] == '"0"'
    await split(service, {"by": "period"})
    await split(service, TEAMS_3_1 | {"node": "root/2026-Q2"})
    await split(
        service,
        {"node": "root/2026-Q2/team:east", "by": "person", "parts": [{"key": "wang", "weight": 1}]},
        version=1,
    )
    answer = await service.client.get("/plans/p2026")
    plan = answer.json()
    assert answer.headers["etag"] == '"3"'
    assert plan["tree"]["scope"]["kind"] == "year"
    assert {key: plan[key] for key in ("id", "title", "state", "version", "versions")} == {
        "id": "p2026",
        "title": "2026 年度目标",
        "state": "standing",
        "version": 1,
        "versions": 1,
    }
    # 100000 by 90 : 91 : 92 : 92 days
    assert targets(plan) == {
        "root": 100_000,
        "root/2026-Q1": 24_658,
        "root/2026-Q2": 24_932,
        "root/2026-Q2/team:east": 18_699,
        "root/2026-Q2/team:east/person:wang": 18_699,
        "root/2026-Q2/team:west": 6_233,
        "root/2026-Q3": 25_205,
        "root/2026-Q4": 25_205,
    }
    assert all(node["sums"] for node in every(plan["tree"]))
    wang = next(node for node in every(plan["tree"]) if node["scope"]["person"])
    assert wang["scope"] == {
        "start": "2026-04-01",
        "end": "2026-07-01",
        "kind": "quarter",
        "department": None,
        "team": "east",
        "person": "wang",
        "line": None,
        "region": None,
    }


async def test_one_node_of_the_tree_is_asked_for_by_its_key(service: Service) -> None:
    await service.post("/plans", YEAR)
    await split(service, {"by": "region", "parts": [{"key": "华东/华北", "weight": 1}]})
    key = "root/region:华东~2f华北"
    plan = await service.get("/plans/p2026", node=key)
    assert targets(plan) == {key: 100_000}
    assert plan["tree"]["scope"]["region"] == "华东/华北"
    problem(await service.client.get("/plans/p2026", params={"node": "root/line:Atlas"}), 404, "not-found")
    problem(await service.client.get("/plans/p2026", params={"node": "trunk"}), 422, "invalid")


async def test_departments_are_planned_by_their_ids_under_a_chinese_title(service: Service) -> None:
    names = {"大客户部": "key-accounts", "中小客户部": "smb"}
    await service.post("/plans", YEAR | {"title": "、".join(names)})
    weights = [{"key": department, "weight": n} for n, department in enumerate(names.values(), start=1)]
    await split(service, {"by": "department", "parts": weights})
    plan = await service.get("/plans/p2026")
    assert plan["title"] == "大客户部、中小客户部"
    assert targets(plan) == {
        "root": 100_000,
        "root/department:key-accounts": 33_333,
        "root/department:smb": 66_667,
    }
    named = {"by": "department", "parts": [{"key": name, "weight": 1} for name in names]}
    problem(await service.post("/plans/p2026/split", named), 422, "invalid")


async def test_a_plan_split_anew_has_versions_that_say_what_changed(service: Service) -> None:
    await service.post("/plans", YEAR)
    await split(service, TEAMS_3_1, version=1)
    await split(service, {"node": "root/team:west", "by": "period"}, version=1)
    await split(service, TEAMS_3_1, version=1)
    even = [{"key": "east", "weight": 1}, {"key": "west", "weight": 1}]
    manager = bearer("manager", person="p-chen")
    assert (await service.post("/plans/p2026/split", TEAMS_3_1 | {"parts": even}, **manager)).is_success
    assert targets(await service.get("/plans/p2026")) == {
        "root": 100_000,
        "root/team:east": 50_000,
        "root/team:west": 50_000,
    }
    first = await service.get("/plans/p2026", version="1")
    assert (first["version"], first["versions"]) == (1, 2)
    # 25000 by 90 of 365 days is 6164.38; two units are left, and only Q2 (6232.88) has the larger remainder
    assert targets(first)["root/team:west/2026-Q1"] == 6_165
    problem(await service.client.get("/plans/p2026", params={"version": 3}), 404, "not-found")
    problem(await service.client.get("/plans/p2026", params={"version": 0}), 422, "invalid")

    one, two = await service.get("/plans/p2026/versions")
    assert [(it["version"], it["stands"]) for it in (one, two)] == [(1, False), (2, True)]
    assert [(it["node"], it["by"]) for it in one["changes"]] == [
        ("root", None),
        ("root", "team"),
        ("root/team:west", "period"),
    ]
    (change,) = two["changes"]
    assert (change["actor"], change["basis"], change["gone"]) == ("p-chen", "weights", ["root/team:west"])
    assert [(part["key"], part["weight"], part["levels"]["target"]) for part in change["before"]] == [
        ("root/team:east", 3, 75_000),
        ("root/team:west", 1, 25_000),
    ]
    assert [part["levels"]["target"] for part in change["after"]] == [50_000, 50_000]


async def test_last_year_s_results_are_weights(service: Service) -> None:
    await service.post("/plans", YEAR)
    await split(service, {"by": "period", "basis": "last-year"})
    q2 = {"node": "root/2026-Q2", "by": "team", "basis": "last-year"}
    await split(service, q2 | {"parts": [{"key": "east"}, {"key": "west"}]})
    plan = await service.get("/plans/p2026")
    assert targets(plan) == {
        "root": 100_000,  # 500 : 400 : 0 : 0 were won in the quarters of 2025
        "root/2026-Q1": 55_556,
        "root/2026-Q2": 44_444,
        "root/2026-Q2/team:east": 11_111,  # 100 : 300
        "root/2026-Q2/team:west": 33_333,
        "root/2026-Q3": 0,
        "root/2026-Q4": 0,
    }
    assert [node["weight"] for node in every(plan["tree"])][:3] == [0, 500_00, 400_00]
    nobody = {"node": "root/2026-Q3", "by": "team", "basis": "last-year", "parts": [{"key": "east"}]}
    problem(await service.post("/plans/p2026/split", nobody), 409, "no-weights")


async def test_plans_are_listed_newest_first(service: Service) -> None:
    for number in range(3):
        body = YEAR | {"id": f"p{number}", "title": None, "line": "工业网关"}
        assert (await service.post("/plans", body)).status_code == 201
    await service.post("/plans/p1/withdraw", {})
    await service.caught_up()
    page = await service.get("/plans", limit="2")
    assert [(it["id"], it["state"]) for it in page["items"]] == [("p2", "standing"), ("p1", "withdrawn")]
    assert page["items"][0]["scope"]["line"] == "工业网关"
    assert page["items"][0]["levels"] == YEAR["levels"]
    rest = await service.get("/plans", cursor=page["next"])
    assert ([it["id"] for it in rest["items"]], rest["next"]) == (["p0"], None)
    standing = await service.get("/plans", state="standing")
    assert [it["id"] for it in standing["items"]] == ["p2", "p0"]


async def test_a_withdrawn_plan_is_shown_and_not_split(service: Service) -> None:
    await service.post("/plans", YEAR)
    assert (await service.post("/plans/p2026/withdraw", {})).status_code == 204
    assert (await service.post("/plans/p2026/withdraw", {})).headers["etag"] == '"1"'
    assert (await service.get("/plans/p2026"))["state"] == "withdrawn"
    assert len(await service.get("/plans/p2026/versions")) == 1
    problem(await service.post("/plans/p2026/split", TEAMS_3_1), 409, "plan-withdrawn")
    last_year = {"by": "period", "basis": "last-year"}
    problem(await service.post("/plans/p2026/split", last_year), 409, "plan-withdrawn")
    problem(await service.post("/plans", YEAR), 409, "plan-withdrawn")


async def test_who_or_what_is_not_known_is_refused(service: Service) -> None:
    problem(await service.post("/plans", YEAR | {"team": "ghosts"}), 409, "unknown-team")
    problem(await service.post("/plans", YEAR | {"person": "ghost"}), 409, "unknown-person")
    problem(await service.post("/plans/p2026/split", TEAMS_3_1), 404, "not-found")
    problem(await service.client.get("/plans/p2026"), 404, "not-found")
    problem(await service.client.get("/plans/p2026/versions"), 404, "not-found")
    problem(await service.post("/plans/p2026/withdraw", {}), 404, "not-found")
    await service.post("/plans", YEAR)
    for by, code in (("team", "unknown-team"), ("person", "unknown-person")):
        ghost = {"by": by, "parts": [{"key": "ghost", "weight": 1}]}
        problem(await service.post("/plans/p2026/split", ghost), 409, code)
    problem(await service.post("/plans/p2026/split", TEAMS_3_1 | {"node": "root/x"}), 409, "unknown-node")
    assert len(await service.store.read("plan-p2026")) == 1


async def test_the_same_key_draws_one_plan_and_splits_it_once(service: Service) -> None:
    body = {name: value for name, value in YEAR.items() if name != "id"}
    first, second = [await service.post("/plans", body, **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert first.json() == second.json()
    way = f"/plans/{first.json()['id']}/split"
    problem(await service.post(way, {"by": "period"}, **{"If-Match": '"7"'}), 412)
    for _ in range(2):
        assert (await service.post(way, {"by": "period"}, **{"Idempotency-Key": "s"})).is_success
    assert len(await service.store.read(f"plan-{first.json()['id']}")) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"levels": YEAR["levels"] | {"floor": -1}},
        {"levels": YEAR["levels"] | {"target": 1.5}},
        {"levels": YEAR["levels"] | {"currency": "yuan"}},
        {"levels": 100},
        {"start": "soon"},
        {"department": "大客户部"},
        {"line": "a\x00b"},
        {"unknown": 1},
    ],
    ids=str,
)
async def test_a_wrong_plan_is_refused_by_field(service: Service, wrong: dict[str, Any]) -> None:
    assert problem(await service.post("/plans", YEAR | wrong), 422, "invalid")["errors"]


async def test_levels_out_of_order_and_no_days_are_refused(service: Service) -> None:
    crossed = {"levels": YEAR["levels"] | {"floor": 100_001}}
    problem(await service.post("/plans", YEAR | crossed), 409, "levels")
    problem(await service.post("/plans", YEAR | {"end": "2026-01-01"}), 409, "empty-period")
    problem(await service.post("/plans", YEAR | {"end": "2027-01-03"}), 409, "long-period")


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": "channel"},
        {"by": "team", "parts": [{"weight": 1}]},
        {"by": "team", "parts": [{"key": "no body", "weight": 1}]},
        {"by": "team", "parts": [{"key": "east", "weight": -1}]},
        {"by": "team", "parts": [{"key": "east", "weight": "1"}]},
        {"by": "team", "parts": [{"start": "2026-01-01", "end": "2026-04-01", "weight": 1}]},
        {"by": "period", "parts": [{"start": "2026-01-01", "weight": 1}]},
        {"by": "period", "parts": [{"key": "2026-Q1", "start": "2026-01-01", "weight": 1}]},
        {"by": "period", "parts": [{"key": "2026-Q1", "start": "2026-01-01", "end": "2026-04-01"}]},
        {"by": "team", "basis": "last-year", "parts": [{"key": "east", "weight": 1}]},
        {"by": "period", "basis": "tea leaves"},
        {"by": "period", "node": "root/a b"},
    ],
    ids=str,
)
async def test_a_wrong_split_is_refused_by_field(service: Service, wrong: dict[str, Any]) -> None:
    await service.post("/plans", YEAR)
    assert problem(await service.post("/plans/p2026/split", wrong), 422, "invalid")["errors"]


async def test_a_split_that_breaks_a_rule_changes_nothing(service: Service) -> None:
    await service.post("/plans", YEAR)
    for parts, code in (
        ([], "no-parts"),
        ([{"key": "east", "weight": 0}], "no-weights"),
        ([{"key": "east"}], "no-weights"),
        ([{"key": "east", "weight": 1}, {"key": "east", "weight": 1}], "part-twice"),
    ):
        problem(await service.post("/plans/p2026/split", {"by": "team", "parts": parts}), 409, code)
    assert len(await service.store.read("plan-p2026")) == 1


async def test_a_viewer_may_look_and_not_plan(service: Service) -> None:
    await service.post("/plans", YEAR)
    for path in ("/plans", "/plans/p2026", "/plans/p2026/versions"):
        assert (await service.client.get(path, headers=VIEWER)).status_code == 200
        problem(await service.client.get(path, headers=NOBODY), 401)
    problem(await service.post("/plans", YEAR, **VIEWER), 403)
    problem(await service.post("/plans/p2026/split", TEAMS_3_1, **VIEWER), 403)
    problem(await service.post("/plans/p2026/withdraw", {}, **VIEWER), 403)
