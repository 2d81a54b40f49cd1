"""Hand-offs over HTTP: who has them, for how long, and which are late 部门交接."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Final, Literal

from fastapi import APIRouter

from services.performance.answered import board
from services.performance.boards import known, terms_of
from services.performance.kpis_api import LookAt
from services.performance.look import Look
from services.performance.measures.handoffs import NAME as HANDOFFS
from services.performance.measures.handoffs import Handoff
from services.performance.pricing import Dated, priced
from services.performance.question import Asked, Question
from services.performance.scope import Filters
from services.performance.summed import summed
from services.performance.sums import Sums
from services.performance.views import DepartmentView, HandoffBoard, OpenHandoff
from shared.projections.lists import Kept
from shared.service.actor import Asking
from shared.service.commands import of_app

router = APIRouter(tags=["hand-offs 交接"])

HandoffList = Annotated[Kept[Handoff], of_app("handoff_list")]

MOST_OPEN: Final = 200
"""Open hand-offs on the board: the most urgent, whenever they were asked for."""
IN_ONE_PAGE: Final = 500
MEASURES: Final = (
    "handoffs_waiting",
    "handoffs_working",
    "handoffs_breached",
    "handoff_waiting_microseconds",
    "handoff_working_microseconds",
)


@router.get("/handoffs", summary="Who waits for whom 部门交接")
def handoffs(asked: Question, looks: LookAt, kept: HandoffList, _actor: Asking) -> HandoffBoard:
    with looks.at(asked.scope) as look:
        by_department = list(_departments(look))
        head = board(asked, look)
    departments = [
        DepartmentView(
            department=department,
            waiting=sums.count("handoffs_waiting"),
            working=sums.count("handoffs_working"),
            breached=sums.count("handoffs_breached"),
            waiting_seconds=sums.count("handoff_waiting_microseconds") // 1_000_000,
            working_seconds=sums.count("handoff_working_microseconds") // 1_000_000,
        )
        for department, sums in by_department
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
        for stream, it in _still_open(kept, asked)
        if it.requested_at is not None and it.due_at is not None
    ]
    still_open.sort(key=lambda it: (not it.breached, it.due_at))
    return HandoffBoard(**head, departments=departments, open=still_open[:MOST_OPEN])


def _departments(look: Look) -> Iterator[tuple[str, Sums]]:
    """Every department that ever had any: standings as they are, times of the period."""
    rows: dict[str, list[Dated]] = defaultdict(list)
    everybody = look.of(replace(look.scope, filters=Filters()))
    for row in summed(everybody, terms_of(MEASURES), "department"):
        rows[row.key[0]].append(row)
    for department in known(look, "department", projection=HANDOFFS):
        yield department, Sums(priced(rows[department], None))


def _still_open(kept: Kept[Handoff], asked: Asked) -> Iterator[tuple[str, Handoff]]:
    if asked.scope.as_of is not None:
        yield from kept.all(as_of=asked.scope.as_of, where={"state": "open"})
        return
    page = kept.page(where={"state": "open"}, limit=IN_ONE_PAGE)
    yield from page.items
    while page.next:
        page = kept.page(where={"state": "open"}, cursor=page.next, limit=IN_ONE_PAGE)
        yield from page.items


def _state(it: Handoff) -> Literal["waiting", "working", "returned"]:
    if it.doing == "working":
        return "working"
    return "waiting" if it.department == it.to_department else "returned"
