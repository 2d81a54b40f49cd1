"""What is about a person is sealed when it is stored, and open to whoever reads, until the key is gone."""

import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from shared.events.account import ContactAdded
from shared.events.catalogue import PERSONAL_FIELDS
from shared.events.deal import DealLost
from shared.events.event import SEALED, is_sealed
from shared.events.examples import EXAMPLES
from shared.events.examples.cast import at
from shared.events.lead import LeadCreated
from shared.eventstore.sealed import Unreadable
from shared.eventstore.store import NOTHING
from tests.rewriting import rewritten
from tests.unit.sealing import Safe, new, safe

NAME, PHONE = "欧阳晓岚", "+86 139 1234 5678"
LEAD = LeadCreated(
    lead_id="42",
    company="云帆科技",
    source="展会",
    contact_name=NAME,
    contact_phone=PHONE,
    occurred_at=at("03-01 09:00"),
)
WHOSE = "lead-42"


@pytest.fixture
async def it(tmp_path: Path) -> AsyncIterator[Safe]:
    async with safe(tmp_path) as opened:
        yield opened


def changed(it: Safe, sql: str, *values: Any) -> None:
    """As somebody might who can write to the file."""
    rewritten(it.folder / "events.db", sql, *values)


@pytest.mark.parametrize("name", PERSONAL_FIELDS)
async def test_every_personal_field_is_sealed_and_comes_back_byte_for_byte(it: Safe, name: str) -> None:
    example = EXAMPLES[name]
    [stored] = await it.store.append("x-1", [new(example)], expected=NOTHING)
    assert stored.data == example.wire()
    assert await it.store.read("x-1") == [stored]
    async for followed in it.store.follow(["x"]):
        assert followed == [stored]
        break
    [kept] = await it.log.read("x-1")
    fields = json.loads(kept.data)
    personal = example.model_dump(include=set(PERSONAL_FIELDS[name]), exclude_none=True)
    assert personal
    assert fields.keys() == json.loads(example.wire()).keys() - personal.keys() | {SEALED}
    assert not any(it.holds(text) for text in personal.values())


async def test_what_says_nothing_of_a_person_is_stored_as_it_is(it: Safe) -> None:
    lost = new(DealLost(deal_id="1", reason="价格", stage="engaging", occurred_at=at("03-01 09:00")))
    nobody = new(LEAD.model_copy(update={"contact_name": None, "contact_phone": None}))
    await it.store.append("lead-42", [lost, nobody], expected=NOTHING)
    assert [event.data for event in await it.log.read("lead-42")] == [lost.data, nobody.data]
    assert await it.keyring.row(WHOSE) is None


async def test_two_events_that_say_the_same_look_different(it: Safe) -> None:
    await it.store.append("lead-42", [new(LEAD), new(LEAD)], expected=NOTHING)
    one, other = (json.loads(event.data)[SEALED] for event in await it.log.read("lead-42"))
    assert one != other


async def test_whose_key_was_destroyed_of_them_nothing_is_read_or_kept_any_more(it: Safe) -> None:
    other = LEAD.model_copy(update={"lead_id": "43"})
    await it.store.append("lead-42", [new(LEAD)], expected=NOTHING)
    await it.store.append("lead-43", [new(other)], expected=NOTHING)
    await it.keyring.destroy(WHOSE)
    [erased] = await it.store.read("lead-42")
    assert LeadCreated.read(erased.data) == LEAD.model_copy(
        update={"contact_name": None, "contact_phone": None}
    )
    assert SEALED not in json.loads(erased.data)
    assert [LeadCreated.read(event.data) for event in await it.store.read("lead-43")] == [other]

    [later] = await it.store.append("lead-42", [new(LEAD)], expected=0)
    assert later.data == erased.data
    assert SEALED not in json.loads((await it.log.read("lead-42", after=0))[0].data)


async def test_what_was_stored_in_the_open_is_read_until_its_person_is_erased(it: Safe) -> None:
    await it.log.append("lead-42", [new(LEAD)], expected=NOTHING)
    assert [event.data for event in await it.store.read("lead-42")] == [LEAD.wire()]
    await it.keyring.destroy(WHOSE)
    [event] = await it.store.read("lead-42")
    assert LeadCreated.read(event.data).contact_name is None


