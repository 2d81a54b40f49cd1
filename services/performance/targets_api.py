"""Targets over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.performance import person, target
from services.performance.measures import targets as seen
from shared.events.event import Day, Id, Label, Money
from shared.events.organisation import PersonEvent
from shared.events.target import TargetEvent, TargetSet
from shared.eventstore.decider import Decider, Refused
from shared.projections.lists import Kept
from shared.service.actor import Asking
from shared.service.commands import Asked, Body, Created, of_app

router = APIRouter(prefix="/targets", tags=["targets 目标"])

Targets = Annotated[Decider[target.Target, TargetEvent], of_app("targets")]
People = Annotated[Decider[person.Person, PersonEvent], of_app("people")]
TargetList = Annotated[Kept[seen.Target], of_app("target_list")]


class SetTarget(Body):
    id: Id | None = None
    person_id: Id
    start: Day
    end: Day
    """The first day no longer in the period."""
    amount: Money
    line: Label | None = None


class TargetView(BaseModel):
    id: str
    person_id: str
    start: Day
    end: Day
    amount: Money
    line: str | None


@router.post("", status_code=201, summary="Set a target for a person, or set it anew 设定目标")
async def set_target(body: SetTarget, targets: Targets, everyone: People, asked: Asked) -> Created:
    if isinstance((await everyone.load(body.person_id)).state, person.NotJoined):
        raise Refused("There is no such person.", code="unknown-person")
    target_id = asked.new_id(body.id)
    content = body.model_dump(exclude={"id", "occurred_at"})
    wanted = TargetSet(target_id=target_id, **content, occurred_at=asked.at(body))
    await asked.run(targets, target_id, partial(target.set_target, wanted=wanted))
    return Created(id=target_id)


class Withdraw(Body):
    pass


@router.post("/{target_id}/withdraw", status_code=204, summary="Withdraw a target 撤销目标")
async def withdraw(target_id: Id, body: Withdraw, targets: Targets, asked: Asked) -> None:
    await asked.run(targets, target_id, partial(target.withdraw, at=asked.at(body)))


@router.get("", summary="The targets that stand 目标")
def all_targets(
    targets: TargetList, _actor: Asking, person_id: Annotated[Id | None, Query(alias="person")] = None
) -> list[TargetView]:
    return [
        TargetView(
            id=stream.removeprefix("target-"),
            person_id=it.person,
            start=it.start,
            end=it.end,
            amount=Money(minor=it.minor, currency=it.currency),
            line=it.line or None,
        )
        for stream, it in targets.all()
        if it.start and it.end and person_id in (None, it.person)
    ]
