from datetime import datetime
from functools import partial

import pytest

from services.customers.lead import (
    LEAD,
    Lead,
    assign,
    contact,
    convert,
    create,
    disqualify,
    qualify,
)
from shared.events.lead import (
    LeadAssigned,
    LeadContacted,
    LeadConverted,
    LeadDisqualified,
    LeadEvent,
)
from shared.eventstore.decider import NotFound
from tests.given import given
from tests.unit.customers.controls import (
    ASSIGNED,
    CONTACTED,
    CREATED,
    ELEVEN,
    NINE,
    NOON,
    QUALIFIED,
    RELEASED,
    TEN,
)

CONVERTED = LeadConverted(
    lead_id="l-1", account_id="a-1", deal_id="d-1", owner="p-wang", created_at=NINE, occurred_at=NOON
)
DISQUALIFIED = LeadDisqualified(lead_id="l-1", reason="A student", occurred_at=ELEVEN)

create_it = partial(create, created=CREATED, owner=None)
assign_it = partial(assign, owner="p-li", at=NOON)
qualify_it = partial(qualify, by="p-wang", at=ELEVEN)
disqualify_it = partial(disqualify, reason="A student", at=ELEVEN)
convert_it = partial(convert, account_id="a-1", deal_id="d-1", owner="p-wang", at=NOON)


def contact_at(at: datetime) -> partial[list[LeadEvent]]:
    return partial(contact, by="p-wang", at=at)


def test_a_lead_comes_in() -> None:
    given(LEAD).when(create_it).then(CREATED)


def test_a_lead_comes_in_and_is_given_to_somebody_at_once() -> None:
    given_to = LeadAssigned(lead_id="l-1", owner="p-li", occurred_at=NINE)
    given(LEAD).when(partial(create, created=CREATED, owner="p-li")).then(CREATED, given_to)


def test_the_same_lead_again_is_one_lead() -> None:
    given(LEAD, CREATED, ASSIGNED).when(create_it).then()


def test_another_lead_cannot_have_its_id() -> None:
    other = CREATED.model_copy(update={"company": "Bluth"})
    given(LEAD, CREATED).when(partial(create, created=other, owner=None)).then_refused("id-taken")


def test_it_is_assigned_and_assigned_anew() -> None:
    first = LeadAssigned(lead_id="l-1", owner="p-li", occurred_at=NOON)
    given(LEAD, CREATED).when(assign_it).then(first)
    given(LEAD, CREATED, ASSIGNED).when(assign_it).then(first.model_copy(update={"previous": "p-wang"}))


def test_assigning_it_to_its_owner_changes_nothing() -> None:
    given(LEAD, CREATED, ASSIGNED).when(partial(assign, owner="p-wang", at=NOON)).then()


def test_a_lead_in_the_pool_may_be_given_out() -> None:
    given_out = LeadAssigned(lead_id="l-1", owner="p-li", occurred_at=NOON)
    given(LEAD, CREATED, ASSIGNED, RELEASED).when(assign_it).then(given_out)


def test_a_qualified_lead_stays_qualified_when_it_changes_hands() -> None:
    handed = LeadAssigned(lead_id="l-1", owner="p-li", previous="p-wang", occurred_at=NOON)
    given(LEAD, CREATED, ASSIGNED, QUALIFIED, handed).when(qualify_it).then()


def test_the_first_contact_is_the_first() -> None:
    given(LEAD, CREATED, ASSIGNED).when(contact_at(ELEVEN)).then(CONTACTED)


def test_a_later_contact_is_not_the_first() -> None:
    later = LeadContacted(lead_id="l-1", by="p-wang", first=False, occurred_at=NOON)
    given(LEAD, CREATED, ASSIGNED, CONTACTED).when(contact_at(NOON)).then(later)


def test_a_contact_at_the_same_moment_is_the_same_contact() -> None:
    given(LEAD, CREATED, ASSIGNED, CONTACTED).when(contact_at(ELEVEN)).then()


