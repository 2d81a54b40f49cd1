"""The performance service over HTTP, on a real event store and a real read-model database."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from services.performance import (
    ageing_api,
    explain_api,
    forecast_api,
    funnel_api,
    handoffs_api,
    kpis_api,
    leaderboard_api,
    live_api,
    organisation_api,
    plans_api,
    session_api,
    targets_api,
    wins_api,
)
from services.performance.measures.people import PEOPLE
from services.performance.measures.plans import PLANS
from services.performance.measures.targets import TARGETS
from services.performance.person import PERSON
from services.performance.plan import PLAN
from services.performance.target import TARGET
from services.performance.team import TEAM
from services.performance.won_before import won_before
from shared.events.catalogue import categories
from shared.eventstore.decider import Decider
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NOTHING
from shared.projections.feed import Feed
from shared.projections.lists import Kept
from shared.projections.runner import Batch, Position, Source
from shared.service.intake import seen_in_store
from tests.service_app import bearer, serving
from tests.unit.performance.world import HANDOFFS, World

ROUTERS: Final = (
    kpis_api.router,
    funnel_api.router,
    leaderboard_api.router,
    handoffs_api.router,
    ageing_api.router,
    explain_api.router,
    forecast_api.router,
    organisation_api.router,
    plans_api.router,
    session_api.router,
    targets_api.router,
    live_api.router,
    wins_api.router,
)
PUBLIC: Final = (live_api.public, session_api.public)
VIEWER: Final = bearer("viewer")
IMPORTER: Final = bearer("importer")
NOBODY: Final = {"Authorization": ""}


@dataclass
class Service:
    client: httpx.AsyncClient
    world: World
    store: SqliteStore
    feed: Feed
    at: Position | None = None

    async def get(self, path: str, **params: str) -> Any:
        """The answer's JSON; it must be a good one."""
        answer = await self.client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        return await self.client.post(path, json=body, headers=headers)

    async def caught_up(self) -> None:
        """Bring the read model to the end of the store."""
        head = await self.store.head()
        while (now := self.at.position if self.at else NOTHING) < head:
            async with aclosing(self.store.follow(categories("performance"), after=now)) as following:  # type: ignore[type-var]  # it is an async generator
                stored = await anext(following)
            moved = Position(stored[-1].position)
            events = [seen_in_store(one) for one in stored]
            self.world.runner.apply([Batch(Source("own store"), events, self.at, moved)])
            self.at = moved


@asynccontextmanager
async def performance(world: World, path: Path) -> AsyncIterator[Service]:
    store = SqliteStore(path / "events.db")
    feed = Feed(world.engine)
    state = {
        "store": store,
        "teams": Decider(store, TEAM),
        "people": Decider(store, PERSON),
        "targets": Decider(store, TARGET),
        "plans": Decider(store, PLAN),
        "person_list": Kept(world.engine, PEOPLE),
        "target_list": Kept(world.engine, TARGETS),
        "handoff_list": Kept(world.engine, HANDOFFS),
        "plan_list": Kept(world.engine, PLANS),
        "plan_shape": won_before(world.looks),
        "looks": world.looks,
        "freshness": list,
        "feed": feed,
    }
    async with serving(ROUTERS, state, role="manager", public=PUBLIC) as client:
        yield Service(client, world, store, feed)
    await store.close()


def problem(answer: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    """The answer's problem, which must be of this status and say what RFC 9457 asks for."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    said: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "instance", "code"} <= said.keys()
    assert said["status"] == status
    if code is not None:
        assert said["code"] == code
    return said
