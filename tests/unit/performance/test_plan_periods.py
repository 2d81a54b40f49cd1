"""Years have quarters, quarters months, months weeks; together they are the period they came from."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.performance.plan_periods import cut, kind_of, name_of, year_before
from shared.events.plan import PeriodKind
from shared.eventstore.decider import Refused


def named(start: str, end: str, kind: PeriodKind) -> dict[str, int]:
    """The parts of a period by their names, and how many days each has."""
    found = cut(date.fromisoformat(start), date.fromisoformat(end), kind)
    return {name_of(span): span.days for span in found}


def test_a_year_has_four_quarters() -> None:
    assert named("2026-01-01", "2027-01-01", "year") == {
        "2026-Q1": 90,
        "2026-Q2": 91,
        "2026-Q3": 92,
        "2026-Q4": 92,
    }


def test_a_year_that_begins_in_april_has_the_calendar_s_quarters_too() -> None:
    assert list(named("2026-04-01", "2027-04-01", "year")) == ["2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1"]


def test_a_year_that_begins_in_february_has_quarters_of_its_own() -> None:
    assert named("2026-02-01", "2027-02-01", "year") == {
        "2026-02-P3M": 89,
        "2026-05-P3M": 92,
        "2026-08-P3M": 92,
        "2026-11-P3M": 92,
    }


def test_a_quarter_has_three_months() -> None:
    assert named("2024-01-01", "2024-04-01", "quarter") == {"2024-01": 31, "2024-02": 29, "2024-03": 31}


def test_weeks_begin_on_monday_and_are_cut_at_the_month_s_edges() -> None:
    # 1 January 2026 is a Thursday, 1 February a Sunday
    january = {"2026-W01": 4, "2026-W02": 7, "2026-W03": 7, "2026-W04": 7, "2026-W05": 6}
    assert named("2026-01-01", "2026-02-01", "month") == january
    february = {"2026-W05": 1, "2026-W06": 7, "2026-W07": 7, "2026-W08": 7, "2026-W09": 6}
    assert named("2026-02-01", "2026-03-01", "month") == february


def test_the_first_days_of_a_year_may_be_in_the_last_week_of_the_year_before() -> None:
    assert next(iter(named("2027-01-01", "2027-02-01", "month"))) == "2026-W53"


def test_any_other_period_has_months_cut_at_its_edges() -> None:
    assert named("2026-01-20", "2026-04-03", "other") == {
        "2026-01": 12,
        "2026-02": 28,
        "2026-03": 31,
        "2026-04": 2,
    }


def test_a_week_has_no_shorter_periods() -> None:
    with pytest.raises(Refused) as refused:
        cut(date(2026, 1, 5), date(2026, 1, 12), "week")
    assert refused.value.code == "wrong-split"


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        ("2026-01-01", "2027-01-01", "year"),
        ("2026-04-01", "2027-04-01", "year"),
        ("2026-01-02", "2027-01-02", "other"),
        ("2026-07-01", "2026-10-01", "quarter"),
        ("2026-02-01", "2026-03-01", "month"),
        ("2026-02-02", "2026-02-09", "week"),
        ("2026-02-01", "2026-02-02", "week"),
        ("2026-02-01", "2026-02-03", "other"),
        ("2026-01-01", "2026-07-01", "other"),
    ],
)
def test_a_period_s_kind_is_seen_from_its_days(start: str, end: str, kind: str) -> None:
    assert kind_of(date.fromisoformat(start), date.fromisoformat(end)) == kind


@pytest.mark.parametrize(
    ("day", "before"),
    [("2026-03-01", "2025-03-01"), ("2028-02-29", "2027-02-28"), ("2028-02-28", "2027-02-28")],
)
def test_a_year_before_is_the_same_date(day: str, before: str) -> None:
    assert year_before(date.fromisoformat(day)) == date.fromisoformat(before)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 366))
def test_parts_follow_one_another_from_the_first_day_to_the_last(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    kind = kind_of(start, end)
    if kind == "week":
        return
    spans = cut(start, end, kind)
    assert (spans[0].start, spans[-1].end) == (start, end)
    assert all(one.end == other.start for one, other in pairwise(spans))
    assert all(span.start < span.end for span in spans)
    assert len({name_of(span) for span in spans}) == len(spans)
