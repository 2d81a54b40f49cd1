"""The leaderboard over HTTP: who does best at a KPI 排行榜."""

from dataclasses import replace

from fastapi import APIRouter

from services.performance.answered import board, under_plan, values
from services.performance.boards import By, groups
from services.performance.kpis.catalogue import terms
from services.performance.kpis.kpi import Kpi
from services.performance.kpis_api import LookAt, chosen
from services.performance.look import Look
from services.performance.question import Asked, Question
from services.performance.ranking import Named, ranked
from services.performance.selection import unanswerable
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
        return Leaderboard(
            **board(asked, look),
            by=by,
            kpi=it.name,
            label=asked.said(it.zh, it.en),
            note=not_kept_by(it, asked, by),
            rows=rows,
        )


def ranking(look: Look, asked: Asked, kpi: Kpi, *, by: By) -> list[Row]:
    """Everybody or everything with a value, best first."""
    if not_kept_by(kpi, asked, by):
        return []
    found = [
        Named(group.id, group.name, value)
        for group in groups(look, by, terms([kpi]))
        for value in values(kpi, group.sums, asked)
    ]
    return ranked(kpi, found)


def not_kept_by(kpi: Kpi, asked: Asked, by: By) -> str | None:
    """The note that this is nothing anybody could be first at, where a KPI is not kept by it."""
    filters = asked.scope.filters
    one = replace(filters, **{by: getattr(filters, by) or "anyone"})
    missing = unanswerable(kpi.formula, one)
    return f"not-kept-by:{missing}" if missing else None
