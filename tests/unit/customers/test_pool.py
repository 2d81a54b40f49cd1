from datetime import datetime, timedelta
from functools import partial

import pytest

from services.customers.lead import LEAD, qualify
from services.customers.pool import claim, recycle, release
from shared.events.lead import LeadClaimed, LeadDisqualified, LeadEvent, LeadReleased
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

WEEK = timedelta(days=7)
CLAIMED = LeadClaimed(lead_id="l-1", owner="p-li", occurred_at=NOON)
DISQUALIFIED = LeadDisqualified(lead_id="l-1", reason="A student", occurred_at=ELEVEN)

release_it = partial(release, reason="No time", at=ELEVEN)
claim_it = partial(claim, owner="p-li", at=NOON)


def recycle_at(at: datetime) -> partial[list[LeadEvent]]:
    return partial(recycle, at=at, after=WEEK)


def test_a_lead_is_released_into_the_pool_once() -> None:
    given(LEAD, CREATED, ASSIGNED).when(release_it).then(RELEASED)
    given(LEAD, CREATED, ASSIGNED, RELEASED).when(release_it).then()


def test_a_qualified_lead_that_is_released_has_to_be_qualified_anew() -> None:
    again = QUALIFIED.model_copy(update={"by": "p-li", "owner": "p-li", "occurred_at": NOON})
    given(LEAD, CREATED, ASSIGNED, QUALIFIED, RELEASED, CLAIMED).when(
        partial(qualify, by="p-li", at=NOON)
    ).then(again)


def test_a_disqualified_lead_is_not_released() -> None:
    given(LEAD, CREATED, DISQUALIFIED).when(release_it).then_refused("lead-disqualified")


def test_a_lead_is_not_released_before_the_last_thing_happened() -> None:
    given(LEAD, CREATED, ASSIGNED).when(partial(release, reason="No time", at=NINE)).then_refused(
        "out-of-order"
    )


def test_anybody_claims_a_lead_from_the_pool() -> None:
    given(LEAD, CREATED, ASSIGNED, RELEASED).when(claim_it).then(CLAIMED)


def test_claiming_it_twice_is_claiming_it_once() -> None:
    given(LEAD, CREATED, ASSIGNED, RELEASED, CLAIMED).when(claim_it).then()


def test_only_the_first_who_claims_it_gets_it() -> None:
    given(LEAD, CREATED, ASSIGNED, RELEASED, CLAIMED).when(
        partial(claim, owner="p-zhou", at=NOON)
    ).then_refused("lead-not-in-pool")


def test_a_lead_outside_the_pool_is_not_claimed() -> None:
    given(LEAD, CREATED).when(claim_it).then_refused("lead-not-in-pool")


def test_a_claim_cannot_come_before_the_release() -> None:
    given(LEAD, CREATED, ASSIGNED, RELEASED).when(partial(claim, owner="p-li", at=TEN)).then_refused(
        "out-of-order"
    )


def test_a_lead_that_nobody_contacts_goes_back_to_the_pool() -> None:
    recycled = LeadReleased(
        lead_id="l-1", reason="No contact within 7 days", previous="p-wang", occurred_at=TEN + WEEK
    )
    given(LEAD, CREATED, ASSIGNED).when(recycle_at(TEN + WEEK)).then(recycled)
    given(LEAD, CREATED, ASSIGNED, recycled).when(recycle_at(TEN + WEEK)).then()


def test_a_moment_before_the_due_time_it_stays() -> None:
    given(LEAD, CREATED, ASSIGNED).when(recycle_at(TEN + WEEK - timedelta(microseconds=1))).then()


def test_who_claims_it_has_the_whole_time_again() -> None:
    story = (CREATED, ASSIGNED, RELEASED, CLAIMED)
    given(LEAD, *story).when(recycle_at(TEN + WEEK)).then()
    recycled = LeadReleased(
        lead_id="l-1", reason="No contact within 7 days", previous="p-li", occurred_at=NOON + WEEK
    )
    given(LEAD, *story).when(recycle_at(NOON + WEEK)).then(recycled)


def test_a_contact_before_the_assignment_does_not_count() -> None:
    anew = ASSIGNED.model_copy(update={"owner": "p-li", "previous": "p-wang", "occurred_at": NOON})
    recycled = LeadReleased(
        lead_id="l-1", reason="No contact within 7 days", previous="p-li", occurred_at=NOON + WEEK
    )
    given(LEAD, CREATED, ASSIGNED, CONTACTED, anew).when(recycle_at(NOON + WEEK)).then(recycled)


@pytest.mark.parametrize(
    "story",
    [
        (),
        (CREATED,),
        (CREATED, ASSIGNED, CONTACTED),
        (CREATED, ASSIGNED, QUALIFIED),
        (CREATED, ASSIGNED, RELEASED),
        (CREATED, ASSIGNED, DISQUALIFIED),
    ],
    ids=["unknown", "unowned", "contacted", "qualified", "in the pool", "disqualified"],
)
def test_nothing_else_is_recycled(story: tuple[LeadEvent, ...]) -> None:
    given(LEAD, *story).when(recycle_at(NOON + 10 * WEEK)).then()