@pytest.mark.parametrize("bad", ["", "AAAA", "not base64!", "A" * 80, 7, None])
async def test_what_was_changed_is_an_error_and_not_silence(it: Safe, bad: Any) -> None:
    await it.store.append("lead-42", [new(LEAD)], expected=NOTHING)
    [kept] = await it.log.read("lead-42")
    spoilt = json.dumps(json.loads(kept.data) | {SEALED: bad}).encode()
    changed(it, "update events set data = ?", spoilt)
    with pytest.raises(Unreadable, match=f"event {kept.id} of lead-42 was changed"):
        await it.store.read("lead-42")


async def test_one_changed_bit_is_an_error(it: Safe) -> None:
    await it.store.append("lead-42", [new(LEAD)], expected=NOTHING)
    [kept] = await it.log.read("lead-42")
    sealed = json.loads(kept.data)[SEALED]
    other = ("B" if sealed[20] == "A" else "A").join((sealed[:20], sealed[21:]))
    changed(it, "update events set data = ?", kept.data.replace(sealed.encode(), other.encode()))
    with pytest.raises(Unreadable):
        await it.store.read("lead-42")


@pytest.mark.parametrize("what", ["id", "stream", "type"])
async def test_what_is_sealed_in_one_event_opens_in_no_other(it: Safe, what: str) -> None:
    await it.store.append("lead-42", [new(LEAD)], expected=NOTHING)
    other: Any = {"id": UUID(int=7).bytes, "stream": "lead-43", "type": LeadCreated.type}[what]
    if what == "type":
        changed(it, "update events set type = 'contact-added.v1', data = replace(data, '}', ?)",
                ',"account_id":"a","contact_id":"b"}')  # fmt: skip
        await it.keyring.made(["contact-a.b"])
    else:
        changed(it, f"update events set {what} = ?", other)  # noqa: S608 - one of the three above
    with pytest.raises(Unreadable):
        await it.store.read("lead-43" if what == "stream" else "lead-42")


async def test_who_follows_gets_what_cannot_be_opened_as_it_is_kept_and_the_rest_in_the_open(
    it: Safe,
) -> None:
    other = LEAD.model_copy(update={"lead_id": "43"})
    await it.store.append("lead-42", [new(LEAD)], expected=NOTHING)
    await it.store.append("lead-43", [new(other)], expected=NOTHING)
    [kept] = await it.log.read("lead-42")
    spoilt = json.dumps(json.loads(kept.data) | {SEALED: "AAAA"}).encode()
    changed(it, "update events set data = ? where stream = 'lead-42'", spoilt)
    async for followed in it.store.follow(["lead"]):
        assert [event.data for event in followed] == [spoilt, other.wire()]
        assert [is_sealed(event.data) for event in followed] == [True, False]
        break


async def test_a_key_that_was_lost_is_not_taken_for_one_that_was_destroyed(it: Safe) -> None:
    await it.store.append("lead-42", [new(LEAD)], expected=NOTHING)
    with sqlite3.connect(it.folder / "keys.db") as db:
        db.execute("delete from personal_keys where person = ?", (WHOSE,))
    db.close()
    it.keyring.forget()
    with pytest.raises(Unreadable, match="no key of lead-42"):
        await it.store.read("lead-42")


async def test_an_event_that_does_not_say_whom_it_is_about_is_read_as_it_is_and_never_stored(
    it: Safe,
) -> None:
    strange = new(LEAD)._replace(data=b'{"contact_name":"x"}')
    await it.log.append("lead-42", [strange, strange._replace(id=UUID(int=1), data=b"[]")], expected=NOTHING)
    assert [event.data for event in await it.store.read("lead-42")] == [strange.data, b"[]"]
    with pytest.raises(ValueError, match="does not say whom"):
        await it.store.append("lead-42", [strange], expected=1)


async def test_the_key_is_on_the_disk_before_the_event_that_needs_it(it: Safe) -> None:
    """The store refuses; the key was made all the same."""
    await it.log.close()
    with pytest.raises(Exception, match="closed"):
        await it.store.append("lead-42", [new(LEAD)], expected=NOTHING)
    row = await it.keyring.row(WHOSE)
    assert row is not None
    assert row.wrapped


async def test_many_people_at_once(it: Safe) -> None:
    contacts = [
        ContactAdded(account_id="a", contact_id=str(n), name=f"{NAME}{n}", occurred_at=at("03-01 09:00"))
        for n in range(1200)
    ]
    stored = await it.store.append("account-a", [new(one) for one in contacts], expected=NOTHING)
    it.keyring.forget()
    assert await it.store.read("account-a") == stored
    assert [ContactAdded.read(event.data) for event in stored] == contacts
