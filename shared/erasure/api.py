"""Erasing a person's data over HTTP: asked for by one manager, approved by another."""

from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel

from shared.erasure import erasure
from shared.erasure.erasure import Erased, Erasure, Event, Kind, Requested
from shared.erasure.known import is_known
from shared.erasure.rows import ErasureRow, State
from shared.events.event import PersonRef, Text
from shared.eventstore.decider import Decider, NotFound
from shared.eventstore.keyring import Keyring
from shared.eventstore.store import EventStore
from shared.projections.lists import Kept
from shared.service.commands import Asked, Body, of_app
from shared.service.pages import Cursor, Limit, Listed

Erasures = Annotated[Decider[Erasure, Event], of_app("erasures")]
ErasureList = Annotated[Kept[ErasureRow], of_app("erasure_list")]
Log = Annotated[EventStore, of_app("log")]
Keys = Annotated[Keyring, of_app("keyring")]
Person = Annotated[
    PersonRef, Path(description="`lead-42`, `survey-7`, `person-wang`, or `contact-<account>.<contact>`.")
]


class Erase(Body):
    reason: Text
    """Why; it is erased with the rest."""


class PersonalDataView(BaseModel):
    """Whether what is known of a person can be read, and how far their erasure is."""

    person: str
    state: Literal["kept", "requested", "erased"]
    requested_by: str | None = None
    requested_at: datetime | None = None
    reason: str | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    erased_at: datetime | None = None
    """When the key was destroyed: from then on no event tells anything of the person."""
    followed_at: datetime | None = None
    """When nothing was left in the read models either."""


class ErasureView(BaseModel):
    person: str
    state: State
    requested_by: str
    requested_at: datetime
    reason: str | None
    approved_by: str | None
    erased_at: datetime | None


def erasures_of(service: str, kind: Kind) -> APIRouter:
    """The routes over the people whom this service's events are about."""
    router = APIRouter(tags=["personal data 个人信息"])

    async def must_be_known(log: EventStore, person: str) -> None:
        if not await is_known(log, service, person):
            raise NotFound("There is no such person here.")

    @router.post("/people/{person}/erase", status_code=204, summary="Ask for their erasure 申请删除")
    async def ask(person: Person, body: Erase, erasures: Erasures, log: Log, asked: Asked) -> None:
        await must_be_known(log, person)
        decide = partial(
            erasure.request,
            kind=kind,
            person=person,
            reason=body.reason,
            by=asked.actor.id,
            at=asked.at(body),
        )
        await asked.run(erasures, person, decide)

    @router.post("/people/{person}/erase/approve", status_code=204, summary="Agree 批准删除")
    async def approve(person: Person, body: Body, erasures: Erasures, log: Log, asked: Asked) -> None:
        """409 `own-request` for the manager who asked. It cannot be undone."""
        await must_be_known(log, person)
        decide = partial(erasure.approve, kind=kind, person=person, by=asked.actor.id, at=asked.at(body))
        await asked.run(erasures, person, decide)

    @router.post("/people/{person}/erase/withdraw", status_code=204, summary="Take it back 撤回申请")
    async def withdraw(person: Person, body: Body, erasures: Erasures, log: Log, asked: Asked) -> None:
        await must_be_known(log, person)
        decide = partial(erasure.withdraw, kind=kind, person=person, by=asked.actor.id, at=asked.at(body))
        await asked.run(erasures, person, decide)

    @router.get("/people/{person}", summary="Whether their data is kept, and how far an erasure is")
    async def one_person(person: Person, erasures: Erasures, log: Log, keyring: Keys) -> PersonalDataView:
        await must_be_known(log, person)
        match (await erasures.load(person)).state:
            case Requested(by=by, at=at, reason=reason):
                return PersonalDataView(
                    person=person, state="requested", requested_by=by, requested_at=at, reason=reason
                )
            case Erased() as it:
                row = await keyring.row(person)
                return PersonalDataView(
                    person=person,
                    state="erased",
                    requested_by=it.requested_by,
                    approved_by=it.approved_by,
                    approved_at=it.at,
                    erased_at=row.destroyed_at if row else None,
                    followed_at=row.followed_at if row else None,
                )
            case _:
                return PersonalDataView(person=person, state="kept")

    @router.get("/erasures", summary="Erasures, newest first 删除申请")
    def all_erasures(
        kept: ErasureList,
        state: State | None = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listed[ErasureView]:
        page = kept.page(where={"state": state}, cursor=cursor, limit=limit)
        items = [ErasureView.model_validate(row, from_attributes=True) for _, row in page.items]
        return Listed(items=items, next=page.next)

    return router
