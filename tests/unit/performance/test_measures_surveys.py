"""What a survey adds: that it was sent, and the answer that counts."""

from typing import Final

import pytest

from services.performance.measures.surveys import surveys
from shared.events.examples.cast import at
from shared.events.survey import SurveyAnswered, SurveySent
from shared.projections.projection import Cell
from tests.unit.performance.measured import ZONE, adds, only

SURVEYS: Final = surveys(ZONE)

SENT = SurveySent(
    survey_id="1",
    kind="csat",
    account_id="acc-yunfan",
    about="delivery",
    subject="ord-1",
    owner="wang",
    line="Atlas",
    occurred_at=at("03-24 09:00"),
)
ANSWERED = SurveyAnswered.model_validate(
    {**SENT.model_dump(), "score": 2, "comment": "两台无法启动", "occurred_at": at("03-25 23:59")}
)
NPS = SENT.model_copy(update={"kind": "nps", "about": "relationship", "owner": None, "line": None})
PROMOTED = SurveyAnswered.model_validate({**NPS.model_dump(), "score": 10, "occurred_at": at("03-26 00:00")})


def _cell(measure: str, day: str, bucket: int = 0) -> Cell:
    return Cell(measure, f"2025-{day}", "wang", "Atlas", bucket=bucket)


def test_a_survey_counts_as_sent_on_its_day_for_whose_sale_it_is_about() -> None:
    assert adds(SURVEYS, SENT) == {_cell("csat_sent", "03-24"): 1}


def test_an_answer_counts_on_the_day_it_was_given() -> None:
    assert adds(SURVEYS, SENT, ANSWERED) == {
        _cell("csat_sent", "03-24"): 1,
        _cell("csat_answers", "03-25", 2): 1,
    }


def test_a_corrected_answer_replaces_the_first_on_the_day_of_the_correction() -> None:
    better = ANSWERED.model_copy(update={"score": 5, "occurred_at": at("04-01 08:00")})
    assert adds(SURVEYS, SENT, ANSWERED, better) == {
        _cell("csat_sent", "03-24"): 1,
        _cell("csat_answers", "04-01", 5): 1,
    }
    back = ANSWERED.model_copy(update={"occurred_at": at("04-02 08:00")})
    assert only(adds(SURVEYS, SENT, ANSWERED, better, back), "csat_answers") == {
        _cell("csat_answers", "04-02", 2): 1
    }


@pytest.mark.parametrize("score", [0, 6, 10])
def test_nps_is_counted_on_its_own_and_may_belong_to_nobody(score: int) -> None:
    answer = PROMOTED.model_copy(update={"score": score})
    assert adds(SURVEYS, NPS, answer) == {
        Cell("nps_sent", "2025-03-24"): 1,
        Cell("nps_answers", "2025-03-26", bucket=score): 1,
    }


def test_answers_without_the_comment_count_the_same() -> None:
    public = ANSWERED.model_copy(update={"comment": None})
    assert adds(SURVEYS, SENT, public) == adds(SURVEYS, SENT, ANSWERED)


def test_what_was_not_sent_adds_nothing() -> None:
    assert adds(SURVEYS) == {}
