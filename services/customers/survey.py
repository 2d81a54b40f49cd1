"""Surveys 满意度调查: sent to a customer and answered; a customer who thinks better of it answers anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from services.customers.account import Account, usable
from shared.events.survey import SurveyAnswered, SurveyEvent, SurveyKind, SurveySent
from shared.eventstore.decider import Aggregate, NotFound, Refused
from shared.eventstore.whose import EVERYBODYS, Whose

SCORES: Final[Mapping[SurveyKind, range]] = {"csat": range(1, 6), "nps": range(11)}


@dataclass(frozen=True)
class NotSent:
    pass


@dataclass(frozen=True)
class Sent:
    sent: SurveySent


@dataclass(frozen=True)
class Answered:
    sent: SurveySent
    said: SurveyAnswered
    """The last answer: it alone counts."""


Survey = NotSent | Sent | Answered


def evolve(survey: Survey, event: SurveyEvent) -> Survey:
    match event:
        case SurveySent():
            return Sent(event)
        case SurveyAnswered():
            return Answered(_sent(survey), event)
        case _:
            assert_never(event)


def whose(survey: Survey) -> Whose:
    """Whose its account is."""
    if isinstance(survey, NotSent):
        return EVERYBODYS
    return Whose(account_id=survey.sent.account_id)


SURVEY: Final = Aggregate[Survey, SurveyEvent](
    category="survey",
    initial=NotSent(),
    evolve=evolve,
    whose=whose,
)


def send(survey: Survey, *, sent: SurveySent, customer: Account) -> list[SurveyEvent]:
    """Ask a customer who is there."""
    match survey:
        case NotSent():
            usable(customer)
            return [sent]
        case Sent(sent=was) | Answered(sent=was):
            if was.model_copy(update={"occurred_at": sent.occurred_at}) == sent:
                return []
            raise Refused("Another survey has this id.", code="id-taken")
        case _:
            assert_never(survey)


def answer(survey: Survey, *, score: int, comment: str | None, at: datetime) -> list[SurveyEvent]:
    """What the customer says; another score, or another comment, replaces what they said before."""
    sent = _sent(survey)
    scores = SCORES[sent.kind]
    if score not in scores:
        allowed = f"{scores[0]} to {scores[-1]}"
        raise Refused(f"A {sent.kind.upper()} score is {allowed}.", code="score-out-of-range")
    last: SurveyEvent = sent
    if isinstance(survey, Answered):
        if score == survey.said.score and comment in (None, survey.said.comment):
            return []
        last = survey.said
    if at < last.occurred_at:
        raise Refused("Something happened to the survey after that moment already.", code="out-of-order")
    return [SurveyAnswered(**sent.model_dump() | {"score": score, "comment": comment, "occurred_at": at})]


def _sent(survey: Survey) -> SurveySent:
    match survey:
        case Sent(sent=sent) | Answered(sent=sent):
            return sent
        case NotSent():
            raise NotFound("There is no such survey.")
        case _:
            assert_never(survey)
