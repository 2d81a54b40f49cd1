"""The list of surveys, with what the customers said: personal data that stays in this service."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from shared.events.survey import About, SurveyAnswered, SurveyEvent, SurveyKind, SurveySent
from shared.projections.projection import Projection

SurveyState = Literal["sent", "answered"]


class SurveyRow(Struct, frozen=True):
    id: str = ""
    kind: SurveyKind = "csat"
    account_id: str = ""
    about: About = "relationship"
    subject: str | None = None
    owner: str | None = None
    line: str | None = None
    state: SurveyState = "sent"
    score: int | None = None
    comment: str | None = None
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    changed_at: datetime | None = None


def evolve(row: SurveyRow, event: SurveyEvent) -> SurveyRow:
    at = event.occurred_at
    match event:
        case SurveySent():
            return SurveyRow(
                id=event.survey_id,
                kind=event.kind,
                account_id=event.account_id,
                about=event.about,
                subject=event.subject,
                owner=event.owner,
                line=event.line,
                sent_at=at,
                changed_at=at,
            )
        case SurveyAnswered():
            said = {"score": event.score, "comment": event.comment}
            return replace(row, state="answered", answered_at=at, changed_at=at, **said)
        case _:
            return row


def index(row: SurveyRow) -> Mapping[str, str]:
    return {"kind": row.kind, "account": row.account_id, "state": row.state}


SURVEYS: Final = Projection(
    name="surveys",
    version=1,
    state=SurveyRow,
    initial=SurveyRow(),
    events=(SurveySent, SurveyAnswered),
    evolve=evolve,
    index=index,
)
