"""What a lead adds, and how long it waited for a call: exactly one of three things can be said of that."""

from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.performance.measures.leads import leads
from shared.events.examples.cast import at
from shared.events.lead import (
    LeadAssigned,
    LeadClaimed,
    LeadContacted,
    LeadConverted,
    LeadCreated,
    LeadDisqualified,
    LeadEvent,
    LeadQualified,
    LeadReleased,
)
from shared.projections.projection import Cell
from tests.unit.performance.measured import ZONE, adds, only

LEADS: Final = leads(ZONE)
WAITED: Final = ("lead_response_minutes", "lead_waiting", "lead_dropped_minutes")
SINCE: Final = 20_151 * 1440 + 72
"""2025-03-04 09:12 in Shanghai is 01:12 of that day in UTC, 20,151 days after 1970-01-01."""

CREATED = LeadCreated(
    lead_id="1", company="云帆科技", source="Fair", line="Atlas", occurred_at=at("03-04 09:12")
)
ASSIGNED = LeadAssigned(lead_id="1", owner="wang", occurred_at=at("03-04 09:20"))
CONTACTED = LeadContacted(lead_id="1", by="wang", first=True, occurred_at=at("03-04 10:05"))
QUALIFIED = LeadQualified(lead_id="1", by="wang", company="云帆科技", occurred_at=at("03-05 09:12"))
CONVERTED = LeadConverted(
    lead_id="1",
    account_id="a",
    deal_id="d",
    owner="li",
    created_at=at("03-04 09:12"),
    occurred_at=at("03-05 12:12"),
)
RELEASED = LeadReleased(lead_id="1", reason="七天未跟进", occurred_at=at("03-11 09:20"))
CLAIMED = LeadClaimed(lead_id="1", owner="li", occurred_at=at("03-12 09:00"))
DROPPED = LeadDisqualified(lead_id="1", reason="联系不上", occurred_at=at("03-06 09:00"))


def _cell(measure: str, *, person: str = "wang", bucket: int = 0) -> Cell:
    return Cell(measure, "2025-03-04", person, "Atlas", bucket=bucket)


def test_a_lead_nobody_called_waits_since_the_minute_it_came_in() -> None:
    assert adds(LEADS, CREATED, ASSIGNED) == {
        _cell("leads"): 1,
        _cell("lead_waiting", bucket=SINCE): 1,
    }


def test_seconds_do_not_make_another_minute() -> None:
    late = CREATED.model_copy(update={"occurred_at": at("03-04 09:12:59.999999")})
    assert only(adds(LEADS, late), *WAITED) == {_cell("lead_waiting", person="", bucket=SINCE): 1}


def test_a_call_ends_the_waiting() -> None:
    assert adds(LEADS, CREATED, ASSIGNED, CONTACTED) == {
        _cell("leads"): 1,
        _cell("lead_response_minutes", bucket=53): 1,
    }


def test_the_first_call_stays_the_first() -> None:
    second = CONTACTED.model_copy(update={"first": False, "occurred_at": at("03-04 18:00")})
    assert adds(LEADS, CREATED, ASSIGNED, CONTACTED, second) == adds(LEADS, CREATED, ASSIGNED, CONTACTED)


def test_who_qualifies_a_lead_has_spoken_with_it() -> None:
    assert adds(LEADS, CREATED, ASSIGNED, QUALIFIED) == {
        _cell("leads"): 1,
        _cell("leads_qualified"): 1,
        _cell("lead_response_minutes", bucket=1440): 1,
    }


def test_a_conversion_is_a_contact_too_and_gives_the_lead_to_who_converted_it() -> None:
    assert adds(LEADS, CREATED, ASSIGNED, CONVERTED) == {
        _cell("leads", person="li"): 1,
        _cell("leads_qualified", person="li"): 1,
        _cell("lead_response_minutes", person="li", bucket=1620): 1,
    }


def test_a_contact_after_the_qualification_does_not_come_first() -> None:
    later = CONTACTED.model_copy(update={"occurred_at": at("03-05 15:00")})
    assert _cell("lead_response_minutes", bucket=1440) in adds(LEADS, CREATED, ASSIGNED, QUALIFIED, later)


def test_a_lead_dropped_without_a_call_is_a_censored_one() -> None:
    assert adds(LEADS, CREATED, ASSIGNED, DROPPED) == {
        _cell("leads"): 1,
        _cell("lead_dropped_minutes", bucket=2 * 1440 - 12): 1,
    }


@pytest.mark.parametrize("story", [[CONTACTED], [QUALIFIED], [CONTACTED, QUALIFIED]])
def test_a_lead_dropped_after_a_call_had_its_call_and_is_not_qualified(story: list[LeadEvent]) -> None:
    added = adds(LEADS, CREATED, ASSIGNED, *story, DROPPED)
    bucket = 53 if CONTACTED in story else 1440
    assert added == {_cell("leads"): 1, _cell("lead_response_minutes", bucket=bucket): 1}


def test_a_lead_in_the_pool_waits_for_nobody_in_particular_and_from_the_same_minute() -> None:
    assert adds(LEADS, CREATED, ASSIGNED, RELEASED) == {
        _cell("leads", person=""): 1,
        _cell("lead_waiting", person="", bucket=SINCE): 1,
    }
    assert _cell("lead_waiting", person="li", bucket=SINCE) in adds(
        LEADS, CREATED, ASSIGNED, RELEASED, CLAIMED
    )


def test_a_lead_that_was_not_created_adds_nothing() -> None:
    assert adds(LEADS) == {}


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ASSIGNED, CONTACTED, QUALIFIED, CONVERTED, RELEASED, CLAIMED, DROPPED]),
            st.integers(0, 20_000),
        )
    )
)
def test_whatever_happens_to_a_lead_one_thing_is_said_of_its_waiting(
    story: list[tuple[LeadEvent, int]],
) -> None:
    happened: list[LeadEvent] = [CREATED]
    for event, minutes in story:
        later = happened[-1].occurred_at + timedelta(minutes=minutes)
        happened.append(event.model_copy(update={"occurred_at": later}))
    added = adds(LEADS, *happened)
    [(cell, count)] = only(added, *WAITED).items()
    assert count == 1
    assert only(added, "leads") == {cell.of("leads"): 1}
