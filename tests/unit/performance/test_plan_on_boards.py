"""A plan on the boards: attainment at every level, of a person's own days, under any version."""

from typing import Any, Final

import pytest

from tests.unit.performance.asking import Service
from tests.unit.performance.world import money, opened, won

SPRING: Final = {"from": "2025-03-01", "to": "2025-04-01"}
PLAN: Final[dict[str, Any]] = {
    "id": "p2025",
    "title": "三月目标",
    "start": "2025-03-01",
    "end": "2025-04-01",
    "levels": {"floor": 2_480_00, "target": 3_100_00, "stretch": 6_200_00, "currency": "CNY"},
}


@pytest.fixture
async def planned(service: Service) -> Service:
    """3,100 yuan for March: 2,480 for the east, where Wang and Li have half each, and 620 for the west."""
    for team, department in (("east", "key-accounts"), ("west", "smb")):
        await _done(service, "/teams", {"id": team, "name": team, "department": department, "region": "华东"})
    for person, team, day in (
        ("wang", "east", "2025-01-02"),
        ("li", "east", "2025-03-17"),
        ("zhou", "west", "2025-01-02"),
    ):
        body = {"id": person, "name": person, "team_id": team, "post": "Sales", "on": day}
        await _done(service, "/people", body)
    await _done(service, "/plans", PLAN)
    await _split(service, "root", "team", east=4, west=1)
    await _split(service, "root/team:east", "person", wang=1, li=1)
    for n, owner in enumerate(("wang", "li", "zhou")):
        service.world.happened(
            opened(f"{n}", "03-02 10:00", owner=owner), won(f"{n}", "03-20 10:00", amount=money(620))
        )
    await service.caught_up()
    return service


async def _done(service: Service, path: str, body: dict[str, Any]) -> None:
    answer = await service.post(path, body)
    assert answer.status_code < 300, answer.text


async def _split(service: Service, node: str, by: str, **weights: int) -> None:
    parts = [{"key": key, "weight": weight} for key, weight in weights.items()]
    await _done(service, "/plans/p2025/split", {"node": node, "by": by, "parts": parts})


async def _kpi(service: Service, name: str, **asked: str) -> tuple[Any, Any, Any]:
    answer = await service.get("/kpis", kpi=name, **SPRING, **asked)
    (row,) = answer["kpis"]
    return row["value"], row["numerator"], row["denominator"]


async def test_attainment_is_of_the_plan_at_every_level_of_the_tree(planned: Service) -> None:
    assert await _kpi(planned, "attainment") == (0.6, 1860, 3100)
    assert await _kpi(planned, "attainment", team="east") == (0.5, 1240, 2480)
    assert await _kpi(planned, "attainment", team="west") == (1, 620, 620)
    assert await _kpi(planned, "attainment", person="wang") == (0.5, 620, 1240)
    assert await _kpi(planned, "attainment_floor") == (0.75, 1860, 2480)
    assert await _kpi(planned, "attainment_stretch") == (0.3, 1860, 6200)


async def test_somebody_who_joined_in_the_middle_is_asked_for_their_own_days(planned: Service) -> None:
    """Li's first day was the 17th: 15 of 31 days of 1,240 yuan."""
    assert await _kpi(planned, "attainment", person="li") == (pytest.approx(620 / 600, abs=1e-6), 620, 600)
    board = await planned.get("/leaderboard", kpi="attainment", **SPRING)
    assert [(row["id"], row["value"]) for row in board["rows"]] == [
        ("li", pytest.approx(1.033333)),
        ("wang", 0.5),
    ]


async def test_a_re_split_is_a_version_and_attainment_can_be_asked_under_either(planned: Service) -> None:
    await _split(planned, "root", "team", east=1, west=1)
    await planned.caught_up()
    assert await _kpi(planned, "attainment", team="east") == (0.8, 1240, 1550)
    assert await _kpi(planned, "attainment", team="east", plan_version="2") == (0.8, 1240, 1550)
    assert await _kpi(planned, "attainment", team="east", plan_version="1") == (0.5, 1240, 2480)
    assert await _kpi(planned, "attainment", plan_version="1") == (0.6, 1860, 3100)
    assert await _kpi(planned, "attainment", plan_version="9") == (None, 1860, 0)


async def test_a_plan_can_be_split_in_the_shape_of_last_year(planned: Service) -> None:
    """In March 2025 the east won twice what the west did: so it gets two thirds of March 2026."""
    march = PLAN | {"id": "p2026", "start": "2026-03-01", "end": "2026-04-01"}
    await _done(planned, "/plans", march)
    parts = [{"key": "east"}, {"key": "west"}]
    body = {"node": "root", "by": "team", "basis": "last-year", "parts": parts}
    await _done(planned, "/plans/p2026/split", body)
    tree = await planned.get("/plans/p2026")
    root = tree["tree"]
    told = {node["key"]: node["levels"]["target"] for node in (root, *root["children"])}
    assert told == {"root": 310_000, "root/team:east": 206_667, "root/team:west": 103_333}
