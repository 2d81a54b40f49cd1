"""Two managers erase a person over HTTP, and nothing of them is left; whatever stops it, it goes on."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from shared.events.account import ContactAdded
from shared.events.examples.cast import at
from shared.eventstore import key_rows
from shared.eventstore.store import NOTHING
from shared.projections.places import place_of
from tests.service_app import bearer
from tests.unit.erasure.world import World, world
from tests.unit.sealing import new
from tests.waiting import until

NAME, PHONE = "澹台璎珞", "+86 139-8765-0042"
REASON = "宇文女士来函"
LEAD = {"id": "1", "company": "云帆科技", "source": "展会", "contact_name": NAME, "contact_phone": PHONE}
OTHER = {**LEAD, "id": "2", "contact_name": "司马青岚", "contact_phone": "+86 10-1"}
PERSON = "/people/lead-1"


@pytest.fixture
async def it(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as opened:
        await opened.done("/leads", LEAD)
        await opened.done("/leads", OTHER)
        yield opened


@pytest.fixture
def postgresql() -> Iterator[str]:
    """Where there is nothing yet, and nothing afterwards."""
    url = os.environ.get("DATABASE_URL_TEST", "")
    if not url:
        pytest.skip("DATABASE_URL_TEST names no PostgreSQL database (postgresql+psycopg://…)")
    _emptied(url)
    yield url
    _emptied(url)


def _emptied(url: str) -> None:
    place = place_of(url)
    for number in place.numbers():
        place.remove(number)
    engine = create_engine(url)
    key_rows.metadata.drop_all(engine)
    engine.dispose()


async def names(it: World) -> list[Any]:
    return [lead["contact_name"] for lead in (await it.seen("/leads"))["items"]]


async def test_two_managers_erase_and_nobody_else_changes(it: World) -> None:
    async with it.following():
        assert (await it.seen(PERSON))["state"] == "kept"
        await it.done(f"{PERSON}/erase", {"reason": REASON})
        requested = await it.seen(PERSON)
        assert (requested["state"], requested["requested_by"], requested["reason"]) == (
            "requested", "m-chen", REASON,
        )  # fmt: skip
        own = await it.asked(f"{PERSON}/erase/approve")
        assert (own.status_code, own.json()["code"]) == (409, "own-request")
        assert await names(it) == ["司马青岚", NAME]
        await it.done(f"{PERSON}/erase/approve", by="m-zhao")
        await until(it.is_followed)
        erased = await it.seen(PERSON)
        assert (erased["state"], erased["requested_by"], erased["approved_by"], erased["reason"]) == (
            "erased", "m-chen", "m-zhao", None,
        )  # fmt: skip
        assert erased["approved_at"] <= erased["erased_at"] <= erased["followed_at"]
    assert await names(it) == ["司马青岚", None]
    one = await it.seen("/leads/1")
    assert (one["company"], one["contact_name"], one["contact_phone"]) == ("云帆科技", None, None)
    assert not any(it.safe.holds(text) for text in (NAME, PHONE, REASON))
    [row] = (await it.seen("/erasures?state=erased"))["items"]
    assert (row["person"], row["approved_by"], row["reason"]) == ("lead-1", "m-zhao", None)


async def test_on_postgresql_too_where_keys_and_read_models_may_share_a_database(
    tmp_path: Path, postgresql: str
) -> None:
    async with world(tmp_path, url=postgresql) as it:
        await it.done("/leads", LEAD)
        await it.done("/leads", OTHER)
        before = it.database.number
        async with it.following():
            await it.done(f"{PERSON}/erase", {"reason": REASON})
            await it.done(f"{PERSON}/erase/approve", by="m-zhao")
            await until(it.is_followed)
        assert it.database.number > before
        assert it.database.others() == set()
        assert await names(it) == ["司马青岚", None]
    async with world(tmp_path, url=postgresql) as it:
        assert await names(it) == ["司马青岚", None]
        assert (await it.seen(PERSON))["followed_at"] is not None


async def test_what_is_in_memory_is_forgotten_at_once(it: World) -> None:
    await it.deciders["leads"].load("1")
    await it.done(f"{PERSON}/erase", {"reason": REASON})
    await it.done(f"{PERSON}/erase/approve", by="m-zhao")
    assert (await it.deciders["leads"].load("1")).state.created.contact_name is None


async def test_a_request_is_taken_back(it: World) -> None:
    await it.done(f"{PERSON}/erase", {"reason": REASON})
    [waiting] = (await it.seen("/erasures?state=requested"))["items"]
    assert waiting["reason"] == REASON
    await it.done(f"{PERSON}/erase/withdraw", by="m-zhao")
    assert (await it.seen(PERSON))["state"] == "kept"
    late = await it.asked(f"{PERSON}/erase/approve", by="m-zhao")
    assert (late.status_code, late.json()["code"]) == (409, "not-requested")
    assert await names(it) == ["司马青岚", NAME]


@pytest.mark.parametrize(
    "person", ["lead-3", "account-1", "deal-1", "contact-1.1", "person-1", "erasure-lead-1"]
)
@pytest.mark.parametrize("step", ["erase", "erase/approve", "erase/withdraw"])
async def test_whom_nobody_knows_nobody_erases(it: World, person: str, step: str) -> None:
    body = {"reason": REASON} if step == "erase" else {}
    assert (await it.asked(f"/people/{person}/{step}", body)).status_code == 404
    looked = await it.client.get(f"/people/{person}", headers=bearer("manager"))
    assert looked.status_code == 404


@pytest.mark.parametrize("role", ["viewer", "sales", "importer", "system"])
async def test_only_managers_ask_agree_and_look(it: World, role: Any) -> None:
    for step, body in (("erase", {"reason": REASON}), ("erase/approve", {}), ("erase/withdraw", {})):
        assert (await it.asked(f"{PERSON}/{step}", body, role=role)).status_code == 403


async def test_a_contact_is_erased_and_the_others_of_its_account_stay(it: World) -> None:
    await it.done("/accounts", {"id": "a", "name": "Kan-code"})
    added = await it.done("/accounts/a/contacts", {"name": "濮阳霁月", "phone": "138"})
    await it.done("/accounts/a/contacts", {"name": "公孙望舒"})
    person = f"/people/contact-a.{added.json()['id']}"
    async with it.following():
        await it.done(f"{person}/erase", {"reason": REASON})
        await it.done(f"{person}/erase/approve", by="m-zhao")
        await until(it.is_followed)
    contacts = (await it.seen("/accounts/a"))["contacts"]
    assert [(one["name"], one["phone"]) for one in contacts] == [(None, None), ("公孙望舒", None)]


async def test_several_in_a_row_are_followed_by_fewer_rebuilds(it: World) -> None:
    for person in ("lead-1", "lead-2"):
        await it.done(f"/people/{person}/erase", {"reason": REASON})
        await it.done(f"/people/{person}/erase/approve", by="m-zhao")
    before = it.database.number
    async with it.following():
        await until(it.is_followed)
    assert it.database.number == before + 1
    assert await names(it) == [None, None]


async def test_stopped_after_the_approval_the_next_start_destroys_the_key_and_follows(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as it:
        await it.done("/leads", LEAD)
        await it.done(f"{PERSON}/erase", {"reason": REASON})
        await it.asked(f"{PERSON}/erase/approve", by="m-zhao")
        assert (await it.client.get(PERSON, headers=bearer("manager"))).json()["erased_at"] is None
    async with world(tmp_path) as it, it.following():
        await it.caught_up()
        await until(it.is_followed)
        assert await names(it) == [None]
        assert not it.safe.holds(NAME)


async def test_stopped_after_the_key_was_destroyed_the_next_start_follows(tmp_path: Path) -> None:
    async with world(tmp_path) as it:
        await it.done("/leads", LEAD)
        await it.done(f"{PERSON}/erase", {"reason": REASON})
        await it.done(f"{PERSON}/erase/approve", by="m-zhao")
        assert not await it.is_followed()
        assert it.safe.holds(NAME)  # in the read model
    async with world(tmp_path) as it, it.following():
        await until(it.is_followed)
        assert await names(it) == [None]
        assert not it.safe.holds(NAME)


async def test_stopped_after_the_rebuild_it_is_done_once_more_and_harmless(tmp_path: Path) -> None:
    async with world(tmp_path) as it:
        await it.done("/leads", LEAD)
        await it.done(f"{PERSON}/erase", {"reason": REASON})
        await it.done(f"{PERSON}/erase/approve", by="m-zhao")
        assert (await it.replay.start()).failed is None
    async with world(tmp_path) as it, it.following():
        await until(it.is_followed)
        assert await names(it) == [None]


async def test_a_rebuild_that_was_under_way_does_not_count(it: World) -> None:
    """It has read the log while the key was still there."""
    await it.done(f"{PERSON}/erase", {"reason": REASON})
    it.log.going_on.clear()
    under_way = it.replay.start()
    await it.log.reached.wait()
    await it.done(f"{PERSON}/erase/approve", by="m-zhao")
    async with it.following():
        it.log.going_on.set()
        await until(it.is_followed)
    assert under_way.result().failed is None
    assert not it.safe.holds(NAME)


async def test_as_long_as_somebody_looks_at_the_old_read_model_it_is_not_followed(it: World) -> None:
    await it.done(f"{PERSON}/erase", {"reason": REASON})
    await it.done(f"{PERSON}/erase/approve", by="m-zhao")
    before = it.database.number
    async with it.following():
        with it.database.connect():
            await until(lambda: it.database.number > before)
            assert it.safe.holds(NAME)
            assert not await it.is_followed()
        await until(it.is_followed)
    assert not it.safe.holds(NAME)


async def test_of_whom_was_erased_nothing_is_parked_either(it: World) -> None:
    """What could not be folded waits in the read model, and waits there without their name afterwards."""
    contact = ContactAdded(account_id="none", contact_id="1", name=NAME, occurred_at=at("03-01 09:00"))
    await it.done(f"{PERSON}/erase", {"reason": REASON})
    parked = new(contact)._replace(
        data=b'{"account_id":"none","contact_id":"1","name":"' + NAME.encode() + b'"}'
    )
    await it.safe.store.append("account-none", [parked], expected=NOTHING)
    await it.caught_up()
    assert it.intake.runner.parking.streams() == {"account-none"}
    assert it.safe.holds(NAME)
    await it.safe.keyring.destroy("contact-none.1")
    await it.done(f"{PERSON}/erase/approve", by="m-zhao")
    async with it.following():
        await until(it.is_followed)
    assert it.intake.runner.parking.streams() == {"account-none"}
    assert not it.safe.holds(NAME)


async def test_what_a_comparison_found_between_key_and_rebuild_is_looked_at_again(it: World) -> None:
    await it.done(f"{PERSON}/erase", {"reason": REASON})
    await it.done(f"{PERSON}/erase/approve", by="m-zhao")
    found = (await it.verification.start()).result
    assert found is not None
    assert found.differences > 0
    async with it.following():
        await until(lambda: it.verification.last and it.verification.last.result not in (None, found))
    assert it.verification.last is not None
    assert it.verification.last.result is not None
    assert it.verification.last.result.differences == 0


async def test_keys_restored_from_a_backup_are_destroyed_once_more_when_the_log_is_taken_again(
    tmp_path: Path,
) -> None:
    """As the page on personal data says: with an empty read database."""
    async with world(tmp_path) as it:
        await it.done("/leads", LEAD)
        await it.done("/leads", OTHER)
    backup = (tmp_path / "keys.db").read_bytes()
    async with world(tmp_path) as it, it.following():
        await it.done(f"{PERSON}/erase", {"reason": REASON})
        await it.done(f"{PERSON}/erase/approve", by="m-zhao")
        await until(it.is_followed)
    _restored(tmp_path, backup)
    async with world(tmp_path) as it, it.following():
        assert not await it.safe.keyring.unfollowed()
        await it.caught_up()
        await until(it.is_followed)
        assert await names(it) == ["司马青岚", None]
        assert (await it.seen(PERSON))["followed_at"] is not None
        assert not it.safe.holds(NAME)


def _restored(folder: Path, keys: bytes) -> None:
    """The keys as they were, and no read models."""
    (folder / "keys.db").write_bytes(keys)
    for file in folder.glob("read*"):
        file.unlink()
