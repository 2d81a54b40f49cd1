"""The ledger over HTTP: anybody may note its end down, a manager may take it all away."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from shared.audit import page as pages
from shared.audit.api import audit_of
from shared.eventstore.sqlite import SqliteStore
from tests.service_app import bearer, serving
from tests.unit.audit.sealing import KEY, SECRET, SERVICE, found_in, lines_of, newest, sealed_in_turns


@dataclass(frozen=True)
class Office:
    store: SqliteStore
    client: httpx.AsyncClient


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    store = SqliteStore(tmp_path / "events.db")
    async with serving([audit_of(SERVICE)], {"log": store}, audit_key=SECRET) as client:
        yield Office(store, client)
    await store.close()


async def test_the_newest_page_can_be_noted_down(office: Office) -> None:
    empty = (await office.client.get("/audit")).json()
    assert (empty["page"], empty["position"], empty["sealed_at"]) == (-1, -1, None)
    lines = await sealed_in_turns(office.store, pages=2, events=4)
    told = (await office.client.get("/audit", headers=bearer("viewer"))).json()
    assert told["sha256"] == newest(lines)
    assert told["public_key"] == pages.public_text(KEY)
    assert (told["service"], told["page"], told["position"]) == (SERVICE, 1, 8)


async def test_an_export_is_what_the_store_has(office: Office) -> None:
    lines = await sealed_in_turns(office.store, pages=2, events=4)
    told = await office.client.get("/audit/export", headers=bearer("manager"))
    assert told.headers["Content-Type"] == "application/x-ndjson"
    assert told.content.splitlines(keepends=True) == lines == await lines_of(office.store)
    assert found_in(lines) == []


async def test_only_a_manager_takes_events_away(office: Office) -> None:
    assert (await office.client.get("/audit/export")).status_code == 403
    assert (await office.client.get("/audit", headers={"Authorization": ""})).status_code == 401
