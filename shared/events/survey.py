"""Surveys 满意度调查: what customers say when they are asked."""

from typing import Annotated, Literal

from pydantic import Field

from .event import Event, Id, Label, PersonalText

SurveyKind = Literal["csat", "nps"]
"""How satisfied they are (CSAT 满意度), or whether they would recommend us (NPS 净推荐值)."""

About = Literal["delivery", "complaint", "relationship"]
"""What they are asked about; the relationship is all that we do for them."""

Score = Annotated[int, Field(ge=0, le=10, strict=True)]
"""CSAT: 1 (very unhappy) to 5 (very happy). NPS: 0 (never) to 10 (certainly)."""


class OfSurvey(Event, category="survey", service="customers"):
    survey_id: Id


class SurveySent(OfSurvey, type="survey-sent.v1"):
    """A customer was asked; ``subject`` is the order or complaint, owner and line are of the sale."""

    kind: SurveyKind
    account_id: Id
    about: About
    subject: Id | None = None
    owner: Id | None = None
    line: Label | None = None


class SurveyAnswered(OfSurvey, type="survey-answered.v1", personal_to="survey-{survey_id}"):
    """What the customer says; answered again, the later answer replaces the earlier one whole."""

    kind: SurveyKind
    account_id: Id
    about: About
    subject: Id | None = None
    owner: Id | None = None
    line: Label | None = None
    score: Score
    comment: PersonalText = None


SurveyEvent = SurveySent | SurveyAnswered
