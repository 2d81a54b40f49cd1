"""Rebuilds over HTTP: asked for by a manager, told how they go, and never two at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from sqlalchemy import update

from shared.projections.database import open_database
from shared.projections.lists import Kept, OfOtherVersions
from shared.projections.places import place_of
from shared.projections.tables import cells, entities
from shared.service import operations_api, streaming
from shared.service.job import Job
from tests.service_app import bearer, serving
from tests.unit.projections.sales import lost, opened, sales, stream, won
from tests.unit.projections.written import Service, Written
from tests.waiting import until

HISTORY = [*stream("deal-1", opened(), won()), *stream("deal-2", opened("li"), lost())]


@dataclass(frozen=True)
class Asked:
    client: httpx.AsyncClient
    service: Service
    folder: Path

    async def state(self, path: str) -> Any:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def done(self, path: str) -> Any:
        async def finished() -> Any:
            state = await self.state(path)
            return None if state["running"] else state

        assert (await self.client.post(path)).status_code == 202
        return await until(finished)


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[Asked]:
    service = Service(open_database(f"sqlite:///{tmp_path}/read.db"), (sales(),), Written())
    kept = Kept(service.database, sales())
    lists = APIRouter()
    lists.get("/deals/{deal}")(lambda deal: {"owner": getattr(kept.get(deal), "owner", None)})
    state = {
        "intake": service.intake,
        "rebuilding": service.rebuilding,
        "replay": Job("replay", service.rebuilding.replace),
        "verification": Job("verification", service.rebuilding.verify),
    }
    async with serving([operations_api.router], state, public=[lists]) as client:
        client.headers.update(bearer("manager"))
        yield Asked(client, service, tmp_path)
    service.database.dispose()


@pytest.mark.parametrize("path", ["/replay", "/verify"])
async def test_only_a_manager_may_ask(asked: Asked, path: str) -> None:
    for ask in (asked.client.get, asked.client.post):
        assert (await ask(path, headers=bearer("sales"))).status_code == 403


async def test_before_anybody_asked_nothing_is_known(asked: Asked) -> None:
    never = {"started_at": None, "finished_at": None, "failed": None}
    nothing = {"running": False, "events": 0, "workers": 0, **never}
    assert await asked.state("/replay") == nothing
    assert await asked.state("/verify") == nothing | {"differences": None, "first": [], "compared": {}}


async def test_a_replay_says_how_it_goes_and_asked_for_meanwhile_is_the_same_one(asked: Asked) -> None:
    await asked.service.happens(*HISTORY)
    asked.service.log.going_on.clear()
    first = (await asked.client.post("/replay")).json()
    second = (await asked.client.post("/replay")).json()
    assert (first["running"], first["started_at"]) == (True, second["started_at"])
    await asked.service.log.reached.wait()
    assert (await asked.state("/replay"))["running"]
    asked.service.log.going_on.set()
    done = await asked.done("/replay")
    assert (done["events"], done["failed"], bool(done["finished_at"])) == (4, None, True)
    assert asked.service.database.number == 1


@pytest.mark.parametrize("workers", ["0", "17", "many"])
async def test_one_to_sixteen_workers_may_be_asked_for(asked: Asked, workers: str) -> None:
    assert (await asked.client.post(f"/replay?workers={workers}")).status_code == 422
    assert (await asked.state("/replay"))["started_at"] is None


async def test_a_replay_says_how_many_workers_there_are(asked: Asked) -> None:
    await asked.service.happens(*HISTORY)
    assert (await asked.client.post("/replay?workers=16")).status_code == 202
    await until(lambda: asked.service.database.number)
    assert (await asked.state("/replay"))["workers"] == 1  # nobody told it how others could help


async def test_a_verification_names_what_it_found(asked: Asked) -> None:
    await asked.service.happens(*HISTORY)
    assert (await asked.done("/verify"))["differences"] == 0
    with asked.service.database.begin() as tx:
        tx.execute(update(cells).where(cells.c.measure == "won").values(value=7))
    found = await asked.done("/verify")
    assert (found["differences"], found["first"]) == (
        1,
        ["cell won of 2025-03-10, wang: value is 7, rebuilt 1"],
    )
    assert found["compared"]["entities"] == 2


async def test_now_and_then_it_is_done_gently_by_itself(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asked.service.happens(*HISTORY)
    monkeypatch.setattr(streaming, "SECONDS_AN_HOUR", 0.001)
    job = Job("verification", asked.service.rebuilding.verify)
    by_itself = asyncio.create_task(streaming._now_and_then(job, 24))
    await until(lambda: asked.service.log.readings > 2)
    by_itself.cancel()
    assert job.last is not None
    assert job.last.gently
    await job.stop()
    assert place_of(f"sqlite:///{asked.folder}/read.db").numbers() == {0}


async def test_what_broke_it_off_is_said(asked: Asked) -> None:
    await asked.service.happens(*HISTORY)
    asked.service.log.broken = True
    assert (await asked.done("/replay"))["failed"] == "the broker is away"
    assert (await asked.done("/verify"))["failed"] == "the broker is away"
    asked.service.log.broken = False
    assert (await asked.done("/verify"))["failed"] is None


async def test_a_redrive_waits_for_the_end_of_a_replay(asked: Asked) -> None:
    await asked.service.happens(*HISTORY)
    asked.service.log.going_on.clear()
    await asked.client.post("/replay")
    await asked.service.log.reached.wait()
    refused = await asked.client.post("/parked/redrive?drop=true")
    assert (refused.status_code, refused.json()["code"]) == (409, "rebuilding")
    asked.service.log.going_on.set()
    await asked.done("/replay")
    dropped = await asked.client.post("/parked/redrive?drop=true")
    assert dropped.json() == {"streams": [], "applied": 0}
    assert (await asked.done("/verify"))["differences"] == 0


async def test_what_other_versions_wrote_and_nobody_can_read_is_not_there_just_now(asked: Asked) -> None:
    await asked.service.happens(*HISTORY)
    assert (await asked.client.get("/deals/deal-2")).json() == {"owner": "li"}
    with asked.service.database.begin() as tx:
        tx.execute(update(entities).values(state=b'{"owner": 7}'))
    with pytest.raises(OfOtherVersions):
        Kept(asked.service.database, sales()).get("deal-2")
    assert (await asked.client.get("/deals/deal-2")).status_code == 503
    await asked.done("/replay")
    assert (await asked.client.get("/deals/deal-2")).json() == {"owner": "li"}
