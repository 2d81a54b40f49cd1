"""The list of deals, open and closed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from services.customers.amount import Amount, amount
from shared.departments.open_to import belonging
from shared.events.deal import (
    DealAdvanced,
    DealEvent,
    DealGraded,
    DealLost,
    DealOpened,
    DealReassigned,
    DealReopened,
    DealRepriced,
    DealRescheduled,
    DealWon,
    Grade,
    Stage,
)
from shared.projections.projection import Projection

DealState = Literal["open", "won", "lost"]


class DealRow(Struct, frozen=True):
    id: str = ""
    title: str = ""
    account_id: str | None = None
    owner: str = ""
    product: str = ""
    line: str = ""
    grade: Grade = "B"
    stage: Stage = "prospecting"
    state: DealState = "open"
    amount: Amount = Amount()
    expected_close: date | None = None
    lead_id: str | None = None
    department: str | None = None
    reason: str | None = None
    """Why it was lost."""
    competitor: str | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    changed_at: datetime | None = None


def evolve(row: DealRow, event: DealEvent) -> DealRow:
    at = event.occurred_at
    row = replace(row, changed_at=at)
    match event:
        case DealOpened():
            return DealRow(
                id=event.deal_id,
                title=event.title,
                account_id=event.account_id,
                owner=event.owner,
                product=event.product,
                line=event.line,
                grade=event.grade,
                stage=event.stage,
                amount=amount(event.amount),
                expected_close=event.expected_close,
                lead_id=event.lead_id,
                department=event.department,
                opened_at=at,
                changed_at=at,
            )
        case DealAdvanced():
            return replace(row, stage=event.stage)
        case DealRepriced():
            return replace(row, amount=amount(event.amount))
        case DealRescheduled():
            return replace(row, expected_close=event.expected_close)
        case DealGraded():
            return replace(row, grade=event.grade)
        case DealReassigned():
            return replace(row, owner=event.owner)
        case DealWon():
            return replace(row, state="won", amount=amount(event.amount), closed_at=at)
        case DealLost():
            why = {"reason": event.reason, "competitor": event.competitor}
            return replace(row, state="lost", closed_at=at, **why)
        case DealReopened():
            return replace(row, state="open", stage=event.stage, closed_at=None, reason=None, competitor=None)
        case _:
            return row


def index(row: DealRow) -> Mapping[str, str]:
    fields = {"stage": row.stage, "state": row.state, "owner": row.owner}
    whose = belonging(row.id, account_id=row.account_id, department=row.department)
    return {**whose, **{name: value for name, value in fields.items() if value is not None}}


DEALS: Final = Projection(
    name="deals",
    version=2,
    state=DealRow,
    initial=DealRow(),
    events=(
        DealOpened,
        DealAdvanced,
        DealRepriced,
        DealRescheduled,
        DealGraded,
        DealReassigned,
        DealWon,
        DealLost,
        DealReopened,
    ),
    evolve=evolve,
    index=index,
)
