"""The funnel over HTTP: its fields, its languages, its filters, and what it refuses."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.performance import funnel_api
from services.performance.funnel_api import DEFINITIONS, FunnelBoard, FunnelStage
from tests.service_app import bearer, serving
from tests.unit.performance.deals import advanced, dollars, lost, opened, won, yuan
from tests.unit.performance.world import World, formed, joined

MARCH = {"from": "2025-03-01", "to": "2025-04-01"}


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with serving((funnel_api.router,), {"looks": world.looks, "freshness": list}) as client:
        yield client


async def _funnel(client: httpx.AsyncClient, **params: str) -> Any:
    answer = await client.get("/funnel", params=MARCH | params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _three_deals(world: World) -> None:
    world.happened(opened("03-03 09:00", deal="a", amount=yuan(100)))
    world.happened(
        opened("03-03 09:00", deal="b", amount=dollars(8)),
        advanced("03-03 09:45", "proposing", deal="b"),
    )
    world.happened(
        opened("03-03 09:00", deal="c"),
        advanced("03-03 09:30", "engaging", deal="c"),
        lost("03-03 11:00", deal="c"),
    )


async def test_an_empty_funnel_has_all_its_stages(client: httpx.AsyncClient) -> None:
    board = await _funnel(client)
    stages = ["prospecting", "engaging", "proposing", "negotiating", "won"]
    assert [stage["stage"] for stage in board["stages"]] == stages
    assert [board[total] for total in ("opened", "open", "won", "lost", "decided")] == [0, 0, 0, 0, None]


async def test_a_stage_says_all_its_numbers_side_by_side(world: World, client: httpx.AsyncClient) -> None:
    _three_deals(world)
    board = await _funnel(client)
    assert {name: board[name] for name in MARCH} == MARCH
    assert board["stages"][1] == {
        "stage": "engaging",
        "label": "Engaging",
        "strict": 1,
        "reached": 1,
        "implied": 2,
        "skipped": 1,
        "standing": 0,
        "undecided": 0,
        "lost": 1,
        "amount": [{"unit": "CNY", "value": 0}, {"unit": "USD", "value": 0}],
        "implied_amount": [{"unit": "CNY", "value": 100}, {"unit": "USD", "value": 8}],
        "conversion": 0.666667,
        "matured_conversion": 1,
        "matured": 0.666667,
        "minutes_median": 90,
        "minutes_p90": 90,
    }
    assert board["stages"][0]["amount"] == [{"unit": "CNY", "value": 100}, {"unit": "USD", "value": 0}]
    assert board["stages"][0]["minutes_median"] == 37.5
    assert [board[total] for total in ("opened", "open", "won", "lost")] == [3, 2, 0, 1]
    assert board["decided"] == 0.333333


async def test_what_was_won_is_the_last_bar(world: World, client: httpx.AsyncClient) -> None:
    world.happened(opened("03-03 09:00"), won("03-04 09:00"))
    last = (await _funnel(client))["stages"][-1]
    assert (last["stage"], last["label"]) == ("won", "Won")
    assert (last["strict"], last["reached"], last["implied"], last["conversion"]) == (0, 1, 1, 1)


async def test_every_number_has_its_meaning_in_both_languages(client: httpx.AsyncClient) -> None:
    chinese = (await _funnel(client, lang="zh"))["definitions"]
    english = (await _funnel(client))["definitions"]
    numbers = {*FunnelStage.model_fields, "opened", "decided"} - {"stage", "label"}
    assert chinese.keys() == english.keys() == DEFINITIONS.keys() == numbers
    assert numbers <= {*FunnelStage.model_fields, *FunnelBoard.model_fields}
    assert english["reached"] == "Reached: deals that stood here themselves at some time, counted once."
    assert all(any("一" <= sign <= "鿿" for sign in said) for said in chinese.values())


async def test_labels_come_in_chinese_when_asked(client: httpx.AsyncClient) -> None:
    labels = [stage["label"] for stage in (await _funnel(client, lang="zh"))["stages"]]
    assert labels == ["初步接触", "需求沟通", "方案报价", "商务谈判", "赢单"]


async def test_filters_reach_the_bars(world: World, client: httpx.AsyncClient) -> None:
    world.happened(
        formed("east"), joined("wang", "east"), formed("west", region="West"), joined("li", "west")
    )
    _three_deals(world)
    world.happened(opened("03-03 09:00", deal="d", owner="li", line="织女"))
    for asked in ({"person": "li"}, {"team": "west"}, {"region": "West"}, {"line": "织女"}):
        assert (await _funnel(client, **asked))["opened"] == 1
    assert (await _funnel(client))["opened"] == 4


async def test_a_past_moment_has_the_funnel_of_then(world: World, client: httpx.AsyncClient) -> None:
    _three_deals(world)
    then = await _funnel(client, as_of="2025-03-03T09:35:00+08:00")
    assert [stage["implied"] for stage in then["stages"]] == [3, 1, 0, 0, 0]
    assert [then[total] for total in ("opened", "open", "won", "lost")] == [3, 3, 0, 0]
    assert (then["stages"][0]["minutes_median"], then["stages"][1]["minutes_median"]) == (30, None)


async def test_a_viewer_may_look_and_nobody_without_a_token(client: httpx.AsyncClient) -> None:
    assert (await client.get("/funnel", headers=bearer("viewer"))).status_code == 200
    assert (await client.get("/funnel", headers={"Authorization": ""})).status_code == 401


@pytest.mark.parametrize("wrong", [{"to": "2025-02-01"}, {"from": "yesterday"}, {"lang": "fr"}], ids=str)
async def test_what_makes_no_sense_is_refused(client: httpx.AsyncClient, wrong: dict[str, str]) -> None:
    assert (await client.get("/funnel", params=MARCH | wrong)).status_code == 422
