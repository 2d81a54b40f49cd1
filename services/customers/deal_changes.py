"""What changed in a deal, when, through whom, and what it was before."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from services.customers.deal_list import DealRow
from shared.events.event import Money
from shared.service.history import Happened

Field = Literal["amount", "expected_close", "stage", "grade", "owner", "state"]
FIELDS: Final[tuple[Field, ...]] = ("amount", "expected_close", "stage", "grade", "owner", "state")


class Changed(BaseModel):
    """One field's change; winning a deal for another amount than it had is one, too."""

    model_config = ConfigDict(from_attributes=True)

    field: Field
    previous: Money | date | str | None
    now: Money | date | str | None
    occurred_at: datetime
    actor: str
    revision: int


def changes(states: Sequence[DealRow], history: Sequence[Happened]) -> list[Changed]:
    """The changes, oldest first; ``states`` are those after each event of ``history``."""
    return [
        _changed(field, before, after, happened)
        for (before, after), happened in zip(pairwise(states), history[1:], strict=True)
        for field in FIELDS
        if getattr(before, field) != getattr(after, field)
    ]


def _changed(field: Field, before: DealRow, after: DealRow, happened: Happened) -> Changed:
    return Changed.model_validate(
        {
            "field": field,
            "previous": getattr(before, field),
            "now": getattr(after, field),
            "occurred_at": happened.occurred_at,
            "actor": happened.actor,
            "revision": happened.revision,
        },
        from_attributes=True,
    )
