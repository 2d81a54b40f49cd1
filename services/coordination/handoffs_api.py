"""Hand-offs over HTTP."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Literal, Self

from fastapi import APIRouter
from pydantic import model_validator

from services.coordination import handoff, lists, passing
from services.coordination.kinds import KINDS
from services.coordination.reactions import Handoffs as Decided
from services.coordination.shown import HandoffRow, HandoffView, row, shown
from shared.departments.seeing import Customers, InSight, Seen
from shared.events.event import Id, Instant, Slug, Text
from shared.events.handoff import HandoffRequested
from shared.eventstore.store import EventStore
from shared.eventstore.whose import Whose
from shared.projections.lists import Kept
from shared.service.commands import Asked, Body, Created, of_app
from shared.service.history import history
from shared.service.pages import Cursor, Limit, Listed

router = APIRouter(prefix="/handoffs", tags=["hand-offs 交接"], dependencies=[InSight])

Handoffs = Annotated[Decided, of_app("handoffs")]
HandoffList = Annotated[Kept[lists.Handoff], of_app("handoff_list")]
Store = Annotated[EventStore, of_app("store")]

StateAsked = Literal[handoff.StateName, "open", "closed"]


class Request(Body):
    """A known kind says who hands over to whom and until when, unless the request does."""

    id: Id | None = None
    kind: Slug
    subject: Text
    """What it is about: the stream's name, such as `order-42`."""
    title: Text
    from_department: Slug | None = None
    to_department: Slug | None = None
    due_at: Instant | None = None
    account_id: Id | None = None
    department: Slug | None = None
    """Whose it is where it is at no account; sales hand over what is their own department's."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        kind = KINDS.get(self.kind)
        missing = [
            name
            for name, given, known in (
                ("from_department", self.from_department, kind and kind.from_department),
                ("to_department", self.to_department, kind and kind.to_department),
                ("due_at", self.due_at, kind and kind.allowed),
            )
            if given is None and known is None
        ]
        if missing:
            raise ValueError(f"a hand-off of kind {self.kind} must say {', '.join(missing)}")
        return self

    def event(self, handoff_id: str, *, department: str | None, at: datetime) -> HandoffRequested:
        kind = KINDS.get(self.kind)
        known = (
            {}
            if kind is None
            else {
                "from_department": kind.from_department,
                "to_department": kind.to_department,
                "due_at": at + kind.allowed,
            }
        )
        given = self.model_dump(exclude={"id", "occurred_at"}, exclude_none=True)
        said = {"handoff_id": handoff_id, "department": department, "occurred_at": at}
        return HandoffRequested.model_validate({**known, **given, **said})


class Accept(Body):
    pass


class Return(Body):
    reason: Text


class Resubmit(Body):
    note: Text | None = None


class Complete(Body):
    pass


class Cancel(Body):
    reason: Text


@router.post("", status_code=201, summary="Ask another department to take something over 发起交接")
async def request(body: Request, handoffs: Handoffs, customers: Customers, asked: Asked) -> Created:
    handoff_id = asked.new_id(body.id)
    await customers.must_have(body.account_id)
    requested = body.event(handoff_id, department=asked.department(body.department), at=asked.at(body))
    asked.about(Whose(asking=requested.from_department), what="handoff")
    await asked.run(handoffs, handoff_id, partial(passing.request, requested=requested))
    return Created(id=handoff_id)


@router.post("/{handoff_id}/accept", status_code=204, summary="Take it over 接收")
async def accept(handoff_id: Id, body: Accept, handoffs: Handoffs, asked: Asked) -> None:
    await asked.run(handoffs, handoff_id, partial(passing.accept, by=asked.actor.id, at=asked.at(body)))


@router.post("/{handoff_id}/return", status_code=204, summary="Something is missing: send it back 退回")
async def send_back(handoff_id: Id, body: Return, handoffs: Handoffs, asked: Asked) -> None:
    decide = partial(passing.send_back, by=asked.actor.id, reason=body.reason, at=asked.at(body))
    await asked.run(handoffs, handoff_id, decide)


@router.post("/{handoff_id}/resubmit", status_code=204, summary="It is mended: ask again 重新提交")
async def resubmit(handoff_id: Id, body: Resubmit, handoffs: Handoffs, asked: Asked) -> None:
    decide = partial(passing.resubmit, by=asked.actor.id, note=body.note, at=asked.at(body))
    await asked.run(handoffs, handoff_id, decide)


@router.post("/{handoff_id}/complete", status_code=204, summary="The work is done 完成")
async def complete(handoff_id: Id, body: Complete, handoffs: Handoffs, asked: Asked) -> None:
    decide = partial(passing.complete, by=asked.actor.id, at=asked.at(body))
    await asked.run(handoffs, handoff_id, decide)


@router.post("/{handoff_id}/cancel", status_code=204, summary="It is not needed any more 取消")
async def cancel(handoff_id: Id, body: Cancel, handoffs: Handoffs, asked: Asked) -> None:
    decide = partial(passing.cancel, reason=body.reason, at=asked.at(body))
    await asked.run(handoffs, handoff_id, decide)


@router.get("", summary="Hand-offs, newest first")
def some_handoffs(
    kept: HandoffList,
    seen: Seen,
    department: Slug | None = None,
    state: StateAsked | None = None,
    subject: Text | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[HandoffRow]:
    where = {"department": department, "subject": subject, **_standing(state)}
    page = kept.page(where=where, among=seen, cursor=cursor, limit=limit)
    return Listed(items=[row(it) for _, it in page.items], next=page.next)


@router.get("/{handoff_id}", summary="One hand-off, with its timeline and whose time it took")
async def one_handoff(handoff_id: Id, handoffs: Handoffs, store: Store) -> HandoffView:
    state = handoff.known((await handoffs.load(handoff_id)).state)
    timeline = await history(store, handoff.HANDOFF.stream(handoff_id))
    return shown(state, now=datetime.now(UTC), timeline=timeline)


def _standing(state: StateAsked | None) -> Mapping[str, str | None]:
    match state:
        case "open":
            return {"closed": "no"}
        case "closed":
            return {"closed": "yes"}
        case _:
            return {"state": state}
