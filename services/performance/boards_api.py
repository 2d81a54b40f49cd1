"""The boards over HTTP: KPIs, funnel, leaderboard and hand-offs."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, HTTPException, Request

from services.performance.boards import Boards
from services.performance.formulas import as_number, evaluate, major
from services.performance.kpis import BY_NAME, KPIS, measures
from services.performance.measures.handoffs import Handoff
from services.performance.question import Asked, Question
from services.performance.ranking import Named, ranked
from services.performance.views import (
    Amounted,
    DepartmentView,
    Funnel,
    HandoffBoard,
    KpiBoard,
    KpiView,
    Leaderboard,
    OpenHandoff,
    StageView,
)
from shared.events.deal import STAGES
from shared.projections.lists import Kept
from shared.service.actor import Asking
from shared.service.commands import of_app

router = APIRouter(tags=["boards 看板"])


def _currency(request: Request) -> str:
    return str(request.app.state.settings.currency)


BoardData = Annotated[Boards, of_app("boards")]
HandoffList = Annotated[Kept[Handoff], of_app("handoff_list")]
Currency = Annotated[str, Depends(_currency)]
"""Names the unit of an amount where there is none yet."""

MOST_OPEN: Final = 200
"""Open hand-offs on the board: the most urgent, whenever they were asked for."""
IN_ONE_PAGE: Final = 500

STAGE_LABELS: Final = {
    "prospecting": ("初步接触", "Prospecting"),
    "engaging": ("需求沟通", "Engaging"),
    "proposing": ("方案报价", "Proposing"),
    "negotiating": ("商务谈判", "Negotiating"),
}


@router.get("/kpis", summary="All KPIs of a period 指标")
def kpis(asked: Question, boards: BoardData, currency: Currency, _actor: Asking) -> KpiBoard:
    needed = {measure for kpi in KPIS for measure in measures(kpi.formula)}
    sums = boards.sums(needed, asked.period, asked.filters, now=asked.today)
    views = [
        KpiView(
            name=kpi.name,
            label=asked.said(kpi.zh, kpi.en),
            unit=found.unit,
            currency=found.currency,
            value=as_number(found.value),
            numerator=as_number(found.numerator),
            denominator=as_number(found.denominator),
        )
        for kpi in KPIS
        for found in evaluate(kpi, sums, currency=currency)
    ]
    return KpiBoard(**_board(asked), kpis=views)


@router.get("/funnel", summary="The sales funnel of a cohort 销售漏斗")
def funnel(asked: Question, boards: BoardData, _actor: Asking) -> Funnel:
    needed = ("funnel_reached", "funnel_standing", "funnel_amount", "funnel_won", "funnel_lost")
    rows = boards.sums(needed, asked.period, asked.filters, now=asked.today)
    reached = rows.distribution("funnel_reached")
    standing = rows.distribution("funnel_standing")
    stages = []
    for i, stage in enumerate(STAGES):
        before = reached.get(i - 1, 0)
        stages.append(
            StageView(
                stage=stage,
                label=asked.said(*STAGE_LABELS[stage]),
                reached=reached.get(i, 0),
                standing=standing.get(i, 0),
                amount=[
                    Amounted(unit=c, value=as_number(major(rows.amount("funnel_amount", c, bucket=i), c)))
                    for c in rows.currencies(["funnel_amount"])
                ],
                conversion=as_number(Fraction(reached.get(i, 0), before) if before else None),
            )
        )
    won, lost = rows.count("funnel_won"), rows.count("funnel_lost")
    return Funnel(**_board(asked), stages=stages, opened=reached.get(0, 0), won=won, lost=lost)


@router.get("/leaderboard", summary="Who does best at a KPI 排行榜")
def leaderboard(
    asked: Question,
    boards: BoardData,
    currency: Currency,
    _actor: Asking,
    by: Literal["person", "team"] = "person",
    kpi: str = "won_amount",
) -> Leaderboard:
    chosen = BY_NAME.get(kpi)
    if chosen is None:
        raise HTTPException(422, f"There is no such KPI; there are {', '.join(BY_NAME)}.")
    groups = boards.by_person if by == "person" else boards.by_team
    found = [
        Named(entity, name, value)
        for entity, name, sums in groups(
            measures(chosen.formula), asked.period, asked.filters, now=asked.today
        )
        for value in evaluate(chosen, sums, currency=currency)
    ]
    label = asked.said(chosen.zh, chosen.en)
    return Leaderboard(**_board(asked), by=by, kpi=kpi, label=label, rows=ranked(chosen, found))


@router.get("/handoffs", summary="Who waits for whom 部门交接")
def handoffs(asked: Question, boards: BoardData, kept: HandoffList, _actor: Asking) -> HandoffBoard:
    departments = [
        DepartmentView(
            department=department,
            waiting=sums.count("handoffs_waiting"),
            working=sums.count("handoffs_working"),
            breached=sums.count("handoffs_breached"),
            waiting_seconds=sums.count("handoff_waiting_microseconds") // 1_000_000,
            working_seconds=sums.count("handoff_working_microseconds") // 1_000_000,
        )
        for department, sums in boards.by_department(asked.period)
    ]
    still_open = [
        OpenHandoff(
            id=stream.removeprefix("handoff-"),
            kind=it.kind,
            title=it.title,
            from_department=it.from_department,
            to_department=it.to_department,
            state=_state(it),
            with_department=it.department,
            requested_at=it.requested_at,
            due_at=it.due_at,
            breached=it.breached,
        )
        for stream, it in _still_open(kept)
        if it.requested_at is not None and it.due_at is not None
    ]
    still_open.sort(key=lambda it: (not it.breached, it.due_at))
    return HandoffBoard(**_board(asked), departments=departments, open=still_open[:MOST_OPEN])


def _still_open(kept: Kept[Handoff]) -> Iterator[tuple[str, Handoff]]:
    page = kept.page(where={"state": "open"}, limit=IN_ONE_PAGE)
    yield from page.items
    while page.next:
        page = kept.page(where={"state": "open"}, cursor=page.next, limit=IN_ONE_PAGE)
        yield from page.items


def _state(it: Handoff) -> Literal["waiting", "working", "returned"]:
    if it.doing == "working":
        return "working"
    return "waiting" if it.department == it.to_department else "returned"


def _board(asked: Asked) -> dict[str, Any]:
    return {"from_": asked.period.start, "to": asked.period.end, "as_of": asked.as_of}
