"""Forecast commits over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel

from services.performance import commit, person
from services.performance.measures import commits as seen
from shared.events.commit import CommitEvent, ForecastCommitted
from shared.events.event import Day, Id, Instant, Money, Text
from shared.events.organisation import PersonEvent
from shared.eventstore.decider import Decider, Refused
from shared.projections.lists import Kept
from shared.service.actor import Asking
from shared.service.commands import Asked, Body, Created, of_app

router = APIRouter(prefix="/commits", tags=["commits 业绩承诺"])

Commits = Annotated[Decider[commit.Commit, CommitEvent], of_app("commits")]
People = Annotated[Decider[person.Person, PersonEvent], of_app("people")]
CommitList = Annotated[Kept[seen.Commit], of_app("commit_list")]


class GiveCommit(Body):
    person_id: Id
    start: Day
    end: Day
    """The first day no longer in the period."""
    commit: Money
    best_case: Money
    note: Text | None = None


class CommitView(BaseModel):
    id: str
    person_id: str
    start: Day
    end: Day
    commit: Money
    best_case: Money
    note: str | None
    given_at: Instant
    """When the person gave it, the last time."""


@router.post("", status_code=201, summary="Commit to a period's sales, or commit anew 承诺业绩")
async def give(body: GiveCommit, commits: Commits, everyone: People, asked: Asked) -> Created:
    if isinstance((await everyone.load(body.person_id)).state, person.NotJoined):
        raise Refused("There is no such person.", code="unknown-person")
    commit_id = commit.commit_id_of(body.person_id, start=body.start, end=body.end)
    content = body.model_dump(exclude={"occurred_at"})
    wanted = ForecastCommitted(commit_id=commit_id, **content, occurred_at=asked.at(body))
    await asked.run(commits, commit_id, partial(commit.commit, wanted=wanted))
    return Created(id=commit_id)


class Withdraw(Body):
    pass


@router.post("/{commit_id}/withdraw", status_code=204, summary="Take a commit back 撤回承诺")
async def withdraw(commit_id: Id, body: Withdraw, commits: Commits, asked: Asked) -> None:
    await asked.run(commits, commit_id, partial(commit.withdraw, at=asked.at(body)))


@router.get("", summary="The commits that stand, of periods that begin in this time 业绩承诺")
def all_commits(
    commits: CommitList,
    _actor: Asking,
    person_id: Annotated[Id | None, Query(alias="person")] = None,
    from_: Annotated[Day | None, Query(alias="from", description="The first business day.")] = None,
    to: Annotated[Day | None, Query(description="The first business day no longer in.")] = None,
) -> list[CommitView]:
    if from_ and to and from_ >= to:
        raise HTTPException(422, "`to` must be after `from`: it is the first day no longer in.")
    found = (
        CommitView(
            id=stream.removeprefix("commit-"),
            person_id=it.person,
            start=it.start,
            end=it.end,
            commit=Money(minor=it.commit, currency=it.currency),
            best_case=Money(minor=it.best_case, currency=it.currency),
            note=it.note or None,
            given_at=it.given_at,
        )
        for stream, it in commits.all()
        if it.start and it.end and it.given_at and person_id in (None, it.person)
    )
    begun = (it for it in found if (not from_ or from_ <= it.start) and (not to or it.start < to))
    return sorted(begun, key=lambda it: (it.start, it.end, it.person_id))
