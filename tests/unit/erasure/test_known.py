"""Where a person is met first, and that only the service that knows them says so."""

from pathlib import Path

import pytest

from shared.erasure.known import home, is_known
from shared.events.account import ContactAdded
from shared.events.erasure import ErasureRequested
from shared.events.examples.cast import at
from shared.events.lead import LeadCreated
from shared.eventstore.store import NOTHING
from tests.unit.sealing import new, safe

MORNING = at("03-01 09:00")


@pytest.mark.parametrize(
    ("person", "stream"),
    [
        ("lead-42", "lead-42"),
        ("lead-lead-42", "lead-lead-42"),
        ("person-p-wang_1", "person-p-wang_1"),
        ("contact-acc-1.c-2", "account-acc-1"),
    ],
)
def test_a_person_is_met_in_a_stream(person: str, stream: str) -> None:
    assert home(person) == stream


async def test_known_is_whom_an_event_is_about_named_or_not(tmp_path: Path) -> None:
    async with safe(tmp_path) as it:
        lead = LeadCreated(lead_id="1", company="云帆", source="展会", occurred_at=MORNING)
        contact = ContactAdded(account_id="a", contact_id="1", name="赵敏", occurred_at=MORNING)
        asked = ErasureRequested(erasure_id="lead-9", requested_by="m", reason="x", occurred_at=MORNING)
        await it.store.append("lead-1", [new(lead)], expected=NOTHING)
        await it.store.append("account-a", [new(contact)], expected=NOTHING)
        await it.store.append("erasure-lead-9", [new(asked)], expected=NOTHING)
        for person in ("lead-1", "contact-a.1"):
            assert await is_known(it.log, "customers", person)
            assert not await is_known(it.log, "performance", person)
        for stranger in ("lead-2", "contact-a.2", "account-a", "erasure-lead-9", "lead-9", "contact-b.1"):
            assert not await is_known(it.log, "customers", stranger)
