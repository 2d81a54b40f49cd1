"""Accounts 客户档案: the file of every customer."""

from typing import Annotated

from pydantic import Field

from .event import Event, Id, Label, PersonalText, Slug, Text


class OfAccount(Event, category="account", service="customers"):
    account_id: Id


class AccountOpened(OfAccount, type="account-opened.v1"):
    """A company became one of ours to look after."""

    name: Text
    industry: Label | None = None
    region: Label | None = None
    employees: Annotated[int, Field(ge=0)] | None = None
    founded: Annotated[int, Field(ge=1000, le=3000)] | None = None
    parent: Text | None = None
    owner: Id | None = None
    lead_id: Id | None = None
    department: Slug | None = None
    """That it belongs to; without one it is everybody's."""


class AccountProfileChanged(OfAccount, type="account-profile-changed.v1"):
    """The profile as it is from now on, whole."""

    name: Text
    industry: Label | None = None
    region: Label | None = None
    employees: Annotated[int, Field(ge=0)] | None = None
    founded: Annotated[int, Field(ge=1000, le=3000)] | None = None
    parent: Text | None = None
    preferences: Text | None = None


class ContactAdded(OfAccount, type="contact-added.v1", personal_to="contact-{account_id}.{contact_id}"):
    """A person at the customer; who it is stays inside the customers service."""

    contact_id: Id
    name: PersonalText = None
    post: Label | None = None
    phone: PersonalText = None
    email: PersonalText = None


class AccountMerged(OfAccount, type="account-merged.v1"):
    """The account turned out to be another one 撞单; both histories stay readable."""

    into: Id


class AccountShared(OfAccount, type="account-shared.v1"):
    """Another department may see the account from now on, and what is at it."""

    department: Slug


class AccountUnshared(OfAccount, type="account-unshared.v1"):
    """A department that the account was shared with does not see it any more."""

    department: Slug


AccountEvent = (
    AccountOpened | AccountProfileChanged | ContactAdded | AccountMerged | AccountShared | AccountUnshared
)
