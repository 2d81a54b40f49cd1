"""Decisions about forecast commits."""

from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from services.performance.commit import COMMIT, commit, commit_id_of, withdraw
from services.performance.measures.commits import COMMITS
from shared.events.commit import ForecastCommitted, ForecastWithdrawn
from shared.events.event import Event
from shared.events.examples.cast import at, on
from shared.projections.projection import Cell
from tests.given import given
from tests.unit.performance.world import money

MARCH_ID = commit_id_of("wang", start=on("03-01"), end=on("04-01"))


def committed(**otherwise: Any) -> ForecastCommitted:
    """Wang's word for March: 800, at best 1,000."""
    said = {
        "commit_id": MARCH_ID,
        "person_id": "wang",
        "start": on("03-01"),
        "end": on("04-01"),
        "commit": money(800),
        "best_case": money(1000),
        "note": "云帆科技这个月签",
        "occurred_at": at("03-03 09:00"),
    }
    return ForecastCommitted.model_validate(said | otherwise)


MARCH = committed()
LESS = committed(commit=money(600), occurred_at=at("03-10 09:00"))
GONE = ForecastWithdrawn(commit_id=MARCH_ID, occurred_at=at("03-20 09:00"))

away = partial(withdraw, at=at("03-20 09:00"))


def test_a_commit_is_given_and_the_same_again_is_ignored() -> None:
    given(COMMIT).when(partial(commit, wanted=MARCH)).then(MARCH)
    later = committed(occurred_at=at("03-05 09:00"))
    given(COMMIT, MARCH).when(partial(commit, wanted=later)).then()


@pytest.mark.parametrize(
    "new",
    [LESS, committed(best_case=money(1200)), committed(note=None), committed(note="客户推迟")],
    ids=["commit", "best-case", "no-note", "note"],
)
def test_a_newer_commit_replaces_the_older(new: ForecastCommitted) -> None:
    given(COMMIT, MARCH).when(partial(commit, wanted=new)).then(new)


def test_a_commit_is_given_back_and_forth_each_time_anew() -> None:
    again = committed(occurred_at=at("03-12 09:00"))
    given(COMMIT, MARCH, LESS).when(partial(commit, wanted=again)).then(again)


def test_a_commit_is_withdrawn_once_and_may_be_given_again() -> None:
    given(COMMIT, MARCH).when(away).then(GONE)
    given(COMMIT, MARCH, GONE).when(away).then()
    given(COMMIT).when(away).then_refused("not-found")
    given(COMMIT, MARCH, GONE).when(partial(commit, wanted=MARCH)).then(MARCH)


def test_the_best_case_may_be_the_commit_but_not_less() -> None:
    even = committed(best_case=money(800))
    given(COMMIT).when(partial(commit, wanted=even)).then(even)
    less = committed(best_case=money(799))
    given(COMMIT).when(partial(commit, wanted=less)).then_refused("low-best-case")
    given(COMMIT, MARCH).when(partial(commit, wanted=less)).then_refused("low-best-case")


def test_commit_and_best_case_are_in_one_currency() -> None:
    two = committed(best_case=money(1000, "USD"))
    given(COMMIT).when(partial(commit, wanted=two)).then_refused("two-currencies")


@pytest.mark.parametrize("end", ["02-28", "03-01"])
def test_a_period_must_have_a_day(end: str) -> None:
    given(COMMIT).when(partial(commit, wanted=committed(end=on(end)))).then_refused("empty-period")


def test_a_period_has_at_most_a_leap_year() -> None:
    year = committed(end=on("03-02").replace(year=2026))
    given(COMMIT).when(partial(commit, wanted=year)).then(year)
    longer = committed(end=on("03-03").replace(year=2026))
    given(COMMIT).when(partial(commit, wanted=longer)).then_refused("long-period")


def test_a_person_and_a_period_have_one_commit() -> None:
    assert commit_id_of("wang", start=on("03-01"), end=on("04-01")) == MARCH_ID
    others = {
        commit_id_of("li", start=on("03-01"), end=on("04-01")),
        commit_id_of("wang", start=on("03-02"), end=on("04-01")),
        commit_id_of("wang", start=on("03-01"), end=on("06-01")),
    }
    assert len(others | {MARCH_ID}) == 4


def cells(*events: Event) -> dict[Cell, int]:
    seen = COMMITS.initial
    for event in events:
        seen = COMMITS.evolve(seen, event)
    return dict(COMMITS.contribute(seen))


def amounts(start: str, days: int, commit: int, best_case: int) -> dict[Cell, int]:
    where = Cell("", f"2025-{start}", "wang", currency="CNY", bucket=days)
    return {
        replace(where, measure="commit_amount"): commit,
        replace(where, measure="best_case_amount"): best_case,
    }


def test_it_counts_whole_on_the_first_day_of_its_period_and_only_the_last_word() -> None:
    assert cells(MARCH) == amounts("03-01", 31, 800_00, 1000_00)
    assert cells(MARCH, LESS) == amounts("03-01", 31, 600_00, 1000_00)


def test_a_month_and_a_quarter_that_begin_together_stay_apart() -> None:
    quarter = committed(start=on("01-01"), end=on("04-01"))
    month = committed(start=on("01-01"), end=on("02-01"))
    assert cells(quarter) == amounts("01-01", 90, 800_00, 1000_00)
    assert not cells(quarter).keys() & cells(month).keys()


def test_what_was_withdrawn_counts_no_more_until_it_is_given_again() -> None:
    assert cells(MARCH, GONE) == {}
    assert cells(MARCH, GONE, LESS) == amounts("03-01", 31, 600_00, 1000_00)
    assert cells(GONE) == {}


def test_the_read_model_keeps_who_and_why_and_every_state_it_had() -> None:
    seen = COMMITS.evolve(COMMITS.initial, MARCH)
    assert (seen.person, seen.note, seen.given_at) == ("wang", "云帆科技这个月签", MARCH.occurred_at)
    assert COMMITS.index(seen) == {"person": "wang"}
    assert COMMITS.index(COMMITS.evolve(seen, GONE)) == {}
    assert COMMITS.dated
