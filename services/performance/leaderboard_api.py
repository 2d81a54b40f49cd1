"""The leaderboard over HTTP: who does best at a KPI 排行榜."""

from fastapi import APIRouter

from services.performance.answered import board, under_plan, values
from services.performance.boards import By, groups
from services.performance.kpis.catalogue import terms
from services.performance.kpis.kpi import Kpi
from services.performance.kpis_api import LookAt, chosen
from services.performance.look import Look
from services.performance.question import Asked, Question
from services.performance.ranking import Named, ranked
from services.performance.views import Leaderboard, Row
from shared.service.actor import Asking

router = APIRouter(tags=["leaderboard 排行榜"])


@router.get("/leaderboard", summary="Who does best at a KPI 排行榜")
def leaderboard(
    asked: Question, looks: LookAt, _actor: Asking, by: By = "person", kpi: str = "won_amount"
) -> Leaderboard:
    (it,) = under_plan(chosen([kpi]), asked)
    with looks.at(asked.scope) as look:
        rows = ranking(look, asked, it, by=by)
        label = asked.said(it.zh, it.en)
        return Leaderboard(**board(asked, look), by=by, kpi=it.name, label=label, rows=rows)


def ranking(look: Look, asked: Asked, kpi: Kpi, *, by: By) -> list[Row]:
    """Everybody or everything with a value, best first."""
    found = [
        Named(group.id, group.name, value)
        for group in groups(look, by, terms([kpi]))
        for value in values(kpi, group.sums, asked)
    ]
    return ranked(kpi, found)
