from functools import partial

import pytest

from services.customers import account
from services.customers.survey import SURVEY, answer, send
from shared.events.survey import SurveyAnswered, SurveyEvent
from shared.eventstore.decider import NotFound
from tests.given import given
from tests.unit.customers.controls import ACCOUNT, ASKED_NPS, ELEVEN, NINE, NOON, SENT, TEN

CUSTOMER = account.evolve(account.NotOpened(), ACCOUNT)
UNHAPPY = SurveyAnswered(
    survey_id="s-1",
    kind="csat",
    account_id="a-1",
    about="delivery",
    subject="o-1",
    owner="p-wang",
    line="presses",
    score=2,
    comment="两台无法启动",
    occurred_at=TEN,
)
HAPPY_AFTER_ALL = UNHAPPY.model_copy(update={"score": 5, "comment": None, "occurred_at": ELEVEN})

send_it = partial(send, sent=SENT, customer=CUSTOMER)
answer_it = partial(answer, score=2, comment="两台无法启动", at=TEN)
think_better = partial(answer, score=5, comment=None, at=ELEVEN)


def test_a_customer_is_asked_once() -> None:
    given(SURVEY).when(send_it).then(SENT)
    later = SENT.model_copy(update={"occurred_at": NOON})
    given(SURVEY, SENT).when(partial(send, sent=later, customer=CUSTOMER)).then()
    given(SURVEY, SENT, UNHAPPY).when(send_it).then()


def test_another_survey_cannot_have_its_id() -> None:
    given(SURVEY, SENT).when(partial(send, sent=ASKED_NPS, customer=CUSTOMER)).then_refused("id-taken")


def test_nobody_is_asked_who_is_not_there_or_has_become_another() -> None:
    given(SURVEY).when(partial(send, sent=SENT, customer=account.NotOpened())).then_refused("not-found")
    gone = account.Merged(account.usable(CUSTOMER), into="a-2")
    given(SURVEY).when(partial(send, sent=SENT, customer=gone)).then_refused("account-merged")


def test_an_answer_says_all_that_the_survey_was_about() -> None:
    given(SURVEY, SENT).when(answer_it).then(UNHAPPY)


@pytest.mark.parametrize("comment", ["两台无法启动", None])
def test_the_same_answer_again_is_ignored(comment: str | None) -> None:
    again = partial(answer, score=2, comment=comment, at=NOON)
    given(SURVEY, SENT, UNHAPPY).when(again).then()


def test_another_score_replaces_the_answer_and_its_comment() -> None:
    given(SURVEY, SENT, UNHAPPY).when(think_better).then(HAPPY_AFTER_ALL)
    given(SURVEY, SENT, UNHAPPY, HAPPY_AFTER_ALL).when(think_better).then()


def test_another_comment_replaces_the_answer_too() -> None:
    more = UNHAPPY.model_copy(update={"comment": "已修好", "occurred_at": ELEVEN})
    given(SURVEY, SENT, UNHAPPY).when(partial(answer, score=2, comment="已修好", at=ELEVEN)).then(more)


def test_who_goes_back_to_the_first_score_has_answered_a_third_time() -> None:
    back = UNHAPPY.model_copy(update={"occurred_at": NOON})
    story: list[SurveyEvent] = [SENT, UNHAPPY, HAPPY_AFTER_ALL]
    given(SURVEY, *story).when(partial(answer, score=2, comment="两台无法启动", at=NOON)).then(back)


@pytest.mark.parametrize("score", [-1, 0, 6, 10])
def test_csat_is_one_to_five(score: int) -> None:
    given(SURVEY, SENT).when(partial(answer, score=score, comment=None, at=TEN)).then_refused(
        "score-out-of-range"
    )


@pytest.mark.parametrize("score", [-1, 11])
def test_nps_ends_at_nought_and_ten(score: int) -> None:
    refused = partial(answer, score=score, comment=None, at=TEN)
    given(SURVEY, ASKED_NPS).when(refused).then_refused("score-out-of-range")


@pytest.mark.parametrize("score", [0, 10])
def test_nps_has_nought_and_ten(score: int) -> None:
    said = UNHAPPY.model_copy(
        update={
            "kind": "nps",
            "about": "relationship",
            "subject": None,
            "score": score,
            "comment": None,
        }
    )
    given(SURVEY, ASKED_NPS).when(partial(answer, score=score, comment=None, at=TEN)).then(said)


def test_nobody_answers_before_they_were_asked_or_before_the_last_answer() -> None:
    early = SENT.model_copy(update={"occurred_at": ELEVEN})
    given(SURVEY, early).when(answer_it).then_refused("out-of-order")
    before = partial(answer, score=4, comment=None, at=NINE)
    given(SURVEY, SENT, UNHAPPY).when(before).then_refused("out-of-order")


def test_nobody_answers_what_was_not_asked() -> None:
    with pytest.raises(NotFound):
        answer_it(SURVEY.initial)