def test_a_contact_cannot_come_before_what_happened_already() -> None:
    given(LEAD, CREATED, ASSIGNED, CONTACTED).when(contact_at(TEN)).then_refused("out-of-order")


def test_a_lead_in_the_pool_has_to_be_claimed_before_a_contact() -> None:
    given(LEAD, CREATED, ASSIGNED, RELEASED).when(contact_at(NOON)).then_refused("lead-in-pool")


@pytest.mark.parametrize("before", [(CREATED, ASSIGNED), (CREATED, ASSIGNED, CONTACTED)])
def test_it_is_qualified_with_or_without_a_contact(before: tuple[LeadEvent, ...]) -> None:
    given(LEAD, *before).when(qualify_it).then(QUALIFIED)


def test_it_is_qualified_without_an_owner() -> None:
    unowned = QUALIFIED.model_copy(update={"owner": None})
    given(LEAD, CREATED).when(qualify_it).then(unowned)


def test_qualifying_twice_is_qualifying_once() -> None:
    given(LEAD, CREATED, ASSIGNED, QUALIFIED).when(qualify_it).then()


def test_it_is_disqualified_once() -> None:
    given(LEAD, CREATED).when(disqualify_it).then(DISQUALIFIED)
    given(LEAD, CREATED, DISQUALIFIED).when(disqualify_it).then()


def test_a_lead_in_the_pool_may_be_disqualified() -> None:
    given(LEAD, CREATED, RELEASED).when(disqualify_it).then(DISQUALIFIED)


def test_a_disqualified_lead_is_done_with() -> None:
    for decide in (assign_it, qualify_it, convert_it, contact_at(NOON)):
        given(LEAD, CREATED, DISQUALIFIED).when(decide).then_refused("lead-disqualified")


def test_a_qualified_lead_is_converted() -> None:
    given(LEAD, CREATED, ASSIGNED, QUALIFIED).when(convert_it).then(CONVERTED)


def test_converting_twice_is_converting_once() -> None:
    given(LEAD, CREATED, ASSIGNED, QUALIFIED, CONVERTED).when(convert_it).then()


def test_a_lead_cannot_become_two_deals() -> None:
    other = partial(convert, account_id="a-1", deal_id="d-2", owner="p-wang", at=NOON)
    given(LEAD, CREATED, ASSIGNED, QUALIFIED, CONVERTED).when(other).then_refused("lead-converted")


def test_only_a_qualified_lead_is_converted() -> None:
    given(LEAD, CREATED, ASSIGNED).when(convert_it).then_refused("lead-not-qualified")


def test_a_converted_lead_is_done_with() -> None:
    for decide in (assign_it, qualify_it, disqualify_it, contact_at(NOON)):
        given(LEAD, CREATED, ASSIGNED, QUALIFIED, CONVERTED).when(decide).then_refused("lead-converted")


@pytest.mark.parametrize("decide", [assign_it, qualify_it, disqualify_it, convert_it, contact_at(NOON)])
def test_nothing_happens_to_a_lead_that_is_not_there(decide: partial[list[LeadEvent]]) -> None:
    nobody: Lead = LEAD.initial
    with pytest.raises(NotFound):
        decide(nobody)


@pytest.mark.parametrize("decide", [assign, qualify, disqualify, convert])
def test_nothing_happens_before_the_last_thing(decide: partial[list[LeadEvent]]) -> None:
    facts: dict[object, dict[str, str]] = {
        assign: {"owner": "p-li"},
        qualify: {"by": "p-wang"},
        disqualify: {"reason": "A student"},
        convert: {"account_id": "a-1", "deal_id": "d-1", "owner": "p-wang"},
    }
    before = (CREATED, ASSIGNED) if decide is qualify else (CREATED, ASSIGNED, QUALIFIED)
    given(LEAD, *before).when(partial(decide, at=NINE, **facts[decide])).then_refused("out-of-order")
