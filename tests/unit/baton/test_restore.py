"""A backup in place of what was lost: whole or not at all, nothing deleted, nobody erased comes back."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from baton.backup.keys import NoList, listed
from baton.backup.manifest import NotWhole
from baton.backup.restoring import CannotRestore, Restored, restore
from baton.backup.taking import back_up
from baton.places import CannotStart, held, sound
from shared.events.catalogue import SERVICES
from shared.eventstore.store import StoredEvent
from tests.full_disk import a_full_disk
from tests.unit.baton.keeping import assign_lead, at_work, create_lead, everything, name_of
from tests.unit.sealing import MASTER_KEY, safe


@dataclass(frozen=True)
class Yesterday:
    """A data folder that has gone on since its backup was made."""

    data: Path
    backup: Path
    told: list[StoredEvent]


@pytest.fixture
async def yesterday(tmp_path: Path) -> Yesterday:
    data, backup = tmp_path / "data", tmp_path / "backup"
    async with at_work(data) as house:
        for n in range(3):
            await create_lead(house["customers"], n)
        told = await everything(house["customers"], "lead")
        back_up(data, backup)
        await assign_lead(house["customers"], 0)
        await create_lead(house["customers"], 3)
    return Yesterday(data, backup, told)


async def test_in_a_new_folder_the_stores_are_as_they_were_and_all_else_is_made_anew(
    yesterday: Yesterday, tmp_path: Path
) -> None:
    data = tmp_path / "数据 二"
    done = restored(yesterday, data)
    assert (done.aside, done.erased, done.unread, done.master_key) == (None, [], [], False)
    assert await told_in(data) == yesterday.told
    there = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.suffix != ".lock"}
    stores = {f"{service}/{name}" for service in SERVICES for name in ("events.db", "keys.db")}
    assert there == stores | set(SERVICES)
    sound(data)


async def test_what_was_there_is_moved_aside_when_that_is_asked_for(yesterday: Yesterday) -> None:
    data = yesterday.data
    before = files_in(data)
    with pytest.raises(CannotRestore, match=r"has customers, .*kafka already; with --replace"):
        restored(yesterday, data)
    assert files_in(data) == before
    done = restored(yesterday, data, replace=True)
    assert await told_in(data) == yesterday.told
    assert done.aside is not None
    assert len(await told_in(done.aside)) == 5
    assert (done.aside / "kafka" / "topics").exists()
    assert (done.aside / "customers" / "read.db").exists()
    assert not list(data.glob("*/read.db"))
    assert not (data / "kafka").exists()
    assert (data / "logs" / "up.log").exists()
    assert (data / "master.key").read_text() == MASTER_KEY
    assert done.master_key
    sound(data)


async def test_nothing_is_restored_under_somebody_who_runs(yesterday: Yesterday) -> None:
    before = files_in(yesterday.data)
    with held(yesterday.data), pytest.raises(CannotStart, match="Another `baton up`"):
        restored(yesterday, yesterday.data, replace=True)
    async with safe(yesterday.data / "customers"):
        with pytest.raises(CannotRestore, match="open in another process"):
            restored(yesterday, yesterday.data, replace=True)
    assert files_in(yesterday.data) == before


def test_a_backup_that_is_not_whole_is_not_restored(yesterday: Yesterday, tmp_path: Path) -> None:
    with (yesterday.backup / "orders" / "events.db").open("ab") as file:
        file.write(b"more")
    with pytest.raises(NotWhole, match="was changed"):
        restored(yesterday, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_full_disk_leaves_the_folder_as_it_was(yesterday: Yesterday) -> None:
    before = files_in(yesterday.data)
    with a_full_disk(most=10_000), pytest.raises(CannotRestore, match="Nothing was restored"):
        restored(yesterday, yesterday.data, replace=True)
    assert files_in(yesterday.data) == before
    sound(yesterday.data)


def test_another_master_key_is_found_before_anything_is_moved(yesterday: Yesterday, tmp_path: Path) -> None:
    before = files_in(yesterday.data)
    with pytest.raises(CannotRestore, match="MASTER_KEY is not the master key of this backup"):
        restored(yesterday, yesterday.data, replace=True, environment={"MASTER_KEY": "another" * 8})
    assert files_in(yesterday.data) == before
    assert restored(yesterday, tmp_path / "new", environment={"MASTER_KEY": MASTER_KEY}).master_key
    (yesterday.data / "master.key").write_text("another" * 8)
    with pytest.raises(CannotRestore, match=r"master\.key is not the master key of this backup"):
        restored(yesterday, yesterday.data, replace=True)


async def test_secrets_come_back_and_others_are_moved_aside(yesterday: Yesterday, tmp_path: Path) -> None:
    backup = tmp_path / "with secrets"
    back_up(yesterday.data, backup, secrets=True)
    new = tmp_path / "new"
    new.mkdir()
    (new / "master.key").write_text(MASTER_KEY)
    (new / "token.key").write_text("another" * 8)
    with pytest.raises(CannotRestore, match=r"has token\.key already"):
        restored(yesterday, new, backup=backup)
    done = restored(yesterday, new, backup=backup, replace=True)
    assert done.aside is not None
    assert {path.name for path in done.aside.iterdir()} == {"token.key"}
    assert (new / "token.key").read_text() == "t" * 40
    assert len(await told_in(new)) == 5


async def test_who_was_erased_since_stays_erased(yesterday: Yesterday) -> None:
    async with safe(yesterday.data / "customers") as it:
        await it.keyring.destroy("lead-1")
        await it.keyring.destroy("lead-3")
    done = restored(yesterday, yesterday.data, replace=True)
    assert done.erased == ["lead-1"]  # the other was not there yet
    assert await names_in(yesterday.data) == [name_of(0), None, name_of(2)]
    async with safe(yesterday.data / "customers") as it:
        row = await it.keyring.row("lead-1")
        assert row is not None
        assert (row.wrapped, row.followed_at) == (None, None)
        assert row.destroyed_at is not None


async def test_it_stays_so_when_the_next_backup_is_restored_over_that(yesterday: Yesterday) -> None:
    async with safe(yesterday.data / "customers") as it:
        await it.keyring.destroy("lead-1")
    aside = restored(yesterday, yesterday.data, replace=True).aside
    assert aside is not None
    for service in SERVICES:  # as if the next one had been broken off
        for file in (yesterday.data / service).iterdir():
            file.unlink()
    assert restored(yesterday, yesterday.data).erased == ["lead-1"]


async def test_people_of_another_baton_are_others(yesterday: Yesterday, tmp_path: Path) -> None:
    other = tmp_path / "other"
    async with at_work(other) as house:
        await create_lead(house["customers"], 1)
        await house["customers"].keyring.destroy("lead-1")
    assert restored(yesterday, other, replace=True).erased == []
    assert await names_in(other) == [name_of(0), name_of(1), name_of(2)]


async def test_a_list_tells_who_was_erased_where_the_keys_are_lost(
    yesterday: Yesterday, tmp_path: Path
) -> None:
    names = tmp_path / "erased.txt"
    names.write_text("lead-2\n\nlead-77\n")
    new = tmp_path / "new"
    assert restored(yesterday, new, erased=names).erased == ["lead-2"]
    assert await names_in(new) == [name_of(0), name_of(1), None]


async def test_older_keys_that_cannot_be_read_are_told(yesterday: Yesterday) -> None:
    keys = yesterday.data / "customers" / "keys.db"
    keys.write_bytes(b"not a database" * 100)
    assert restored(yesterday, yesterday.data, replace=True).unread == [keys]


@pytest.mark.parametrize(
    ("text", "said"),
    [(b"lead-1\nsomebody\n", "'somebody' is no person"), (b"\xff\xfe", "is no text")],
)
def test_a_list_of_nobody_is_refused(tmp_path: Path, text: bytes, said: str) -> None:
    (tmp_path / "erased.txt").write_bytes(text)
    with pytest.raises(NoList, match=said):
        listed(tmp_path / "erased.txt")
    with pytest.raises(NoList, match="cannot be read"):
        listed(tmp_path / "nothing.txt")


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_killed_before_any_line_it_is_the_old_or_the_new_or_refused(
    yesterday: Yesterday, tmp_path: Path
) -> None:
    places = (str(yesterday.backup), str(yesterday.data), str(tmp_path))
    killing = [sys.executable, "-m", "tests.unit.baton.killing", *places, "47"]
    done = subprocess.run(killing, capture_output=True, text=True, timeout=220, check=False)
    assert done.returncode == 0, done.stderr
    assert {"old", "refused"} <= set(done.stdout.split())


def restored(
    it: Yesterday,
    data: Path,
    *,
    backup: Path | None = None,
    replace: bool = False,
    erased: Path | None = None,
    environment: dict[str, str] | None = None,
) -> Restored:
    return restore(
        backup or it.backup,
        data,
        replace=replace,
        erased=listed(erased) if erased else {},
        environment=environment or {},
    )


def files_in(folder: Path) -> set[str]:
    """But for locks, which stay."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.suffix != ".lock"}


async def told_in(data: Path) -> list[StoredEvent]:
    async with safe(data / "customers") as it:
        return await everything(it, "lead")


async def names_in(data: Path) -> list[str | None]:
    return [json.loads(event.data).get("contact_name") for event in await told_in(data)]
