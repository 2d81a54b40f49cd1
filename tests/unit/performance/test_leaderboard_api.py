"""The leaderboard over HTTP: who is first by person, team, department, region, line and product."""

from typing import Any

import pytest

from shared.events.examples.cast import at
from shared.events.organisation import TeamFormed
from tests.unit.performance.asking import Service, problem
from tests.unit.performance.happenings import filed
from tests.unit.performance.test_rate import usd
from tests.unit.performance.world import World, formed, joined, money, opened, target, won

MARCH = {"from": "2025-03-01", "to": "2025-04-01"}


def _company(world: World) -> None:
    """Wang and Li of the East sold 300 each, Chen of the West 100, all of them twice; Zhao sells nothing."""
    world.happened(formed("east", region="华东"), formed("west", region="西区"))
    service = TeamFormed(team_id="hotline", occurred_at=at("01-02 09:00"), name="热线", department="service")
    world.happened(service, joined("wang", "east"), joined("li", "east"), joined("chen", "west"))
    world.happened(joined("zhao", "hotline"))
    for owner, amount, line in (("wang", 150, "Atlas"), ("li", 150, "Vega"), ("chen", 50, "Vega")):
        for n in (1, 2):
            key = f"{owner}-{n}"
            sold = opened(key, "03-02 10:00", owner=owner, line=line, product=f"{line} {n}")
            world.happened(sold, won(key, "03-05 10:00", amount=money(amount)))


async def _ranked(service: Service, by: str, **asked: str) -> Any:
    board = await service.get("/leaderboard", **MARCH, by=by, **asked)
    assert board["by"] == by
    return [(row["rank"], row["id"], row["value"]) for row in board["rows"]]


async def test_it_says_what_it_ranks_and_in_what(service: Service) -> None:
    _company(service.world)
    board = await service.get("/leaderboard", **MARCH)
    assert {name: board[name] for name in ("by", "kpi", "label", "note", "from", "to")} == {
        "by": "person",
        "kpi": "won_amount",
        "label": "Won amount",
        "note": None,
        **MARCH,
    }
    row = {"rank": 1, "id": "li", "name": "Li", "value": 300, "unit": "CNY", "currency": "CNY"}
    assert board["rows"][0] == row


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("person", [(1, "li", 300), (1, "wang", 300), (3, "chen", 100)]),
        ("team", [(1, "east", 600), (2, "west", 100), (3, "hotline", 0)]),
        ("department", [(1, "sales", 700), (2, "service", 0)]),
        ("region", [(1, "华东", 600), (2, "西区", 100)]),
        ("line", [(1, "Vega", 400), (2, "Atlas", 300)]),
        ("product", [(1, "Vega 1", 200), (1, "Vega 2", 200), (3, "Atlas 1", 150), (3, "Atlas 2", 150)]),
    ],
)
async def test_equals_share_a_rank_whatever_is_ranked(service: Service, by: str, rows: list[Any]) -> None:
    _company(service.world)
    assert await _ranked(service, by) == rows


async def test_who_has_something_has_a_place_and_who_has_nothing_has_none_among_people(
    service: Service,
) -> None:
    _company(service.world)
    service.world.happened(opened("lost-again", "03-06 10:00", owner="zhao"))
    assert ("zhao", 100) in {row[1:] for row in await _ranked(service, "person", kpi="open_pipeline")}
    assert "zhao" not in {row[1] for row in await _ranked(service, "person")}


async def test_a_filter_leaves_what_it_asks_for_whatever_is_ranked(service: Service) -> None:
    _company(service.world)
    assert await _ranked(service, "team", team="west") == [(1, "west", 100)]
    assert await _ranked(service, "team", region="华东") == [(1, "east", 600)]
    assert await _ranked(service, "region", region="西区") == [(1, "西区", 100)]
    assert await _ranked(service, "department", department="service") == [(1, "service", 0)]
    assert await _ranked(service, "line", line="Atlas") == [(1, "Atlas", 300)]
    assert await _ranked(service, "product", product="Vega 1") == [(1, "Vega 1", 200)]
    assert await _ranked(service, "person", person="chen") == [(1, "chen", 100)]
    assert await _ranked(service, "person", line="Vega") == [(1, "li", 300), (2, "chen", 100)]


async def test_a_past_board_knows_nothing_of_what_came_later(service: Service) -> None:
    _company(service.world)
    then = await _ranked(service, "line", as_of="2025-03-02T04:00:00Z")
    assert then == [(1, "Atlas", 0), (1, "Vega", 0)]
    service.world.happened(opened("new", "03-20 10:00", line="Orion"))
    assert await _ranked(service, "line", as_of="2025-03-02T04:00:00Z") == then


async def test_nobody_is_first_at_what_a_kpi_is_not_kept_by(service: Service) -> None:
    _company(service.world)
    service.world.happened(filed("c", "03-05 10:00"))
    for kpi, by in (("complaints_open", "team"), ("complaints_per_100", "person"), ("market_share", "team")):
        board = await service.get("/leaderboard", **MARCH, kpi=kpi, by=by)
        assert (board["rows"], board["note"]) == ([], f"not-kept-by:{by}")
    board = await service.get("/leaderboard", **MARCH, kpi="leads", by="person", product="Vega 1")
    assert (board["rows"], board["note"]) == ([], "not-kept-by:product")


async def test_a_target_of_somebody_whose_joining_is_not_known_counts_for_them_all_the_same(
    service: Service,
) -> None:
    _company(service.world)
    service.world.happened(target("t", "ghost", "03-01", "04-01", money(310)))
    assert await _ranked(service, "person", kpi="target") == [(1, "ghost", 310)]
    assert await _ranked(service, "person", kpi="target", person="ghost") == [(1, "ghost", 310)]
    assert await _ranked(service, "person", kpi="target", team="east") == []


async def test_told_in_one_currency_all_race_together(service: Service) -> None:
    _company(service.world)
    dollars = money(50, "USD")
    service.world.happened(usd("03-01", "7"), opened("usd", "03-02 10:00", owner="chen"))
    service.world.happened(won("usd", "03-05 10:00", amount=dollars))
    assert [row[1] for row in await _ranked(service, "person")] == ["li", "wang", "chen", "chen"]
    board = await service.get("/leaderboard", **MARCH, currency="CNY")
    assert (board["rows"][0]["id"], board["rows"][0]["value"]) == ("chen", 450)
    assert board["conversion"]["used"][0]["source"] == "中国人民银行中间价"


@pytest.mark.parametrize("wrong", [{"kpi": "luck"}, {"by": "planet"}], ids=str)
async def test_a_leaderboard_of_something_unknown_is_refused(service: Service, wrong: dict[str, str]) -> None:
    problem(await service.client.get("/leaderboard", params=wrong), 422)
