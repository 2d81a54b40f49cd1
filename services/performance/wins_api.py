"""The deals won last, over HTTP 最近赢单."""

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel

from services.performance.answered import board
from services.performance.currencies import major
from services.performance.formulas import as_number
from services.performance.kpis_api import LookAt
from services.performance.links import link
from services.performance.question import Question
from services.performance.views import Board, Known
from services.performance.wins import last_wins
from shared.service.actor import Asking
from shared.service.pages import Limit

router = APIRouter(tags=["wins 赢单"])


class WinView(BaseModel):
    """A deal that was won; ``value`` is what it is worth now, in major units of its currency."""

    deal: str
    link: str | None
    person: str
    name: str
    """The person's; their id where it is not known."""
    product: str
    line: str
    value: Known
    unit: str
    occurred_at: datetime
    recorded_at: datetime


class WinBoard(Board):
    wins: list[WinView]


@router.get("/wins", summary="The deals won last, newest first 最近赢单")
def wins(request: Request, asked: Question, looks: LookAt, _actor: Asking, limit: Limit = 20) -> WinBoard:
    """Those of the period that are still won; a deal that was reopened since is left out."""
    links = request.app.state.settings.urls()
    with looks.at(asked.scope) as look:
        people, _ = look.organisation
        found = last_wins(look, limit)
        return WinBoard(
            **board(asked, look),
            wins=[
                WinView(
                    deal=win.deal,
                    link=link(win.deal, links),
                    person=win.person,
                    name=(people[win.person].name if win.person in people else "") or win.person,
                    product=win.product,
                    line=win.line,
                    value=as_number(major(win.minor, win.currency)),
                    unit=win.currency,
                    occurred_at=win.occurred_at,
                    recorded_at=win.recorded_at,
                )
                for win in found
            ],
        )
