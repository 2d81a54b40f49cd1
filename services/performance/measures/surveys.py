"""What a survey 满意度调查 adds to the boards: that it was sent, and the answer that counts."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from services.performance.days import day_of
from shared.events.survey import SurveyAnswered, SurveyEvent, SurveyKind, SurveySent
from shared.projections.projection import Contribution, Projection, place


class Survey(msgspec.Struct, frozen=True):
    kind: SurveyKind = "csat"
    owner: str = ""
    line: str = ""
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    score: int = 0


def evolve(survey: Survey, event: SurveyEvent) -> Survey:
    match event:
        case SurveySent():
            return Survey(
                kind=event.kind, owner=event.owner or "", line=event.line or "", sent_at=event.occurred_at
            )
        case SurveyAnswered():
            return msgspec.structs.replace(survey, answered_at=event.occurred_at, score=event.score)
        case _:
            return survey


def contribute(survey: Survey, *, zone: ZoneInfo) -> Contribution:
    """A corrected answer counts on the day of the correction; what it replaced counts no more."""
    cells = {}
    if survey.sent_at is not None:
        sent = place(day=day_of(survey.sent_at, zone), person=survey.owner, line=survey.line)
        cells[sent.of(f"{survey.kind}_sent")] = 1
    if survey.answered_at is not None:
        answered = place(day=day_of(survey.answered_at, zone), person=survey.owner, line=survey.line)
        cells[answered.of(f"{survey.kind}_answers", bucket=survey.score)] = 1
    return cells


def surveys(zone: ZoneInfo) -> Projection[Survey]:
    return Projection(
        name="surveys",
        version=1,
        state=Survey,
        initial=Survey(),
        events=(SurveySent, SurveyAnswered),
        evolve=evolve,
        contribute=partial(contribute, zone=zone),
    )
