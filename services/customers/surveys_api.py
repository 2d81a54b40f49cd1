"""Surveys over HTTP."""

from datetime import datetime
from functools import partial

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.customers import survey
from services.customers.pages import listed, view
from services.customers.parts import Accounts, Store, SurveyList, Surveys
from services.customers.seeing import as_seen
from services.customers.shown import shown
from services.customers.survey_list import SURVEYS, SurveyState
from shared.departments.seeing import InSight, Seen
from shared.events.event import Id, Label, Text
from shared.events.survey import About, Score, SurveyKind, SurveySent
from shared.service.commands import Asked, Body, Created
from shared.service.history import Happened
from shared.service.pages import Cursor, Limit, Listed

router = APIRouter(prefix="/surveys", tags=["surveys 满意度调查"], dependencies=[InSight])


class SendSurvey(Body):
    id: Id | None = None
    kind: SurveyKind
    account_id: Id
    about: About
    subject: Id | None = None
    """The order or the complaint it is about."""
    owner: Id | None = None
    line: Label | None = None

    def event(self, survey_id: str, at: datetime) -> SurveySent:
        content = self.model_dump(exclude={"id", "occurred_at"})
        return SurveySent(survey_id=survey_id, **content, occurred_at=at)


class Answer(Body):
    score: Score
    """CSAT: 1 (very unhappy) to 5 (very happy). NPS: 0 (never) to 10 (certainly)."""
    comment: Text | None = None


class SurveyView(BaseModel):
    id: str
    kind: SurveyKind
    account_id: str
    about: About
    subject: str | None
    owner: str | None
    line: str | None
    state: SurveyState
    score: int | None
    comment: str | None
    sent_at: datetime
    answered_at: datetime | None
    """When the answer that counts was given: the last one."""
    changed_at: datetime


class SurveyFile(SurveyView):
    history: list[Happened]


@router.post("", status_code=201, summary="Ask a customer 发送调查")
async def send(body: SendSurvey, surveys: Surveys, accounts: Accounts, asked: Asked) -> Created:
    survey_id = asked.new_id(body.id)
    customer = as_seen((await accounts.load(body.account_id)).state, asked.actor)
    sent = body.event(survey_id, asked.at(body))
    await asked.run(surveys, survey_id, partial(survey.send, sent=sent, customer=customer))
    return Created(id=survey_id)


@router.post("/{survey_id}/answer", status_code=204, summary="What the customer says 评分")
async def answer(survey_id: Id, body: Answer, surveys: Surveys, asked: Asked) -> None:
    """The later answer replaces the earlier. 409 `score-out-of-range` where CSAT is not 1 to 5."""
    decide = partial(survey.answer, score=body.score, comment=body.comment, at=asked.at(body))
    await asked.run(surveys, survey_id, decide)


@router.get("", summary="Surveys, newest first")
def all_surveys(
    survey_list: SurveyList,
    seen: Seen,
    kind: SurveyKind | None = None,
    account: Id | None = None,
    state: SurveyState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[SurveyView]:
    where = {"kind": kind, "account": account, "state": state}
    return listed(SurveyView, survey_list.page(where=where, among=seen, cursor=cursor, limit=limit))


@router.get("/{survey_id}", summary="One survey with its history")
async def one_survey(survey_id: Id, store: Store, response: Response) -> SurveyFile:
    it = await shown(store, SURVEYS, survey.SURVEY.stream(survey_id), response)
    return view(SurveyFile, it.now, history=it.history)
