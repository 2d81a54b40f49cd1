"""How a service opens what it keeps: with the keys of the people it knows, and the right master key."""

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI

from shared.events.catalogue import EVENTS, PERSONAL_FIELDS, SERVICES
from shared.eventstore.sealed import Sealed
from shared.eventstore.store import NOTHING, NewEvent, StoreDamaged
from shared.eventstore.wrapping import WrongMasterKey
from shared.service.health import Health
from shared.service.running import opened
from shared.service.settings import Settings
from tests.service_app import SECRET

KNOW_PEOPLE = {EVENTS[name].service for name in PERSONAL_FIELDS}


def app(folder: Path, *, master_key: str = SECRET) -> FastAPI:
    made = FastAPI()
    made.state.settings = Settings.model_validate(
        {
            "token_secret": SECRET,
            "master_key": master_key,
            "eventstore_url": f"sqlite:///{folder}/{{service}}/events.db",
            "database_url": f"sqlite:///{folder}/{{service}}/read.db",
            "keys_url": f"sqlite:///{folder}/{{service}}/keys.db",
        }
    )
    return made


@pytest.mark.parametrize("service", SERVICES)
async def test_who_knows_people_has_their_keys(tmp_path: Path, service: str) -> None:
    async with opened(app(tmp_path), service) as (store, _):
        assert isinstance(store, Sealed) == (service in KNOW_PEOPLE)
    assert (tmp_path / service / "keys.db").exists() == (service in KNOW_PEOPLE)


async def test_another_master_key_stops_the_start_and_holds_nothing_open(tmp_path: Path) -> None:
    async with opened(app(tmp_path), "customers"):
        pass
    with pytest.raises(WrongMasterKey, match="start again with the right MASTER_KEY"):
        async with opened(app(tmp_path, master_key=SECRET + "!"), "customers"):
            pass
    async with opened(app(tmp_path), "customers"):
        pass


async def test_a_store_that_is_damaged_at_its_end_stops_the_start_and_says_what_to_do(tmp_path: Path) -> None:
    async with opened(app(tmp_path), "orders") as (store, _):
        await store.append("order-1", [NewEvent(uuid4(), "order-opened.v1", b"{}", b"{}")], expected=NOTHING)
    path = tmp_path / "orders" / "events.db"
    with path.open("r+b") as file:
        file.seek(4096)  # the table of events begins on the second page
        file.write(bytes(4096))
    with pytest.raises(StoreDamaged, match=f"{path} is damaged.*`baton restore`"):
        async with opened(app(tmp_path), "orders"):
            pass


async def test_damage_that_is_found_later_takes_the_process_out_of_service(tmp_path: Path) -> None:
    health = Health(answers=True)
    assert health.now().status == "ready"
    async with opened(app(tmp_path), "orders") as (store, _):
        health.broken = lambda: store.damage
        await store.append("order-1", [NewEvent(uuid4(), "order-opened.v1", b"{}", b"{}")], expected=NOTHING)
        with closing(sqlite3.connect(tmp_path / "orders" / "events.db")) as db, db:
            db.execute("update events set data = cast('[]' as blob)")
        assert health.now().status == "ready"
        await store.check()
        now = health.now()
        assert (now.status, list(now.waiting_for)) == ("waiting", ["event store"])
        assert "the event at position 0 is not what was written" in now.waiting_for["event store"]
        for asked in (store.read("order-1"), store.head(), store.last(["order"])):
            with pytest.raises(StoreDamaged):
                await asked


async def test_events_from_before_there_were_checksums_are_read_as_they_are(tmp_path: Path) -> None:
    event = NewEvent(uuid4(), "order-opened.v1", b"{}", b"{}")
    async with opened(app(tmp_path), "orders") as (store, _):
        await store.append("order-1", [event], expected=NOTHING)
    with closing(sqlite3.connect(tmp_path / "orders" / "events.db")) as db, db:
        db.execute("alter table events drop column checksum")
    async with opened(app(tmp_path), "orders") as (store, _):
        await store.append("order-1", [event._replace(id=uuid4())], expected=0)
        await store.check()
        assert store.damage == ""
        assert [it.id == event.id for it in await store.read("order-1")] == [True, False]
