"""What the simulated company's customers say, and how big its markets are."""

from collections import Counter
from datetime import date, datetime
from random import Random

import pytest

from baton.demo import company, survey_moves, voice
from baton.demo.clock import ZONE
from baton.demo.history import Beginning, stories
from services.customers.survey import SCORES

MONDAY = datetime(2025, 6, 2, 10, 0, tzinfo=ZONE)
STEPS = [step for steps in stories(Beginning(MONDAY, seed=8)) for step in steps]
TODAY = MONDAY.date()


def test_after_deliveries_and_complaints_customers_are_asked_and_most_answer() -> None:
    sent = Counter(step.body["about"] for step in STEPS if step.path == "/surveys")
    answered = {step.path for step in STEPS if step.path.endswith("/answer")}
    assert sent["delivery"] > 50
    assert sent["complaint"] > 10
    assert 0.4 < len(answered) / sent.total() < 0.8


def test_nobody_answers_what_they_were_not_asked() -> None:
    asked = {step.body["id"]: step.at for step in STEPS if step.path == "/surveys"}
    for step in STEPS:
        if step.path.endswith("/answer"):
            assert asked[step.path.split("/")[2]] < step.at


@pytest.mark.parametrize("kind", ["csat", "nps"])
def test_every_score_that_is_said_is_one_that_is_taken(kind: str) -> None:
    said = [voice.said(kind, Random(seed))["score"] for seed in range(200)]
    assert set(said) <= set(SCORES["csat" if kind == "csat" else "nps"])
    assert len(set(said)) > 3


def test_every_line_has_one_estimate_for_each_year() -> None:
    steps = list(voice.markets(date(2024, 12, 9), date(2025, 3, 3)))
    assert {(step.body["line"], step.body["start"]) for step in steps} == {
        (line, f"{year}-01-01")
        for line in (None, *(product.line for product in company.PRODUCTS))
        for year in (2024, 2025)
    }
    assert len({step.body["id"] for step in steps}) == len(steps) == 10
    sizes = [step.body["size"]["minor"] for step in steps if step.body["start"] == "2025-01-01"]
    assert 2 * max(sizes) == sum(sizes)


def test_live_customers_are_asked_once_for_each_sale() -> None:
    sale = {"id": "d-1", "account_id": "a-1", "owner": "li-jing", "line": "传感器 Sensors"}
    asked = {survey_moves.won(sale, Random(seed), TODAY).body["id"] for seed in range(20)}
    assert asked == {"relationship-d-1"}
    paths = {survey_moves.delivered(sale, Random(seed), TODAY).path for seed in range(50)}
    assert paths == {"/surveys", "/complaints"}


def test_who_is_no_customer_of_ours_is_not_asked() -> None:
    nobody = {"id": "d-1", "account_id": None, "owner": "li-jing", "line": "传感器 Sensors"}
    assert {survey_moves.won(nobody, Random(seed), TODAY).path for seed in range(20)} == {"/leads"}
    assert {survey_moves.delivered(nobody, Random(seed), TODAY).path for seed in range(20)} == {"/complaints"}


def test_a_survey_is_answered_by_its_kind() -> None:
    for kind in SCORES:
        move = survey_moves.sent({"id": "s-1", "kind": kind}, Random(1), TODAY)
        assert (move.path, move.role) == ("/surveys/s-1/answer", "service")
        assert move.body["score"] in SCORES[kind]
