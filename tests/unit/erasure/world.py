"""A service with people in it, in the test's own process: sealed store, read models, and who erases."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx

from services.customers import accounts_api, leads_api, lists
from services.customers.account import ACCOUNT
from services.customers.account_list import ACCOUNTS
from services.customers.complaint_list import COMPLAINTS
from services.customers.deal_list import DEALS
from services.customers.lead import LEAD
from services.customers.lead_list import LEADS
from services.customers.purchases import PURCHASES
from shared.erasure.api import erasures_of
from shared.erasure.erasing import Erasing
from shared.erasure.erasure import CUSTOMERS, aggregate
from shared.events.catalogue import categories
from shared.eventstore.decider import Decider
from shared.eventstore.store import NOTHING, StoredEvent
from shared.projections.comparison import Comparison
from shared.projections.database import Database, open_database
from shared.projections.lists import Kept
from shared.projections.runner import Batch, Position, Runner, Source
from shared.service.intake import OWN_STORE, Intake, seen_in_store
from shared.service.job import Job
from shared.service.rebuilding import Rebuilding
from shared.service.whole_log import Positions
from tests.service_app import bearer, serving
from tests.unit.sealing import Safe, safe

NAME = "customers"


@dataclass
class OwnLog:
    """The service's own store, as a rebuild reads it; it goes on when it may."""

    it: Safe
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    going_on: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.going_on.set()

    def has(self, source: Source) -> bool:
        return source == OWN_STORE

    async def read(self, after: Positions, to: Positions) -> AsyncGenerator[Sequence[Batch], None]:
        at, end = after.get(OWN_STORE), to.get(OWN_STORE)
        done = at.position if at else NOTHING
        if end is None or done >= end.position:
            return
        follow = self.it.store.follow(categories(NAME), after=done)
        async with aclosing(cast("AsyncGenerator[list[StoredEvent], None]", follow)) as following:
            async for stored in following:
                now = Position(stored[-1].position)
                batch = [Batch(OWN_STORE, [seen_in_store(one) for one in stored], at, now)]
                self.reached.set()
                await self.going_on.wait()
                yield batch
                at = now
                if now.position >= end.position:
                    return


@dataclass
class World:
    client: httpx.AsyncClient
    safe: Safe
    database: Database
    intake: Intake
    replay: Job[None]
    verification: Job[Comparison]
    erasing: Erasing
    deciders: dict[str, Decider[Any, Any]]
    log: OwnLog
    _at: Position | None = field(default=None)

    async def caught_up(self) -> None:
        """Everything in the store was taken, reactions included."""
        head = await self.safe.store.head()
        self._at = (await self.intake.positions()).get(OWN_STORE)
        while (self._at.position if self._at else NOTHING) < head:
            follow = self.safe.store.follow(
                categories(NAME), after=self._at.position if self._at else NOTHING
            )
            async with aclosing(cast("AsyncGenerator[list[StoredEvent], None]", follow)) as following:
                stored = await anext(following)
            now = Position(stored[-1].position)
            seen = [seen_in_store(one) for one in stored]
            await self.intake.take([Batch(OWN_STORE, seen, self._at, now)])
            self._at = now

    async def done(self, path: str, body: Any = None, *, by: str = "m-chen") -> httpx.Response:
        """A manager's command that must succeed, and all that follows from it at once."""
        answer = await self.asked(path, body, by=by)
        assert answer.status_code in (201, 204), answer.text
        await self.caught_up()
        return answer

    async def asked(
        self, path: str, body: Any = None, *, by: str = "m-chen", role: Any = "manager"
    ) -> httpx.Response:
        return await self.client.post(path, json=body or {}, headers=bearer(role, person=by))

    async def seen(self, path: str) -> Any:
        await self.caught_up()
        answer = await self.client.get(path, headers=bearer("manager", person="m-li"))
        assert answer.status_code == 200, answer.text
        return answer.json()

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """What is erased is followed while the block runs."""
        task = asyncio.create_task(self.erasing.follow(self.replay, self.verification, self.database))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, self.replay.stop(), self.verification.stop(), return_exceptions=True)

    async def is_followed(self) -> bool:
        return not await self.safe.keyring.unfollowed()


@asynccontextmanager
async def world(folder: Path, *, url: str | None = None) -> AsyncIterator[World]:
    """With keys and read models in files, or both in the database at ``url``."""
    database = open_database(url or f"sqlite:///{folder}/read.db")
    async with safe(folder, keys=url) as it:
        deciders: dict[str, Decider[Any, Any]] = {
            "leads": Decider(it.store, LEAD),
            "accounts": Decider(it.store, ACCOUNT),
            "erasures": Decider(it.store, aggregate(CUSTOMERS)),
        }
        forget = [decider.forget for decider in deciders.values()]
        erasing = Erasing(CUSTOMERS, it.keyring, forget=forget)
        runner = Runner(database, NAME, lists.OWN)
        intake = Intake(runner, [erasing.reaction()])
        log = OwnLog(it)
        rebuilding = Rebuilding(intake, lists.OWN, log)
        replay = Job("replay", rebuilding.replace)
        verification = Job("verification", rebuilding.verify)
        kept = {"lead": LEADS, "account": ACCOUNTS, "deal": DEALS, "complaint": COMPLAINTS}
        state = {
            "store": it.store,
            "log": it.log,
            "keyring": it.keyring,
            **deciders,
            **{f"{name}_list": Kept[Any](database, cast("Any", rows)) for name, rows in kept.items()},
            "purchase_list": Kept(database, PURCHASES),
            "erasure_list": Kept(database, lists.ERASURES),
        }
        routers = (leads_api.router, accounts_api.router, erasures_of(NAME, CUSTOMERS))
        async with serving(routers, state) as client:
            yield World(client, it, database, intake, replay, verification, erasing, deciders, log)
    database.dispose()
