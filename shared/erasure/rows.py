"""The list of erasures: who is to be forgotten, and who was."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from shared.erasure.erasure import Kind
from shared.events import erasure as of
from shared.projections.projection import Projection

State = Literal["requested", "withdrawn", "erased"]


class ErasureRow(Struct, frozen=True):
    person: str = ""
    state: State = "requested"
    requested_by: str = ""
    requested_at: datetime | None = None
    reason: str | None = None
    approved_by: str | None = None
    erased_at: datetime | None = None


def evolve(row: ErasureRow, event: of.Requested | of.Withdrawn | of.Erased) -> ErasureRow:
    match event:
        case of.Requested():
            return ErasureRow(
                person=event.erasure_id,
                requested_by=event.requested_by,
                requested_at=event.occurred_at,
                reason=event.reason,
            )
        case of.Erased():
            return ErasureRow(
                person=row.person,
                state="erased",
                requested_by=row.requested_by,
                requested_at=row.requested_at,
                approved_by=event.approved_by,
                erased_at=event.occurred_at,
            )
        case _:
            return ErasureRow(
                person=row.person,
                state="withdrawn",
                requested_by=row.requested_by,
                requested_at=row.requested_at,
            )


def erasures(kind: Kind) -> Projection[ErasureRow]:
    return Projection(
        name="erasures",
        version=1,
        state=ErasureRow,
        initial=ErasureRow(),
        events=(kind.requested, kind.withdrawn, kind.erased),
        evolve=evolve,
        index=lambda row: {"state": row.state},
    )
