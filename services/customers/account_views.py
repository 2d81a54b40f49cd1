"""Accounts in the shapes that the API shows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel

from services.customers.account_list import AccountRow
from services.customers.customer_file import Lists, Moment, Purchases, purchases, timeline
from services.customers.existing import family
from services.customers.pages import view
from services.customers.shown import Shown
from shared.service.history import Happened


class ContactView(BaseModel):
    id: str
    account_id: str
    name: str | None
    post: str | None
    phone: str | None
    email: str | None


class Counts(BaseModel):
    contacts: int
    deals: int
    orders: int
    complaints: int


class AccountView(BaseModel):
    id: str
    name: str
    industry: str | None
    region: str | None
    employees: int | None
    founded: int | None
    parent: str | None
    preferences: str | None
    owner: str | None
    lead_id: str | None
    contacts: list[ContactView]
    merged_into: str | None
    """The account that stands for this one now."""
    department: str | None
    """That it belongs to; without one it is everybody's."""
    shared_with: list[str]
    """Departments that see it, too."""
    opened_at: datetime
    changed_at: datetime
    counts: Counts


class AccountFile(AccountView):
    """The customer file; it includes what belongs to accounts that were merged into this one."""

    merged: list[str]
    """The accounts that were merged into this one."""
    purchases: Purchases
    timeline: list[Moment]
    history: list[Happened]
    """What happened to the account itself, oldest first."""


def with_counts(lists: Lists, rows: Sequence[AccountRow]) -> list[AccountView]:
    """The accounts, each with how much hangs on it (not on those merged into it)."""
    ids = [row.id for row in rows]
    by_kind = {
        "deals": lists.deals.counts("account", ids),
        "orders": lists.purchases.counts("account", ids),
        "complaints": lists.complaints.counts("account", ids),
    }
    return [view(AccountView, row, counts=_counts(row, by_kind)) for row in rows]


def file_of(lists: Lists, it: Shown[AccountRow]) -> AccountFile:
    """The whole file of one account, as far as the lists have it."""
    accounts = family(lists.accounts, it.now.id)
    merged = [row for one in accounts[1:] if (row := lists.accounts.get(f"account-{one}"))]
    deals, orders, complaints = (
        sum(kept.counts("account", accounts).values())
        for kept in (lists.deals, lists.purchases, lists.complaints)
    )
    contacts = [contact for row in (it.now, *merged) for contact in row.contacts]
    return view(
        AccountFile,
        it.now,
        contacts=contacts,
        counts=Counts(contacts=len(contacts), deals=deals, orders=orders, complaints=complaints),
        merged=[row.id for row in merged],
        purchases=purchases(lists, accounts),
        timeline=timeline(lists, accounts),
        history=it.history,
    )


def _counts(row: AccountRow, by_kind: Mapping[str, Mapping[str, int]]) -> Counts:
    rest = {kind: counts.get(row.id, 0) for kind, counts in by_kind.items()}
    return Counts(contacts=len(row.contacts), **rest)
