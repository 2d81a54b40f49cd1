"""A key for each person: made once, durable at once, never made again once it was destroyed."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from shared.eventstore import keyring as module
from shared.eventstore.key_rows import KeyRows, metadata
from shared.eventstore.keyring import REMEMBER_SECONDS, Keyring, open_keyring
from shared.eventstore.store import StoreUnavailable
from shared.eventstore.wrapping import Wrapping, WrongMasterKey
from tests.full_disk import a_full_disk
from tests.unit.sealing import MASTER_KEY


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new folder/keys.db"
        return
    url = os.environ.get("DATABASE_URL_TEST", "")
    if not url:
        pytest.skip("DATABASE_URL_TEST names no PostgreSQL database (postgresql+psycopg://…)")
    emptied = create_engine(url)
    metadata.drop_all(emptied)
    yield url
    metadata.drop_all(emptied)
    emptied.dispose()


@pytest.fixture
def keys(url: str) -> Iterator[Keyring]:
    opened = open_keyring(url, MASTER_KEY)
    yield opened
    opened.close()


async def opens(keys: Keyring, person: str, sealed: bytes) -> bool:
    key = (await keys.known([person])).get(person)
    return key is not None and key.decrypt(b"0" * 12, sealed, None) == b"secret"


async def sealed(keys: Keyring, person: str) -> bytes:
    key = (await keys.made([person]))[person]
    assert key is not None
    return key.encrypt(b"0" * 12, b"secret", None)


async def test_where_the_disk_is_full_no_key_is_made_until_it_is_not(tmp_path: Path) -> None:
    keys = open_keyring(f"sqlite:///{tmp_path}/keys.db", MASTER_KEY)
    with a_full_disk(most=1), pytest.raises(StoreUnavailable):
        await sealed(keys, "lead-1")
    assert await opens(keys, "lead-1", await sealed(keys, "lead-1"))
    keys.close()


async def test_a_key_is_made_once_and_found_again_by_the_next_start(url: str, keys: Keyring) -> None:
    mine = await sealed(keys, "lead-1")
    assert await opens(keys, "lead-1", mine)
    other = open_keyring(url, MASTER_KEY)
    assert await opens(other, "lead-1", mine)
    assert await sealed(other, "lead-1") == mine
    assert await sealed(other, "lead-2") != mine
    other.close()


async def test_who_never_had_a_key_is_not_known(keys: Keyring) -> None:
    assert await keys.known(["lead-9"]) == {}
    assert await keys.row("lead-9") is None
    assert await keys.unfollowed() == []


async def test_many_who_ask_at_once_get_one_key_each(keys: Keyring) -> None:
    people = [f"lead-{n % 700}" for n in range(2100)]
    got = await asyncio.gather(*(sealed(keys, person) for person in people))
    assert len(set(got)) == 700
    assert got[:700] == got[700:1400] == got[1400:]
    keys.forget()
    assert len(await keys.known(people[:700])) == 700


async def test_a_destroyed_key_is_gone_and_none_is_made_after_it(url: str, keys: Keyring) -> None:
    mine, others = await sealed(keys, "lead-1"), await sealed(keys, "lead-2")
    await keys.destroy("lead-1")
    assert (await keys.known(["lead-1", "lead-2"]))["lead-1"] is None
    assert await keys.made(["lead-1"]) == {"lead-1": None}
    assert await opens(keys, "lead-2", others)
    next_start = open_keyring(url, MASTER_KEY)
    assert await next_start.made(["lead-1"]) == {"lead-1": None}
    assert not await opens(next_start, "lead-1", mine)
    next_start.close()


async def test_somebody_without_a_key_can_be_erased_too(keys: Keyring) -> None:
    await keys.destroy("lead-3")
    assert await keys.made(["lead-3"]) == {"lead-3": None}


async def test_what_was_destroyed_waits_until_it_was_followed_and_the_first_time_counts(
    keys: Keyring,
) -> None:
    await keys.destroy("lead-1")
    await keys.destroy("lead-2")
    first = await keys.row("lead-1")
    assert first is not None
    assert (first.wrapped, first.followed_at) == (None, None)
    assert sorted(await keys.unfollowed()) == ["lead-1", "lead-2"]
    await keys.followed(["lead-1"])
    await keys.destroy("lead-1")
    again = await keys.row("lead-1")
    assert again is not None
    assert again.destroyed_at == first.destroyed_at
    assert again.followed_at is not None
    assert await keys.unfollowed() == ["lead-2"]


async def test_a_key_that_another_process_destroyed_is_used_for_a_minute_at_most(url: str) -> None:
    now = [0.0]
    here = Keyring(KeyRows(url), Wrapping(MASTER_KEY), clock=lambda: now[0])
    there = open_keyring(url, MASTER_KEY)
    mine = await sealed(here, "lead-1")
    await there.destroy("lead-1")
    now[0] = REMEMBER_SECONDS - 1
    assert await opens(here, "lead-1", mine)
    now[0] = REMEMBER_SECONDS + 1
    assert not await opens(here, "lead-1", mine)
    assert await here.made(["lead-1"]) == {"lead-1": None}
    here.close()
    there.close()


async def test_no_more_keys_are_remembered_than_there_is_room_for(
    keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 10)
    people = [f"lead-{n}" for n in range(25)]
    assert len(await keys.made(people)) == 25
    assert len(keys._remembered) == 10
    assert len(await keys.known(people)) == 25


async def test_another_master_key_is_refused_at_the_start_and_destroys_nothing(
    url: str, keys: Keyring
) -> None:
    mine = await sealed(keys, "lead-1")
    with pytest.raises(WrongMasterKey, match="Nothing was erased"):
        open_keyring(url, "another master key, long enough for that")
    assert await keys.unfollowed() == []
    again = open_keyring(url, MASTER_KEY)
    assert await opens(again, "lead-1", mine)
    again.close()


async def test_no_file_has_the_key_once_it_was_destroyed(tmp_path: Path) -> None:
    keys = open_keyring(f"sqlite:///{tmp_path}/keys.db", MASTER_KEY)
    await keys.made([f"lead-{n}" for n in range(50)])
    row = await keys.row("lead-7")
    assert row is not None
    wrapped = row.wrapped
    assert wrapped
    assert held(tmp_path, wrapped)
    await keys.destroy("lead-7")
    assert not held(tmp_path, wrapped)
    keys.close()
    assert not held(tmp_path, wrapped)


def test_the_file_of_the_keys_is_as_durable_as_the_events_and_keeps_nothing_that_was_deleted(
    tmp_path: Path,
) -> None:
    rows = KeyRows(f"sqlite:///{tmp_path}/keys.db")
    with rows._engine.connect() as tx:
        told = [
            tx.scalar(text(f"PRAGMA {name}")) for name in ("synchronous", "secure_delete", "journal_mode")
        ]
    rows.close()
    assert told == [2, 1, "wal"]


def held(folder: Path, secret: bytes) -> bool:
    return any(secret in file.read_bytes() for file in folder.iterdir())
