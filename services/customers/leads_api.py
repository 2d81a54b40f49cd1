"""Leads over HTTP."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from services.customers import lead, pool
from services.customers.lead_list import LEADS, LeadState
from services.customers.pages import listed, view
from services.customers.parts import LeadList, Leads, Store
from services.customers.shown import shown
from shared.departments.seeing import InSight, Seen
from shared.events.event import Id, Label, Slug, Text
from shared.events.lead import LeadCreated
from shared.service.commands import Asked, Body, Created
from shared.service.history import Happened
from shared.service.pages import Cursor, Limit, Listed

router = APIRouter(prefix="/leads", tags=["leads 线索"], dependencies=[InSight])


class CreateLead(Body):
    id: Id | None = None
    company: Text
    source: Label
    campaign: Label | None = None
    region: Label | None = None
    line: Label | None = None
    owner: Id | None = None
    """Whom it is given to at once."""
    contact_name: Text | None = None
    contact_phone: Text | None = None
    department: Slug | None = None
    """Whose it is; sales make leads for their own department, others for everybody when absent."""

    def event(self, lead_id: str, *, department: str | None, at: datetime) -> LeadCreated:
        content = self.model_dump(exclude={"id", "owner", "department", "occurred_at"})
        return LeadCreated(lead_id=lead_id, **content, department=department, occurred_at=at)


class Assign(Body):
    owner: Id


class Contact(Body):
    by: Id | None = None
    """Who spoke with the lead; whoever asks when absent."""


class Reason(Body):
    reason: Text


class LeadView(BaseModel):
    id: str
    company: str
    source: str
    campaign: str | None
    region: str | None
    line: str | None
    contact_name: str | None
    contact_phone: str | None
    department: str | None
    state: LeadState
    owner: str | None
    created_at: datetime
    assigned_at: datetime | None
    first_contact_at: datetime | None
    last_contact_at: datetime | None
    reason: str | None
    """Why it was disqualified or released."""
    account_id: str | None
    deal_id: str | None
    changed_at: datetime


class LeadFile(LeadView):
    history: list[Happened]


@router.post("", status_code=201, summary="A lead came in 新线索")
async def create(body: CreateLead, leads: Leads, asked: Asked) -> Created:
    lead_id = asked.new_id(body.id)
    created = body.event(lead_id, department=asked.department(body.department), at=asked.at(body))
    await asked.run(leads, lead_id, partial(lead.create, created=created, owner=body.owner))
    return Created(id=lead_id)


@router.post("/{lead_id}/assign", status_code=204, summary="Give it to a person 分配")
async def assign(lead_id: Id, body: Assign, leads: Leads, asked: Asked) -> None:
    await asked.run(leads, lead_id, partial(lead.assign, owner=body.owner, at=asked.at(body)))


@router.post("/{lead_id}/contact", status_code=204, summary="Somebody spoke with the lead 跟进")
async def contact(lead_id: Id, body: Contact, leads: Leads, asked: Asked) -> None:
    by = body.by or asked.actor.id
    await asked.run(leads, lead_id, partial(lead.contact, by=by, at=asked.at(body)))


@router.post("/{lead_id}/qualify", status_code=204, summary="It is worth a deal")
async def qualify(lead_id: Id, body: Body, leads: Leads, asked: Asked) -> None:
    await asked.run(leads, lead_id, partial(lead.qualify, by=asked.actor.id, at=asked.at(body)))


@router.post("/{lead_id}/disqualify", status_code=204, summary="It is worth nothing to us")
async def disqualify(lead_id: Id, body: Reason, leads: Leads, asked: Asked) -> None:
    await asked.run(leads, lead_id, partial(lead.disqualify, reason=body.reason, at=asked.at(body)))


@router.post("/{lead_id}/release", status_code=204, summary="Put it into the public pool 公海")
async def release(lead_id: Id, body: Reason, leads: Leads, asked: Asked) -> None:
    await asked.run(leads, lead_id, partial(pool.release, reason=body.reason, at=asked.at(body)))


@router.post("/{lead_id}/claim", status_code=204, summary="Take it out of the public pool 领取")
async def claim(lead_id: Id, body: Body, leads: Leads, asked: Asked) -> None:
    await asked.run(leads, lead_id, partial(pool.claim, owner=asked.actor.id, at=asked.at(body)))


@router.get("", summary="Leads, newest first")
def all_leads(
    lead_list: LeadList,
    seen: Seen,
    state: LeadState | None = None,
    owner: Id | None = None,
    in_pool: Annotated[bool | None, Query(alias="pool")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[LeadView]:
    pooled = {None: None, True: "yes", False: "no"}[in_pool]
    where = {"state": state, "owner": owner, "pool": pooled}
    return listed(LeadView, lead_list.page(where=where, among=seen, cursor=cursor, limit=limit))


@router.get("/{lead_id}", summary="One lead with its history")
async def one_lead(lead_id: Id, store: Store, response: Response) -> LeadFile:
    it = await shown(store, LEADS, lead.LEAD.stream(lead_id), response)
    return view(LeadFile, it.now, history=it.history)
