"""What a complaint adds: its times on the day it was filed, the satisfaction on the day it was closed."""

from typing import Final

import pytest

from services.performance.measures.complaints import complaints
from shared.events.complaint import (
    ComplaintAcknowledged,
    ComplaintClosed,
    ComplaintEvent,
    ComplaintFiled,
    ComplaintReopened,
    ComplaintResolved,
)
from shared.events.examples.cast import at
from shared.projections.projection import Cell
from tests.unit.performance.measured import ZONE, adds, only

COMPLAINTS: Final = complaints(ZONE)
SINCE: Final = 20_151 * 1440 + 1010
"""2025-03-05 00:50 in Shanghai is 16:50 of the day before in UTC, 20,151 days after 1970-01-01."""

FILED = ComplaintFiled(complaint_id="1", subject="两台无法启动", occurred_at=at("03-05 00:50"))
ANSWERED = ComplaintAcknowledged(complaint_id="1", by="olivia", occurred_at=at("03-05 09:05"))
RESOLVED = ComplaintResolved(complaint_id="1", resolution="已更换电源", occurred_at=at("03-06 00:50"))
REOPENED = ComplaintReopened(complaint_id="1", reason="又停机了", occurred_at=at("03-07 10:00"))
RESOLVED_AGAIN = ComplaintResolved(complaint_id="1", resolution="Replaced", occurred_at=at("03-08 01:00"))
CLOSED = ComplaintClosed(complaint_id="1", satisfaction=4, occurred_at=at("04-01 00:10"))

OPEN = Cell("complaints_open")


def _filed(measure: str, bucket: int = 0) -> Cell:
    return Cell(measure, "2025-03-05", bucket=bucket)


def test_a_complaint_waits_for_an_answer_since_the_minute_it_was_filed() -> None:
    assert adds(COMPLAINTS, FILED) == {
        _filed("complaints_filed"): 1,
        _filed("complaint_waiting", SINCE): 1,
        OPEN: 1,
    }


def test_an_answer_ends_the_waiting_and_the_first_one_stays_the_first() -> None:
    answered = {
        _filed("complaints_filed"): 1,
        _filed("complaint_response_minutes", 8 * 60 + 15): 1,
        OPEN: 1,
    }
    assert adds(COMPLAINTS, FILED, ANSWERED) == answered
    again = ANSWERED.model_copy(update={"occurred_at": at("03-09 09:00")})
    assert adds(COMPLAINTS, FILED, ANSWERED, again) == answered


def test_what_was_resolved_without_a_word_before_was_answered_then() -> None:
    assert adds(COMPLAINTS, FILED, RESOLVED) == {
        _filed("complaints_filed"): 1,
        _filed("complaint_response_minutes", 1440): 1,
        _filed("complaint_resolution_minutes", 1440): 1,
    }


def test_reopening_takes_the_resolution_back_but_not_the_answer() -> None:
    assert adds(COMPLAINTS, FILED, ANSWERED, RESOLVED, REOPENED) == adds(COMPLAINTS, FILED, ANSWERED)
    quiet = adds(COMPLAINTS, FILED, RESOLVED, REOPENED)
    assert quiet == {_filed("complaints_filed"): 1, _filed("complaint_response_minutes", 1440): 1, OPEN: 1}


def test_the_last_resolution_counts_from_the_filing() -> None:
    added = adds(COMPLAINTS, FILED, ANSWERED, RESOLVED, REOPENED, RESOLVED_AGAIN)
    assert only(added, "complaint_resolution_minutes", "complaints_open") == {
        _filed("complaint_resolution_minutes", 3 * 1440 + 10): 1
    }


def test_satisfaction_counts_on_the_day_it_was_said() -> None:
    added = adds(COMPLAINTS, FILED, ANSWERED, RESOLVED, CLOSED)
    assert added == {
        _filed("complaints_filed"): 1,
        _filed("complaint_response_minutes", 495): 1,
        _filed("complaint_resolution_minutes", 1440): 1,
        Cell("csat_closings", "2025-04-01", bucket=4): 1,
    }


def test_a_customer_who_said_nothing_at_closing_has_not_answered() -> None:
    silent = CLOSED.model_copy(update={"satisfaction": None})
    assert only(adds(COMPLAINTS, FILED, RESOLVED, silent), "csat_closings") == {}


def test_a_closed_complaint_that_is_reopened_takes_its_satisfaction_back() -> None:
    story: list[ComplaintEvent] = [FILED, RESOLVED, CLOSED]
    reopened = REOPENED.model_copy(update={"occurred_at": at("04-02 10:00")})
    assert only(adds(COMPLAINTS, *story, reopened), "csat_closings", "complaints_open") == {OPEN: 1}
    resolved = RESOLVED.model_copy(update={"occurred_at": at("04-03 00:50")})
    silent = CLOSED.model_copy(update={"satisfaction": None, "occurred_at": at("04-04 09:00")})
    assert only(adds(COMPLAINTS, *story, reopened, resolved, silent), "csat_closings") == {}
    angry = CLOSED.model_copy(update={"satisfaction": 1, "occurred_at": at("04-04 09:00")})
    assert only(adds(COMPLAINTS, *story, reopened, resolved, angry), "csat_closings") == {
        Cell("csat_closings", "2025-04-04", bucket=1): 1
    }


@pytest.mark.parametrize("story", [[], [ANSWERED], [RESOLVED], [RESOLVED, CLOSED], [RESOLVED, REOPENED]])
def test_every_complaint_was_answered_or_waits_and_is_open_or_put_right(story: list[ComplaintEvent]) -> None:
    added = adds(COMPLAINTS, FILED, *story)
    assert sum(only(added, "complaint_response_minutes", "complaint_waiting").values()) == 1
    assert sum(only(added, "complaint_resolution_minutes", "complaints_open").values()) == 1
