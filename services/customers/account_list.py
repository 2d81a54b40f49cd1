"""The list of accounts, with their contacts' names: personal data that stays in this service."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from services.customers.duplicates import name_key
from shared.departments.open_to import open_to
from shared.events.account import (
    AccountEvent,
    AccountMerged,
    AccountOpened,
    AccountProfileChanged,
    AccountShared,
    AccountUnshared,
    ContactAdded,
)
from shared.projections.projection import Projection


class ContactRow(Struct, frozen=True):
    id: str
    account_id: str
    name: str | None
    post: str | None
    phone: str | None
    email: str | None


class AccountRow(Struct, frozen=True):
    id: str = ""
    name: str = ""
    industry: str | None = None
    region: str | None = None
    employees: int | None = None
    founded: int | None = None
    parent: str | None = None
    preferences: str | None = None
    owner: str | None = None
    lead_id: str | None = None
    contacts: tuple[ContactRow, ...] = ()
    merged_into: str | None = None
    department: str | None = None
    shared_with: tuple[str, ...] = ()
    opened_at: datetime | None = None
    changed_at: datetime | None = None


def evolve(row: AccountRow, event: AccountEvent) -> AccountRow:
    at = event.occurred_at
    row = replace(row, changed_at=at)
    match event:
        case AccountOpened():
            row = replace(row, id=event.account_id, owner=event.owner, lead_id=event.lead_id, opened_at=at)
            return _with_profile(replace(row, department=event.department), event)
        case AccountProfileChanged():
            return replace(_with_profile(row, event), preferences=event.preferences)
        case ContactAdded():
            contact = ContactRow(
                id=event.contact_id,
                account_id=event.account_id,
                name=event.name,
                post=event.post,
                phone=event.phone,
                email=event.email,
            )
            return replace(row, contacts=(*row.contacts, contact))
        case AccountMerged():
            return replace(row, merged_into=event.into)
        case AccountShared(department=department):
            return replace(row, shared_with=(*row.shared_with, department))
        case AccountUnshared(department=department):
            return replace(row, shared_with=tuple(one for one in row.shared_with if one != department))
        case _:
            return row


def index(row: AccountRow) -> Mapping[str, str]:
    """A merged account keeps its ``name_key``: its name too leads to the one that stands for it."""
    fields = {
        **open_to(row.id, department=row.department, shared_with=row.shared_with),
        "name_key": name_key(row.name),
        "region": row.region,
        "industry": row.industry,
        "merged": "no" if row.merged_into is None else "yes",
        "merged_into": row.merged_into,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _with_profile(row: AccountRow, event: AccountOpened | AccountProfileChanged) -> AccountRow:
    return replace(
        row,
        name=event.name,
        industry=event.industry,
        region=event.region,
        employees=event.employees,
        founded=event.founded,
        parent=event.parent,
    )


ACCOUNTS: Final = Projection(
    name="accounts",
    version=2,
    state=AccountRow,
    initial=AccountRow(),
    events=(
        AccountOpened,
        AccountProfileChanged,
        ContactAdded,
        AccountMerged,
        AccountShared,
        AccountUnshared,
    ),
    evolve=evolve,
    index=index,
)
