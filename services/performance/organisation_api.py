"""The organisation over HTTP: teams and people."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from services.performance import person, team
from services.performance.boards import known
from services.performance.kpis_api import LookAt
from services.performance.measures.people import team_today
from services.performance.question import Question
from shared.events.event import Day, Id, Label, Slug, Text
from shared.events.organisation import PersonEvent, PersonJoined, TeamChanged, TeamEvent, TeamFormed
from shared.eventstore.decider import Decider, Refused
from shared.service.actor import Asking
from shared.service.commands import Asked, Body, Created, of_app

router = APIRouter(tags=["organisation 组织"])

Teams = Annotated[Decider[team.Team, TeamEvent], of_app("teams")]
People = Annotated[Decider[person.Person, PersonEvent], of_app("people")]


class TeamBody(Body):
    name: Text
    department: Slug
    region: Label | None = None


class FormTeam(TeamBody):
    id: Id | None = None


class Join(Body):
    id: Id | None = None
    name: Text
    team_id: Id
    post: Label
    on: Day | None = None
    """The first day; the day of the request when absent."""


class Move(Body):
    team_id: Id
    on: Day


class Leave(Body):
    on: Day


class TeamView(BaseModel):
    id: Id
    name: str
    department: str
    region: str | None


class PersonView(BaseModel):
    id: Id
    name: str
    """Their id where it was erased."""
    team_id: Id | None
    """The team of today; ``null`` for somebody who left."""
    post: str


class Organisation(BaseModel):
    """As it is, or as it was known at the moment looked back to."""

    teams: list[TeamView]
    people: list[PersonView]
    lines: list[str]
    products: list[str]
    """The product lines and products that any number is known for."""


@router.post("/teams", status_code=201, summary="Form a team 组建团队")
async def form_team(body: FormTeam, teams: Teams, asked: Asked) -> Created:
    team_id = asked.new_id(body.id)
    content = body.model_dump(exclude={"id", "occurred_at"})
    formed = TeamFormed(team_id=team_id, **content, occurred_at=asked.at(body))
    await asked.run(teams, team_id, partial(team.form, formed=formed))
    return Created(id=team_id)


@router.put("/teams/{team_id}", status_code=204, summary="Change its name, department or region")
async def change_team(team_id: Id, body: TeamBody, teams: Teams, asked: Asked) -> None:
    content = body.model_dump(exclude={"occurred_at"})
    changed = TeamChanged(team_id=team_id, **content, occurred_at=asked.at(body))
    await asked.run(teams, team_id, partial(team.change, changed=changed))


@router.post("/people", status_code=201, summary="A person joins 入职")
async def join(body: Join, everyone: People, teams: Teams, asked: Asked) -> Created:
    await _known(teams, body.team_id)
    person_id = asked.new_id(body.id)
    at = asked.at(body)
    joined = PersonJoined(
        person_id=person_id,
        name=body.name,
        team_id=body.team_id,
        post=body.post,
        on=body.on or asked.day(at),
        occurred_at=at,
    )
    await asked.run(everyone, person_id, partial(person.join, joined=joined))
    return Created(id=person_id)


@router.post("/people/{person_id}/move", status_code=204, summary="Move to another team 调动")
async def move(person_id: Id, body: Move, everyone: People, teams: Teams, asked: Asked) -> None:
    await _known(teams, body.team_id)
    decide = partial(person.move, team_id=body.team_id, on=body.on, at=asked.at(body))
    await asked.run(everyone, person_id, decide)


@router.post("/people/{person_id}/leave", status_code=204, summary="Leave the company 离职")
async def leave(person_id: Id, body: Leave, everyone: People, asked: Asked) -> None:
    await asked.run(everyone, person_id, partial(person.leave, on=body.on, at=asked.at(body)))


@router.get("/organisation", summary="All teams and people 组织架构")
def organisation(asked: Question, looks: LookAt, _actor: Asking) -> Organisation:
    with looks.at(asked.scope) as look:
        everyone, teams = look.organisation
        return Organisation(
            teams=[
                TeamView(id=i, name=it.name, department=it.department, region=it.region or None)
                for i, it in teams.items()
            ],
            people=[
                PersonView(id=i, name=it.name or i, team_id=team_today(it), post=it.post)
                for i, it in everyone.items()
            ],
            lines=known(look, "line"),
            products=known(look, "product"),
        )


async def _known(teams: Teams, team_id: str) -> None:
    if isinstance((await teams.load(team_id)).state, team.NotFormed):
        raise Refused("There is no such team.", code="unknown-team")
