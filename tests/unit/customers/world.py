"""The customers service in the test's own process: its routers on a real store and real read models."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from services.customers import (
    accounts_api,
    complaints_api,
    conversion_api,
    deals_api,
    leads_api,
    lists,
    markets_api,
    surveys_api,
)
from services.customers.account import ACCOUNT
from services.customers.account_list import ACCOUNTS
from services.customers.complaint import COMPLAINT
from services.customers.complaint_list import COMPLAINTS
from services.customers.deal import DEAL
from services.customers.deal_list import DEALS
from services.customers.lead import LEAD
from services.customers.lead_list import LEADS
from services.customers.market import MARKET
from services.customers.market_list import MARKETS
from services.customers.purchases import PURCHASES
from services.customers.survey import SURVEY
from services.customers.survey_list import SURVEYS
from shared.departments.seeing import InSight
from shared.events.catalogue import categories
from shared.events.order import OrderEvent
from shared.events.seen import Seen
from shared.eventstore.decider import Decider
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NOTHING
from shared.projections.database import open_database
from shared.projections.lists import Kept
from shared.projections.runner import Batch, Position, Runner, Source
from shared.service.events_api import events_of
from shared.service.intake import seen_in_store
from tests.following import Topic
from tests.service_app import serving

ROUTERS = (
    leads_api.router,
    conversion_api.router,
    accounts_api.router,
    deals_api.router,
    complaints_api.router,
    surveys_api.router,
    markets_api.router,
    events_of("customers", guards=[InSight]),
)


@dataclass
class World:
    client: httpx.AsyncClient
    store: SqliteStore
    runner: Runner
    state: Mapping[str, Any]
    _position: int = NOTHING
    _orders: Topic = field(default_factory=partial(Topic, "orders"))

    async def post(self, path: str, body: Mapping[str, Any] | None = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Content-Type"] = "application/json"
        return await self.client.post(path, content=json.dumps(body or {}), headers=named)

    async def done(self, path: str, body: Mapping[str, Any] | None = None, **headers: str) -> httpx.Response:
        """A command that must succeed."""
        answer = await self.post(path, body, **headers)
        assert answer.status_code in (201, 204), answer.text
        return answer

    async def get(self, path: str, **query: str | list[str]) -> Any:
        """What a query that must succeed answers, once the lists have caught up."""
        await self.caught_up()
        answer = await self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def caught_up(self) -> None:
        """Fold all that is in the store."""
        head = await self.store.head()
        if head == self._position:
            return
        async for events in self.store.follow(categories("customers"), after=self._position):
            self._position = events[-1].position
            seen = [seen_in_store(event) for event in events]
            self._fold(Source("own"), seen, self._position)
            if self._position >= head:
                return

    def hear(self, *events: OrderEvent) -> None:
        """Fold what the orders service tells."""
        self.runner.apply([self._orders.tell(*events)])

    def forget_position(self) -> None:
        """The store comes again from its beginning."""
        self._position = NOTHING

    def hear_again(self) -> None:
        """The orders service's topic comes again from its beginning."""
        self._fold(self._orders.source, self._orders.told, len(self._orders.told))

    def _fold(self, source: Source, events: Sequence[Seen], position: int) -> None:
        after = self.runner.positions().get(source)
        self.runner.apply([Batch(source, events, after, Position(position))])


@asynccontextmanager
async def customers(folder: Path) -> AsyncIterator[World]:
    store = SqliteStore(folder / "events.db")
    engine = open_database(f"sqlite:///{folder}/read.db")
    state = {
        "store": store,
        "log": store,
        "leads": Decider(store, LEAD),
        "accounts": Decider(store, ACCOUNT),
        "deals": Decider(store, DEAL),
        "complaints": Decider(store, COMPLAINT),
        "surveys": Decider(store, SURVEY),
        "markets": Decider(store, MARKET),
        "lead_list": Kept(engine, LEADS),
        "account_list": Kept(engine, ACCOUNTS),
        "deal_list": Kept(engine, DEALS),
        "complaint_list": Kept(engine, COMPLAINTS),
        "survey_list": Kept(engine, SURVEYS),
        "market_list": Kept(engine, MARKETS),
        "purchase_list": Kept(engine, PURCHASES),
    }
    runner = Runner(engine, "customers", [*lists.OWN, *lists.OTHERS])
    try:
        async with serving(ROUTERS, state) as client:
            yield World(client, store, runner, state)
    finally:
        engine.dispose()
        await store.close()
