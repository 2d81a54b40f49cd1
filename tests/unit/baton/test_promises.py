"""What the simulated company's sellers promise."""

from datetime import datetime

import pytest

from baton.demo import company
from baton.demo.clock import ZONE
from baton.demo.promises import commits

MONDAY = datetime(2025, 6, 16, 10, 0, tzinfo=ZONE)


def test_every_seller_commits_once_for_the_present_month() -> None:
    steps = list(commits(MONDAY, seed=8))
    assert {step.body["person_id"] for step in steps} == {seller.id for seller in company.sellers()}
    assert len(steps) == len(company.sellers())
    assert {(step.body["start"], step.body["end"]) for step in steps} == {("2025-06-01", "2025-07-01")}


def test_nobody_hopes_for_less_than_they_promise_and_amounts_are_round() -> None:
    targets = {seller.id: seller.target for seller in company.sellers()}
    for step in commits(MONDAY, seed=8):
        promised, hoped = step.body["commit"]["minor"], step.body["best_case"]["minor"]
        assert 0.65 <= promised / 100 / targets[step.body["person_id"]] <= 1.05
        assert promised < hoped
        assert promised % 1_000_00 == hoped % 1_000_00 == 0


@pytest.mark.parametrize(
    ("now", "given"),
    [("2025-06-16 10:00", "2025-06-02 09:00"), ("2025-06-01 12:00", "2025-06-01 12:00")],
    ids=["on the first working morning", "on the Sunday before it"],
)
def test_it_is_given_in_the_month_and_not_in_the_future(now: str, given: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=ZONE)
    expected = datetime.fromisoformat(given).replace(tzinfo=ZONE)
    assert {step.at for step in commits(at, seed=8)} == {expected}


def test_the_same_company_promises_the_same() -> None:
    assert list(commits(MONDAY, seed=8)) == list(commits(MONDAY, seed=8))
    assert list(commits(MONDAY, seed=8)) != list(commits(MONDAY, seed=9))
