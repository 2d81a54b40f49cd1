"""How a service opens what it keeps: with the keys of the people it knows, and the right master key."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from shared.events.catalogue import EVENTS, PERSONAL_FIELDS, SERVICES
from shared.eventstore.sealed import Sealed
from shared.eventstore.wrapping import WrongMasterKey
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
