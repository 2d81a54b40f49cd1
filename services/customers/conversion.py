"""Converting a lead 转化: an account (unless it is there already), a deal, and the lead that became them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from typing import Final
from uuid import UUID, uuid5

from services.customers import account, deal, lead
from services.customers.seeing import as_seen
from shared.events.account import AccountEvent, AccountOpened
from shared.events.deal import DealEvent, DealOpened
from shared.events.lead import LeadEvent
from shared.eventstore.decider import Decider
from shared.service.commands import Command

_FROM_LEAD: Final = UUID("5f0f8a53-3f5c-4a57-8f4c-6d3f1f0f2a11")


def account_of(lead_id: str) -> str:
    """The id of the account that a lead becomes, the same every time."""
    return str(uuid5(_FROM_LEAD, f"account {lead_id}"))


def deal_of(lead_id: str) -> str:
    """The id of the deal that a lead becomes, the same every time."""
    return str(uuid5(_FROM_LEAD, f"deal {lead_id}"))


@dataclass(frozen=True)
class Books:
    """The three kinds of streams a conversion writes to."""

    leads: Decider[lead.Lead, LeadEvent]
    accounts: Decider[account.Account, AccountEvent]
    deals: Decider[deal.Deal, DealEvent]


@dataclass(frozen=True)
class Conversion:
    """What is to be recorded; ``new_account`` is ``None`` where the account is there already."""

    lead_id: str
    account_id: str
    new_account: AccountOpened | None
    new_deal: DealOpened
    existing: account.Existing | None
    """An account that has the new one's name already."""

    @property
    def at(self) -> datetime:
        return self.new_deal.occurred_at


async def convert(asked: Command, books: Books, it: Conversion) -> None:
    """Open the account, then the deal, and only then say that the lead was converted.

    The three appends are three transactions. The lead comes last and all ids follow from it, so a crash
    in between leaves a request that can be repeated: what is there already is found again, and the rest
    is added. All three are decided before the first is written, so a refusal leaves nothing behind.
    """
    became = partial(
        lead.convert,
        account_id=it.account_id,
        deal_id=it.new_deal.deal_id,
        owner=it.new_deal.owner,
        at=it.at,
    )
    before = await asked.run(books.leads, it.lead_id, partial(_would_convert, became))
    if isinstance(before.state, lead.Converted):
        return
    customer = as_seen((await books.accounts.load(it.account_id)).state, asked.actor)
    if it.new_account is not None:
        opening = partial(account.open_account, opened=it.new_account, existing=it.existing)
        customer = reduce(account.evolve, opening(customer), customer)
    dealing = partial(deal.open_deal, opened=it.new_deal, customer=customer)
    dealing((await books.deals.load(it.new_deal.deal_id)).state)

    if it.new_account is not None:
        await asked.run(books.accounts, it.account_id, opening, checked=False)
    await asked.run(books.deals, it.new_deal.deal_id, dealing, checked=False)
    await asked.run(books.leads, it.lead_id, became)


def _would_convert(became: Callable[[lead.Lead], list[LeadEvent]], state: lead.Lead) -> list[LeadEvent]:
    became(state)
    return []
