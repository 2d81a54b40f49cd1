"""Accounts over HTTP."""

import asyncio
import unicodedata
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from services.customers import account, sharing
from services.customers.account import ACCOUNT
from services.customers.account_list import ACCOUNTS, AccountRow
from services.customers.account_views import AccountFile, AccountView, file_of, with_counts
from services.customers.customer_file import Lists
from services.customers.existing import taken_by, whose
from services.customers.pages import matching
from services.customers.parts import (
    AccountList,
    Accounts,
    ComplaintList,
    DealList,
    LeadList,
    PurchaseList,
    Store,
)
from services.customers.seeing import as_seen
from services.customers.shown import shown
from shared.departments.seeing import InSight, Seen
from shared.events.account import (
    AccountOpened,
    AccountProfileChanged,
    AccountShared,
    AccountUnshared,
    ContactAdded,
)
from shared.events.event import Id, Label, Slug, Text
from shared.service.actor import Asking
from shared.service.commands import Asked, Body, Created
from shared.service.pages import Cursor, Limit, Listed
from shared.service.permissions import sees

router = APIRouter(prefix="/accounts", tags=["accounts 客户档案"], dependencies=[InSight])


class Profile(Body):
    name: Text
    industry: Label | None = None
    region: Label | None = None
    employees: Annotated[int, Field(ge=0, le=10**8)] | None = None
    founded: Annotated[int, Field(ge=1000, le=3000)] | None = None
    parent: Text | None = None

    def content(self) -> dict[str, Any]:
        return self.model_dump(exclude={"id", "department", "even_if_duplicate", "occurred_at"})


class OpenAccount(Profile):
    id: Id | None = None
    owner: Id | None = None
    department: Slug | None = None
    """Whose it is; sales open accounts for their own department, others for everybody when absent."""
    even_if_duplicate: bool = False
    """Open it although another account has this name."""


class ChangeProfile(Profile):
    preferences: Text | None = None


class AddContact(Body):
    name: Text
    post: Label | None = None
    phone: Text | None = None
    email: Text | None = None


class Merge(Body):
    into: Id


class Share(Body):
    department: Slug


def _lists(
    accounts: AccountList, leads: LeadList, deals: DealList, complaints: ComplaintList, orders: PurchaseList
) -> Lists:
    return Lists(accounts, leads, deals, complaints, orders)


AllLists = Annotated[Lists, Depends(_lists)]


@router.post("", status_code=201, summary="Open an account 建档")
async def open_account(
    body: OpenAccount, accounts: Accounts, account_list: AccountList, asked: Asked
) -> Created:
    """409 `duplicate` 撞单, with the `existing` account's id, when the company seems to be there already;
    of one that is hidden from you only its `department` is said.
    """
    account_id = asked.new_id(body.id)
    opened = AccountOpened(
        account_id=account_id,
        **body.content(),
        department=asked.department(body.department),
        occurred_at=asked.at(body),
    )
    existing = None
    if not body.even_if_duplicate:
        existing = await asyncio.to_thread(
            taken_by, account_list, body.name, but=account_id, actor=asked.actor
        )
    await asked.run(accounts, account_id, partial(account.open_account, opened=opened, existing=existing))
    return Created(id=account_id)


@router.put("/{account_id}/profile", status_code=204, summary="Write its profile anew, whole")
async def change_profile(account_id: Id, body: ChangeProfile, accounts: Accounts, asked: Asked) -> None:
    changed = AccountProfileChanged(account_id=account_id, **body.content(), occurred_at=asked.at(body))
    await asked.run(accounts, account_id, partial(account.change_profile, changed=changed))


@router.post("/{account_id}/contacts", status_code=201, summary="Add a person at the customer 联系人")
async def add_contact(account_id: Id, body: AddContact, accounts: Accounts, asked: Asked) -> Created:
    added = ContactAdded(
        account_id=account_id,
        contact_id=asked.new_id(None),
        **body.model_dump(exclude={"occurred_at"}),
        occurred_at=asked.at(body),
    )
    done = await asked.run(accounts, account_id, partial(account.add_contact, added=added))
    kept = account.contact_like(done.state, added) or added
    return Created(id=kept.contact_id)


@router.post("/{account_id}/merge", status_code=204, summary="It turned out to be another account 合并")
async def merge(account_id: Id, body: Merge, accounts: Accounts, asked: Asked) -> None:
    survivor = as_seen((await accounts.load(body.into)).state, asked.actor)
    decide = partial(account.merge, into=body.into, survivor=survivor, at=asked.at(body))
    await asked.run(accounts, account_id, decide)


@router.post("/{account_id}/share", status_code=204, summary="Let another department see it, too 共享")
async def share(account_id: Id, body: Share, accounts: Accounts, asked: Asked) -> None:
    shared = AccountShared(account_id=account_id, department=body.department, occurred_at=asked.at(body))
    await asked.run(accounts, account_id, partial(sharing.share, shared=shared))


@router.post("/{account_id}/unshare", status_code=204, summary="Share it no longer 取消共享")
async def unshare(account_id: Id, body: Share, accounts: Accounts, asked: Asked) -> None:
    unshared = AccountUnshared(account_id=account_id, department=body.department, occurred_at=asked.at(body))
    await asked.run(accounts, account_id, partial(sharing.unshare, unshared=unshared))


@router.get("", summary="Accounts, newest first")
def all_accounts(
    lists: AllLists,
    actor: Asking,
    seen: Seen,
    q: Annotated[str | None, Query(max_length=100, description="Part of a name, phone or e-mail.")] = None,
    region: Label | None = None,
    industry: Label | None = None,
    merged: bool = False,
    ids: Annotated[list[Id] | None, Query(max_length=200, description="Only these, merged or not.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[AccountView]:
    """Without those that were merged into another; `merged=true` lists these."""
    if ids is not None:
        found = (lists.accounts.get(ACCOUNT.stream(one)) for one in dict.fromkeys(ids))
        return Listed(
            items=with_counts(lists, [row for row in found if row and sees(actor, whose(row))]), next=None
        )
    where = {"region": region, "industry": industry, "merged": "yes" if merged else "no"}
    sought = _folded(q or "")
    if sought:
        wanted = partial(_mentions, sought=sought)
        page = matching(lists.accounts, where, wanted, among=seen, cursor=cursor, limit=limit)
    else:
        page = lists.accounts.page(where=where, among=seen, cursor=cursor, limit=limit)
    return Listed(items=with_counts(lists, [row for _, row in page.items]), next=page.next)


@router.get("/{account_id}", summary="The customer file: profile, contacts, purchases, timeline")
async def one_account(account_id: Id, lists: AllLists, store: Store, response: Response) -> AccountFile:
    it = await shown(store, ACCOUNTS, ACCOUNT.stream(account_id), response)
    return await asyncio.to_thread(file_of, lists, it)


def _mentions(row: AccountRow, *, sought: str) -> bool:
    texts = [row.name, *(t for c in row.contacts for t in (c.name, c.phone, c.email))]
    return any(sought in _folded(text) for text in texts if text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
