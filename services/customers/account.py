"""Accounts 客户档案: a customer's profile and contacts, until it turns out to be another account."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never

from shared.events.account import (
    AccountEvent,
    AccountMerged,
    AccountOpened,
    AccountProfileChanged,
    AccountShared,
    AccountUnshared,
    ContactAdded,
)
from shared.eventstore.decider import Aggregate, NotFound, Refused
from shared.eventstore.whose import EVERYBODYS, Whose


@dataclass(frozen=True)
class NotOpened:
    pass


@dataclass(frozen=True)
class Open:
    """A customer we look after."""

    opened: AccountOpened
    profile: AccountProfileChanged
    """The profile as it is now; the first one says what the account was opened with."""
    contacts: tuple[ContactAdded, ...]
    since: datetime
    """When the last thing happened to it; nothing can happen before."""
    shared_with: frozenset[str] = frozenset()
    """Departments beside its own."""

    @property
    def account_id(self) -> str:
        return self.opened.account_id


@dataclass(frozen=True)
class Merged:
    """Another account stands for it; its history stays."""

    was: Open
    into: str


Account = NotOpened | Open | Merged


def evolve(account: Account, event: AccountEvent) -> Account:
    at = event.occurred_at
    match event:
        case AccountOpened():
            profile = AccountProfileChanged.model_validate(event.model_dump())
            return Open(event, profile, contacts=(), since=at)
        case AccountProfileChanged():
            return replace(usable(account), profile=event, since=at)
        case ContactAdded():
            it = usable(account)
            return replace(it, contacts=(*it.contacts, event), since=at)
        case AccountMerged():
            return Merged(replace(usable(account), since=at), event.into)
        case AccountShared(department=department):
            it = usable(account)
            return replace(it, shared_with=it.shared_with | {department}, since=at)
        case AccountUnshared(department=department):
            it = usable(account)
            return replace(it, shared_with=it.shared_with - {department}, since=at)
        case _:
            assert_never(event)


def whose(account: Account) -> Whose:
    match account:
        case (Open() as it) | Merged(was=it):
            return Whose(department=it.opened.department, shared_with=it.shared_with)
        case NotOpened():
            return EVERYBODYS
        case _:
            assert_never(account)


ACCOUNT: Final = Aggregate[Account, AccountEvent](
    category="account",
    initial=NotOpened(),
    evolve=evolve,
    whose=whose,
)


@dataclass(frozen=True)
class Existing:
    """An account that has the name already; without an id it is not for whoever asks to see."""

    account_id: str | None
    department: str | None

    def told(self) -> dict[str, str]:
        named = {"existing": self.account_id, "department": self.department}
        return {name: value for name, value in named.items() if value is not None}


def open_account(account: Account, *, opened: AccountOpened, existing: Existing | None) -> list[AccountEvent]:
    """Open it, unless an ``existing`` account was found that has its name 撞单."""
    match account:
        case NotOpened():
            if existing is not None:
                raise Refused(
                    "An account of this name is there already.", code="duplicate", **existing.told()
                )
            return [opened]
        case Open(opened=was) | Merged(was=Open(opened=was)):
            if (was.name, was.lead_id) == (opened.name, opened.lead_id):
                return []
            raise Refused("Another account has this id.", code="id-taken")
        case _:
            assert_never(account)


def change_profile(account: Account, *, changed: AccountProfileChanged) -> list[AccountEvent]:
    """The profile as it is to be, whole."""
    it = usable(account)
    if it.profile.model_copy(update={"occurred_at": changed.occurred_at}) == changed:
        return []
    not_before(it, changed.occurred_at)
    return [changed]


def add_contact(account: Account, *, added: ContactAdded) -> list[AccountEvent]:
    it = usable(account)
    if contact_like(it, added) is not None:
        return []
    not_before(it, added.occurred_at)
    return [added]


def merge(account: Account, *, into: str, survivor: Account, at: datetime) -> list[AccountEvent]:
    """From now on ``survivor``, whose id is ``into``, stands for this account."""
    match account:
        case Merged(into=was_into) if was_into == into:
            return []
        case _:
            it = usable(account)
            if it.account_id == into:
                raise Refused("An account cannot be merged into itself.", code="merge-into-itself")
            usable(survivor)
            not_before(it, at)
            return [AccountMerged(account_id=it.account_id, into=into, occurred_at=at)]


def usable(account: Account) -> Open:
    """The account, if anything may still happen to it."""
    match account:
        case Open():
            return account
        case Merged(into=into):
            raise Refused("The account was merged into another.", code="account-merged", into=into)
        case NotOpened():
            raise NotFound("There is no such account.")
        case _:
            assert_never(account)


def contact_like(account: Account, like: ContactAdded) -> ContactAdded | None:
    """The account's contact that says the same, under whatever id."""
    contacts = account.contacts if isinstance(account, Open) else ()
    return next((c for c in contacts if _person(c) == _person(like)), None)


def _person(contact: ContactAdded) -> tuple[str | None, ...]:
    return contact.name, contact.post, contact.phone, contact.email


def not_before(account: Open, at: datetime) -> None:
    if at < account.since:
        raise Refused("Something happened to the account after that moment already.", code="out-of-order")
