"""Plans over HTTP."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.performance import person, plan, plans_views, team
from services.performance.measures import plans as seen
from services.performance.plan_last_year import Shape, last_year_weights
from services.performance.plan_versions import VersionView, versions
from services.performance.plans_bodies import DrawPlan, SplitNode, Withdraw
from services.performance.plans_views import PlanRow, PlanState, PlanView
from shared.events.event import Id
from shared.events.organisation import PersonEvent, TeamEvent
from shared.events.plan import ROOT, NodeKey, PlanEvent
from shared.eventstore.decider import Decider, Refused
from shared.eventstore.store import EventStore
from shared.projections.lists import Kept
from shared.service.actor import Asking
from shared.service.commands import Asked, Created, of_app
from shared.service.history import history
from shared.service.pages import Cursor, Limit, Listed

router = APIRouter(prefix="/plans", tags=["plans 目标分解"])

Plans = Annotated[Decider[plan.Plan, PlanEvent], of_app("plans")]
PlanList = Annotated[Kept[seen.Plan], of_app("plan_list")]
PlanShape = Annotated[Shape, of_app("plan_shape")]
Teams = Annotated[Decider[team.Team, TeamEvent], of_app("teams")]
People = Annotated[Decider[person.Person, PersonEvent], of_app("people")]
Store = Annotated[EventStore, of_app("store")]


@router.post("", status_code=201, summary="Draw a plan: its period and its three levels 制定计划")
async def draw(body: DrawPlan, plans: Plans, teams: Teams, everyone: People, asked: Asked) -> Created:
    await _known_teams(teams, [body.team] if body.team else [])
    await _known_people(everyone, [body.person] if body.person else [])
    plan_id = asked.new_id(body.id)
    drawn = body.event(plan_id, at=asked.at(body))
    await asked.run(plans, plan_id, partial(plan.draw, drawn=drawn))
    return Created(id=plan_id)


@router.post("/{plan_id}/split", status_code=204, summary="Split a node, or split it anew 分解目标")
async def split(
    plan_id: Id,
    body: SplitNode,
    plans: Plans,
    teams: Teams,
    everyone: People,
    shape: PlanShape,
    asked: Asked,
) -> None:
    names = [part.key for part in body.parts or () if part.key]
    if body.by == "team":
        await _known_teams(teams, names)
    if body.by == "person":
        await _known_people(everyone, names)
    wish, weights = body.wish(), None
    if wish.basis == "last-year":
        weights = await last_year_weights((await plans.load(plan_id)).state, wish, shape)
    await asked.run(plans, plan_id, partial(plan.split, wish=wish, weights=weights, at=asked.at(body)))


@router.post("/{plan_id}/withdraw", status_code=204, summary="Withdraw a plan 撤销计划")
async def withdraw(plan_id: Id, body: Withdraw, plans: Plans, asked: Asked) -> None:
    await asked.run(plans, plan_id, partial(plan.withdraw, at=asked.at(body)))


@router.get("", summary="Plans, newest first")
def all_plans(
    plans: PlanList,
    _actor: Asking,
    state: PlanState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[PlanRow]:
    page = plans.page(where={"state": state}, cursor=cursor, limit=limit)
    rows = [plans_views.row(stream, it, it.tree) for stream, it in page.items if it.tree]
    return Listed(items=rows, next=page.next)


@router.get("/{plan_id}", summary="The tree of a version, or of one node in it 目标树")
async def one_plan(
    plan_id: Id,
    plans: Plans,
    _actor: Asking,
    response: Response,
    version: Annotated[int | None, Query(ge=1, description="The one that stands, when absent.")] = None,
    node: NodeKey = ROOT,
) -> PlanView:
    found = await plans.load(plan_id)
    view = plans_views.shown(plan_id, found.state, version=version, node=node)
    response.headers["ETag"] = f'"{found.revision}"'
    return view


@router.get("/{plan_id}/versions", summary="What changed in each version, when and by whom 版本")
async def all_versions(plan_id: Id, plans: Plans, store: Store, _actor: Asking) -> list[VersionView]:
    plan.content((await plans.load(plan_id)).state)
    return versions(await history(store, plan.PLAN.stream(plan_id)))


async def _known_teams(teams: Teams, ids: Sequence[str]) -> None:
    for team_id in ids:
        if isinstance((await teams.load(team_id)).state, team.NotFormed):
            raise Refused(f"There is no team {team_id}.", code="unknown-team")


async def _known_people(everyone: People, ids: Sequence[str]) -> None:
    for person_id in ids:
        if isinstance((await everyone.load(person_id)).state, person.NotJoined):
            raise Refused(f"There is no person {person_id}.", code="unknown-person")
