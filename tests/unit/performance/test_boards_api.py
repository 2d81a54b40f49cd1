"""The boards over HTTP: what they answer, in which form, and what they refuse."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.performance.kpis import KPIS
from tests.unit.performance.asking import NOBODY, VIEWER, Service, problem
from tests.unit.performance.world import ZONE, World, formed, joined, lost, money, opened, won

MARCH = {"from": "2025-03-01", "to": "2025-04-01"}
BOARDS = ("/kpis", "/funnel", "/leaderboard", "/handoffs")


def _kpi(board: Any, name: str) -> Any:
    (kpi,) = [kpi for kpi in board["kpis"] if kpi["name"] == name]
    return kpi


def _two_won_one_lost(world: World) -> None:
    world.happened(opened("1", "03-02 10:00"), won("1", "03-10 10:00", amount=money(1000)))
    world.happened(opened("2", "03-02 10:00"), won("2", "03-12 10:00", amount=money(250)))
    world.happened(opened("3", "03-02 10:00", amount=money(500)), lost("3", "03-12 10:00"))


async def test_kpis_answer_every_kpi_in_its_unit(service: Service) -> None:
    _two_won_one_lost(service.world)
    board = await service.get("/kpis", **MARCH)
    assert {name: board[name] for name in ("from", "to")} == MARCH
    assert datetime.fromisoformat(board["as_of"]).tzinfo is not None
    assert [kpi["name"] for kpi in board["kpis"]] == [kpi.name for kpi in KPIS]
    units = {kpi["unit"] for kpi in board["kpis"]}
    assert units == {"count", "ratio", "CNY", "minutes", "days"}
    assert _kpi(board, "won_amount") == {
        "name": "won_amount",
        "label": "Won amount",
        "unit": "CNY",
        "currency": "CNY",
        "value": 1250,
        "numerator": 1250,
        "denominator": None,
    }
    assert _kpi(board, "win_rate") == {
        "name": "win_rate",
        "label": "Win rate (count)",
        "unit": "ratio",
        "currency": None,
        "value": 0.666667,
        "numerator": 2,
        "denominator": 3,
    }
    assert _kpi(board, "qualified_rate")["value"] is None
    assert _kpi(board, "cycle_median") | {"label": ""} == {
        "name": "cycle_median",
        "label": "",
        "unit": "days",
        "currency": None,
        "value": 9,
        "numerator": None,
        "denominator": 2,
    }


async def test_two_currencies_are_two_values_of_one_kpi(service: Service) -> None:
    _two_won_one_lost(service.world)
    service.world.happened(opened("4", "03-02 10:00"), won("4", "03-05 10:00", amount=money(8, "USD")))
    board = await service.get("/kpis", **MARCH)
    found = [(kpi["unit"], kpi["value"]) for kpi in board["kpis"] if kpi["name"] == "won_amount"]
    assert found == [("CNY", 1250), ("USD", 8)]


async def test_labels_come_in_chinese_when_asked(service: Service) -> None:
    assert _kpi(await service.get("/kpis", lang="zh"), "won_amount")["label"] == "赢单金额"
    assert (await service.get("/funnel", lang="zh"))["stages"][3]["label"] == "商务谈判"
    assert (await service.get("/leaderboard", lang="zh"))["label"] == "赢单金额"
    problem(await service.client.get("/kpis", params={"lang": "fr"}), 422, "invalid")


async def test_without_a_period_it_is_the_current_month_in_shanghai(service: Service) -> None:
    board = await service.get("/kpis")
    first = datetime.fromisoformat(board["as_of"]).astimezone(ZONE).date().replace(day=1)
    next_month = (first + timedelta(days=32)).replace(day=1)
    assert (board["from"], board["to"]) == (first.isoformat(), next_month.isoformat())


async def test_half_a_period_is_filled_up_to_a_month(service: Service) -> None:
    later = await service.get("/kpis", **{"from": "2024-02-10"})
    assert (later["from"], later["to"]) == ("2024-02-10", "2024-03-01")
    before = await service.get("/kpis", to="2025-01-01")
    assert (before["from"], before["to"]) == ("2024-12-01", "2025-01-01")


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize(
    "wrong",
    [
        {"from": "yesterday"},
        {"from": "2025-02-30"},
        {"from": "0001-01-01"},
        {"to": "9999-12-31"},
        {"from": "2025-03-02", "to": "2025-03-02"},
        {"from": "2025-03-02", "to": "2025-03-01"},
        {"line": "a\x00b"},
        {"region": "x" * 81},
        {"team": "a team"},
        {"person": "../wang"},
        {"lang": "latin"},
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused(service: Service, board: str, wrong: dict[str, str]) -> None:
    problem(await service.client.get(board, params=wrong), 422)


@pytest.mark.parametrize("wrong", [{"kpi": "luck"}, {"by": "planet"}], ids=str)
async def test_a_leaderboard_of_something_unknown_is_refused(service: Service, wrong: dict[str, str]) -> None:
    problem(await service.client.get("/leaderboard", params=wrong), 422)


@pytest.mark.parametrize("board", BOARDS)
async def test_a_viewer_may_look_and_nobody_else_may_without_a_token(service: Service, board: str) -> None:
    assert (await service.client.get(board, headers=VIEWER)).status_code == 200
    refused = await service.client.get(board, headers=NOBODY)
    problem(refused, 401)
    assert refused.headers["www-authenticate"] == "Bearer"
    problem(await service.client.get(board, headers={"Authorization": "Bearer forged"}), 401)
    problem(await service.client.get(board, params={"token": "x"}, headers=NOBODY), 401)


async def test_filters_reach_the_numbers(service: Service) -> None:
    world = service.world
    world.happened(
        formed("east"), formed("west", region="West"), joined("wang", "east"), joined("li", "west")
    )
    _two_won_one_lost(world)
    world.happened(opened("9", "03-02 10:00", owner="li", line="Vega"), won("9", "03-12 10:00"))
    asked = [{"person": "li"}, {"team": "west"}, {"region": "West"}, {"line": "Vega"}]
    boards = [await service.get("/kpis", **MARCH, **filters) for filters in asked]
    assert [_kpi(board, "won_amount")["value"] for board in boards] == [100] * 4
    assert _kpi(await service.get("/kpis", **MARCH), "won_amount")["value"] == 1350


async def test_a_leaderboard_of_people_and_of_teams(service: Service) -> None:
    service.world.happened(formed("east"), joined("wang", "east"))
    _two_won_one_lost(service.world)
    board = await service.get("/leaderboard", **MARCH)
    assert board["by"] == "person"
    assert board["kpi"] == "won_amount"
    row = {"rank": 1, "id": "wang", "name": "Wang", "value": 1250, "unit": "CNY", "currency": "CNY"}
    assert board["rows"] == [row]
    teams = await service.get("/leaderboard", **MARCH, by="team", kpi="win_rate")
    row = {"rank": 1, "id": "east", "name": "East", "value": 0.666667, "unit": "ratio", "currency": None}
    assert teams["rows"] == [row]


async def test_a_day_is_a_period_too(service: Service) -> None:
    _two_won_one_lost(service.world)
    day = date(2025, 3, 10)
    board = await service.get("/kpis", **{"from": day.isoformat(), "to": (day + timedelta(1)).isoformat()})
    assert _kpi(board, "won_amount")["value"] == 1000
