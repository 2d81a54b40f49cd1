"""Complaints over HTTP."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.customers import complaint
from services.customers.complaint_list import COMPLAINTS, ComplaintState
from services.customers.pages import listed, view
from services.customers.parts import Accounts, ComplaintList, Complaints, Store
from services.customers.seeing import customer_of
from services.customers.shown import shown
from shared.departments.seeing import InSight, Seen
from shared.events.complaint import ComplaintFiled, Severity
from shared.events.event import Id, Text
from shared.service.commands import Asked, Body, Created
from shared.service.history import Happened
from shared.service.pages import Cursor, Limit, Listed

router = APIRouter(prefix="/complaints", tags=["complaints 投诉"], dependencies=[InSight])


class FileComplaint(Body):
    id: Id | None = None
    account_id: Id | None = None
    order_id: Id | None = None
    subject: Text
    severity: Severity = "normal"

    def event(self, complaint_id: str, at: datetime) -> ComplaintFiled:
        content = self.model_dump(exclude={"id", "occurred_at"})
        return ComplaintFiled(complaint_id=complaint_id, **content, occurred_at=at)


class Assign(Body):
    to: Id


class Reason(Body):
    reason: Text


class Resolve(Body):
    resolution: Text


class Close(Body):
    satisfaction: Annotated[int, Field(ge=1, le=5)] | None = None
    """1 (very unhappy) to 5 (very happy), if the customer said."""


class ComplaintView(BaseModel):
    id: str
    account_id: str | None
    order_id: str | None
    subject: str
    severity: Severity
    state: ComplaintState
    assignee: str | None
    resolution: str | None
    satisfaction: int | None
    filed_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime


class ComplaintFile(ComplaintView):
    history: list[Happened]


@router.post("", status_code=201, summary="A customer complains 投诉")
async def file(body: FileComplaint, complaints: Complaints, accounts: Accounts, asked: Asked) -> Created:
    complaint_id = asked.new_id(body.id)
    customer = await customer_of(accounts, body.account_id, asked.actor)
    filed = body.event(complaint_id, asked.at(body))
    await asked.run(complaints, complaint_id, partial(complaint.file, filed=filed, customer=customer))
    return Created(id=complaint_id)


@router.post("/{complaint_id}/acknowledge", status_code=204, summary="The first answer to the customer 响应")
async def acknowledge(complaint_id: Id, body: Body, complaints: Complaints, asked: Asked) -> None:
    decide = partial(complaint.acknowledge, by=asked.actor.id, at=asked.at(body))
    await asked.run(complaints, complaint_id, decide)


@router.post("/{complaint_id}/assign", status_code=204, summary="Give it to a person")
async def assign(complaint_id: Id, body: Assign, complaints: Complaints, asked: Asked) -> None:
    await asked.run(complaints, complaint_id, partial(complaint.assign, to=body.to, at=asked.at(body)))


@router.post("/{complaint_id}/hold", status_code=204, summary="Wait for the customer or a third party")
async def hold(complaint_id: Id, body: Reason, complaints: Complaints, asked: Asked) -> None:
    await asked.run(complaints, complaint_id, partial(complaint.hold, reason=body.reason, at=asked.at(body)))


@router.post("/{complaint_id}/resume", status_code=204, summary="Go on with it")
async def resume(complaint_id: Id, body: Body, complaints: Complaints, asked: Asked) -> None:
    await asked.run(complaints, complaint_id, partial(complaint.resume, at=asked.at(body)))


@router.post("/{complaint_id}/resolve", status_code=204, summary="It was put right 解决")
async def resolve(complaint_id: Id, body: Resolve, complaints: Complaints, asked: Asked) -> None:
    decide = partial(complaint.resolve, resolution=body.resolution, at=asked.at(body))
    await asked.run(complaints, complaint_id, decide)


@router.post("/{complaint_id}/reopen", status_code=204, summary="It was not put right after all")
async def reopen(complaint_id: Id, body: Reason, complaints: Complaints, asked: Asked) -> None:
    await asked.run(
        complaints, complaint_id, partial(complaint.reopen, reason=body.reason, at=asked.at(body))
    )


@router.post("/{complaint_id}/close", status_code=204, summary="The customer agrees 关闭")
async def close(complaint_id: Id, body: Close, complaints: Complaints, asked: Asked) -> None:
    decide = partial(complaint.close, satisfaction=body.satisfaction, at=asked.at(body))
    await asked.run(complaints, complaint_id, decide)


@router.get("", summary="Complaints, newest first")
def all_complaints(
    complaint_list: ComplaintList,
    seen: Seen,
    state: ComplaintState | None = None,
    account: Id | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[ComplaintView]:
    where = {"state": state, "account": account}
    return listed(ComplaintView, complaint_list.page(where=where, among=seen, cursor=cursor, limit=limit))


@router.get("/{complaint_id}", summary="One complaint with its history")
async def one_complaint(complaint_id: Id, store: Store, response: Response) -> ComplaintFile:
    it = await shown(store, COMPLAINTS, complaint.COMPLAINT.stream(complaint_id), response)
    return view(ComplaintFile, it.now, history=it.history)
