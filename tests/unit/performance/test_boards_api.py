"""What all boards have in common over HTTP: their period, their filters, who may look, what they refuse."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.unit.performance.asking import NOBODY, VIEWER, Service, problem
from tests.unit.performance.world import ZONE, formed, joined, opened, won

MARCH = {"from": "2025-03-01", "to": "2025-04-01"}
BOARDS = (
    "/kpis",
    "/kpis/history",
    "/explain?kpi=won_amount",
    "/funnel",
    "/leaderboard",
    "/handoffs",
    "/ageing",
)


async def _won_amount(service: Service, **asked: str) -> Any:
    board = await service.get("/kpis", **asked, kpi="won_amount")
    (kpi,) = board["kpis"]
    return kpi["value"]


def _address(board: str, **asked: str) -> str:
    return f"{board}{'&' if '?' in board else '?'}{urlencode(asked)}"


async def test_a_board_says_what_it_is_about(service: Service) -> None:
    board = await service.get("/kpis", **MARCH)
    assert {name: board[name] for name in ("from", "to", "freshness", "conversion")} == {
        **MARCH,
        "freshness": [],
        "conversion": None,
    }
    assert datetime.now(UTC) - datetime.fromisoformat(board["as_of"]) < timedelta(minutes=1)


async def test_without_a_period_it_is_the_current_month_in_shanghai(service: Service) -> None:
    board = await service.get("/kpis")
    first = datetime.fromisoformat(board["as_of"]).astimezone(ZONE).date().replace(day=1)
    next_month = (first + timedelta(days=32)).replace(day=1)
    assert (board["from"], board["to"]) == (first.isoformat(), next_month.isoformat())


async def test_looking_back_without_a_period_is_the_month_of_then(service: Service) -> None:
    board = await service.get("/kpis", as_of="2025-02-28T16:00:00Z")  # midnight of 1 March in Shanghai
    assert (board["from"], board["to"]) == ("2025-03-01", "2025-04-01")
    assert board["as_of"] == "2025-02-28T16:00:00Z"


async def test_half_a_period_is_filled_up_to_a_month(service: Service) -> None:
    later = await service.get("/kpis", **{"from": "2024-02-10"})
    assert (later["from"], later["to"]) == ("2024-02-10", "2024-03-01")
    before = await service.get("/kpis", to="2025-01-01")
    assert (before["from"], before["to"]) == ("2024-12-01", "2025-01-01")


async def test_a_day_is_a_period_too(service: Service) -> None:
    service.world.happened(opened("1", "03-02 10:00"), won("1", "03-10 10:00"))
    day = date(2025, 3, 10)
    assert await _won_amount(service, **{"from": f"{day}", "to": f"{day + timedelta(days=1)}"}) == 100
    assert await _won_amount(service, **{"from": f"{day + timedelta(days=1)}", "to": "2025-04-01"}) == 0


async def test_filters_reach_the_numbers(service: Service) -> None:
    world = service.world
    world.happened(
        formed("east"), formed("west", region="西区"), joined("wang", "east"), joined("li", "west")
    )
    world.happened(opened("1", "03-02 10:00"), won("1", "03-10 10:00"))
    vega = opened("2", "03-02 10:00", owner="li", line="织女", product="Vega 1")
    world.happened(vega, won("2", "03-12 10:00"))
    asked = ({"person": "li"}, {"team": "west"}, {"region": "西区"}, {"line": "织女"}, {"product": "Vega 1"})
    assert [await _won_amount(service, **MARCH, **filters) for filters in asked] == [100] * 5
    assert await _won_amount(service, **MARCH) == 200
    assert await _won_amount(service, **MARCH, department="sales") == 200
    assert await _won_amount(service, **MARCH, team="east", line="织女") == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": "yesterday"},
        {"from": "2025-02-30"},
        {"from": "0001-01-01"},
        {"to": "9999-12-31"},
        {"from": "2025-03-02", "to": "2025-03-02"},
        {"from": "2025-03-02", "to": "2025-03-01"},
        {"as_of": "2199-01-01T00:00:00Z"},
        {"as_of": "2025-03-01T00:00:00"},
        {"line": "a\x00b"},
        {"product": " "},
        {"region": "x" * 81},
        {"team": "a team"},
        {"department": "Sales!"},
        {"person": "../wang"},
        {"currency": "yuan"},
        {"plan_version": "0"},
        {"lang": "latin"},
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused(service: Service, wrong: dict[str, str]) -> None:
    for board in BOARDS:
        problem(await service.client.get(_address(board, **wrong)), 422)


async def test_a_viewer_may_look_and_nobody_else_may_without_a_token(service: Service) -> None:
    for board in (*BOARDS, "/kpis/definitions", "/explain.csv?kpi=won_amount"):
        assert (await service.client.get(board, headers=VIEWER)).status_code == 200
        refused = await service.client.get(board, headers=NOBODY)
        problem(refused, 401)
        assert refused.headers["www-authenticate"] == "Bearer"
        problem(await service.client.get(board, headers={"Authorization": "Bearer forged"}), 401)
        problem(await service.client.get(_address(board, token="x"), headers=NOBODY), 401)  # noqa: S106


async def test_labels_come_in_chinese_when_asked(service: Service) -> None:
    kpis = await service.get("/kpis", lang="zh", kpi="won_amount")
    assert kpis["kpis"][0]["label"] == "赢单金额"
    assert (await service.get("/funnel", lang="zh"))["stages"][3]["label"] == "商务谈判"
    assert (await service.get("/leaderboard", lang="zh"))["label"] == "赢单金额"
