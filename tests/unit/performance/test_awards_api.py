"""Awards over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.performance import awards_api
from services.performance.measures.awards import AWARDS
from services.performance.measures.people import PEOPLE
from shared.events.event import Money
from shared.events.organisation import PersonJoined
from shared.eventstore.sqlite import SqliteStore
from shared.projections.feed import Feed
from shared.projections.lists import Kept
from shared.projections.runner import Runner
from tests.service_app import serving
from tests.unit.performance.asking import NOBODY, VIEWER, Service, problem
from tests.unit.performance.awarding import Race
from tests.unit.performance.world import PROJECTIONS, World, joined

NAMES = {"wang": "王芳", "chen": "陈静", "li": "李伟"}


@pytest.fixture
async def race(world: World, tmp_path: Path) -> AsyncIterator[Race]:
    world.runner = Runner(world.engine, "performance", (*PROJECTIONS, AWARDS))
    store = SqliteStore(tmp_path / "events.db")
    state = {"award_list": Kept(world.engine, AWARDS), "person_list": Kept(world.engine, PEOPLE)}
    for person, name in NAMES.items():
        event: PersonJoined = joined(person, "east").model_copy(update={"name": name})
        world.happened(event)
    async with serving((awards_api.router,), state) as client:
        yield Race(Service(client, world, store, Feed(world.engine)))
    await store.close()


async def february_and_march(race: Race) -> None:
    race.sold("wang", "02-05 10:00", 250)
    await race.told("03-02 00:00")
    race.sold("wang", "03-05 10:00", 300)
    race.sold("chen", "03-06 10:00", 300)
    race.sold("ghost", "03-07 10:00", Money(minor=12_50, currency="USD"))
    await race.told("04-02 00:00")


async def found(race: Race, **asked: str) -> list[str]:
    return [it["id"] for it in await race.service.get("/awards", **asked)]


def march(awards: list[dict[str, Any]]) -> dict[str, Any]:
    (only,) = [it for it in awards if it["id"] == "won_amount-month-2025-03-01"]
    return only


async def test_an_award_says_what_it_is_for_and_who_shares_it_by_name(race: Race) -> None:
    await february_and_march(race)
    winners = [
        {"person_id": "chen", "name": "陈静", "value": 300, "currency": "CNY"},
        {"person_id": "wang", "name": "王芳", "value": 300, "currency": "CNY"},
    ]
    granted_at = "2025-04-01T16:00:00Z"
    dollars = [{"unit": "USD", "value": 12.5}]
    told = {"at": granted_at, "reason": None, "winners": winners, "unpriced": dollars}
    assert march(await race.service.get("/awards", lang="zh")) == {
        "id": "won_amount-month-2025-03-01",
        "kpi": "won_amount",
        "kpi_version": 1,
        "label": "赢单金额",
        "by": "person",
        "kind": "month",
        "start": "2025-03-01",
        "end": "2025-04-01",
        "winners": winners,
        "shared": True,
        "granted_at": granted_at,
        "told": [told],
    }


async def test_a_correction_stands_and_what_was_granted_stays_visible(race: Race) -> None:
    await february_and_march(race)
    race.sold("li", "03-31 23:00", 900)
    await race.told("04-20 09:00")
    now = march(await race.service.get("/awards"))
    assert ([it["name"] for it in now["winners"]], now["shared"]) == (["李伟"], False)
    assert [it["reason"] for it in now["told"]] == [None, "other-winners"]
    assert [it["person_id"] for it in now["told"][0]["winners"]] == ["chen", "wang"]
    assert [it["at"] for it in now["told"]] == [now["granted_at"], "2025-04-20T01:00:00Z"]


async def test_the_newest_come_first_and_can_be_chosen(race: Race) -> None:
    await february_and_march(race)
    amounts = await found(race, kpi="won_amount")
    quarter, month, before = "quarter-2025-01-01", "month-2025-03-01", "month-2025-02-01"
    assert amounts == [f"won_amount-{it}" for it in (quarter, month, before)]
    assert await found(race, kind="quarter") == [f"{kpi}-{quarter}" for kpi in ("won_amount", "won_count")]
    assert await found(race, kpi="won_amount", **{"from": "2025-02-01", "to": "2025-03-01"}) == [amounts[2]]
    assert await found(race, kpi="won_amount", **{"from": "2025-03-01"}) == [amounts[1]]
    assert await found(race, kpi="luck") == []
    assert await found(race, as_of="2025-01-01T00:00:00Z") == []


async def test_somebody_whose_name_is_not_known_is_told_by_their_id(race: Race) -> None:
    race.sold("ghost", "03-05 10:00", 300)
    await race.told("04-02 00:00")
    assert [it["name"] for it in march(await race.service.get("/awards"))["winners"]] == ["ghost"]


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "week"}, {"from": "2025-03-01", "to": "2025-03-01"}, {"from": "soon"}, {"lang": "fr"}],
    ids=str,
)
async def test_what_makes_no_sense_is_refused(race: Race, wrong: dict[str, str]) -> None:
    problem(await race.service.client.get("/awards", params=wrong), 422)


async def test_a_viewer_may_look_and_nobody_else_may_without_a_token(race: Race) -> None:
    assert (await race.service.client.get("/awards", headers=VIEWER)).json() == []
    problem(await race.service.client.get("/awards", headers=NOBODY), 401)
