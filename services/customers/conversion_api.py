"""Converting a lead over HTTP."""

import asyncio
from typing import Self

from fastapi import APIRouter
from pydantic import model_validator

from services.customers import lead
from services.customers.conversion import Books, Conversion, account_of, convert, deal_of
from services.customers.existing import taken_by
from services.customers.parts import AccountList, Accounts, Deals, Leads
from shared.departments.seeing import InSight
from shared.events.account import AccountOpened
from shared.events.deal import DealOpened, Grade
from shared.events.event import Day, Id, Label, Money, Quantity, Slug, Text
from shared.service.commands import Asked, Body, Created

router = APIRouter(prefix="/leads", tags=["leads 线索"], dependencies=[InSight])


class Convert(Body):
    account_id: Id | None = None
    """An account that is there; a new one is opened when absent."""
    account_name: Text | None = None
    """The new account's name; the lead's company when absent."""
    owner: Id | None = None
    """Who has the account and the deal; the lead's owner when absent, or else whoever asks."""
    title: Text
    product: Label
    line: Label
    quantity: Quantity | None = None
    amount: Money
    grade: Grade = "B"
    expected_close: Day | None = None
    deal_id: Id | None = None
    department: Slug | None = None
    """Whose account and deal they are; the lead's when absent, or else the salesperson's."""

    @model_validator(mode="after")
    def _one_account(self) -> Self:
        if self.account_id is not None and self.account_name is not None:
            raise ValueError("account_id names an account that is there, account_name a new one")
        return self


class Converted(Created):
    account_id: Id
    deal_id: Id


@router.post("/{lead_id}/convert", status_code=201, summary="It became an account and a deal 转化")
async def convert_lead(
    lead_id: Id,
    body: Convert,
    leads: Leads,
    accounts: Accounts,
    deals: Deals,
    account_list: AccountList,
    asked: Asked,
) -> Converted:
    """When the company is a customer already, the answer is 409 `duplicate` with the `existing` account;
    ask again with that as `account_id`. Of one that is hidden from you only its `department` is said.
    """
    it = lead.content((await leads.load(lead_id)).state)
    at = asked.at(body)
    department = it.created.department or asked.department(body.department)
    owner = body.owner or it.owner or asked.actor.id
    account_id = body.account_id or account_of(lead_id)
    name = body.account_name or it.created.company
    new_account = AccountOpened(
        account_id=account_id,
        name=name,
        region=it.created.region,
        owner=owner,
        lead_id=lead_id,
        department=department,
        occurred_at=at,
    )
    new_deal = DealOpened(
        deal_id=body.deal_id or deal_of(lead_id),
        account_id=account_id,
        owner=owner,
        lead_id=lead_id,
        lead_created_at=it.created.occurred_at,
        department=department,
        **body.model_dump(
            include={"title", "product", "line", "quantity", "amount", "grade", "expected_close"}
        ),
        occurred_at=at,
    )
    opens = body.account_id is None
    conversion = Conversion(
        lead_id=lead_id,
        account_id=account_id,
        new_account=new_account if opens else None,
        new_deal=new_deal,
        existing=await asyncio.to_thread(taken_by, account_list, name, but=account_id, actor=asked.actor)
        if opens
        else None,
    )
    await convert(asked, Books(leads, accounts, deals), conversion)
    return Converted(id=lead_id, account_id=account_id, deal_id=new_deal.deal_id)
