"""The coordination service without its sources: a real store, real read models, its router."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from services.coordination import breaches, handoffs_api, lists
from services.coordination.handoff import HANDOFF
from services.coordination.reactions import Handoffs
from shared.departments.accounts import KnownAccounts
from shared.departments.seeing import InSight
from shared.eventstore.decider import Decider
from shared.eventstore.sqlite import SqliteStore
from shared.projections.database import open_database
from shared.projections.lists import Kept
from shared.service.events_api import events_of
from tests.following import Following
from tests.service_app import serving


@dataclass(frozen=True)
class Service:
    client: httpx.AsyncClient
    handoffs: Handoffs
    kept: Kept[lists.Handoff]
    store: SqliteStore
    following: Following


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    store = SqliteStore(tmp_path / "events.db")
    engine = open_database(f"sqlite:///{tmp_path}/read.db")
    handoffs, kept = Decider(store, HANDOFF, recorded=breaches.count), Kept(engine, lists.HANDOFFS)
    state = {
        "store": store,
        "log": store,
        "accounts": KnownAccounts(engine),
        "handoffs": handoffs,
        "handoff_list": kept,
    }
    following = Following(store, engine, "coordination", [*lists.OWN, *lists.OTHERS])
    async with serving(
        [handoffs_api.router, events_of("coordination", guards=[InSight])], state, role="manager"
    ) as client:
        yield Service(client, handoffs, kept, store, following)
    engine.dispose()
    await store.close()
