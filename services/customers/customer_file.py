"""The customer file 客户档案: what one customer bought, and all that happened between us, newest first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from services.customers.account_list import AccountRow
from services.customers.amount import Amount
from services.customers.complaint_list import ComplaintRow
from services.customers.deal_list import DealRow
from services.customers.lead_list import LeadRow
from services.customers.pages import everything, view
from services.customers.purchases import Purchase, PurchaseState
from shared.events.event import Money
from shared.projections.lists import Kept

LONGEST_TIMELINE: Final = 200


@dataclass(frozen=True)
class Lists:
    """Everything that is listed by account."""

    accounts: Kept[AccountRow]
    leads: Kept[LeadRow]
    deals: Kept[DealRow]
    complaints: Kept[ComplaintRow]
    purchases: Kept[Purchase]


class PurchaseView(BaseModel):
    id: str
    account_id: str
    deal_id: str | None
    title: str
    product: str
    line: str
    quantity: int
    amount: Money
    state: PurchaseState
    ordered_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None


class Purchases(BaseModel):
    """What was bought; cancelled orders are shown but not counted."""

    orders: int
    total: list[Money]
    """One sum for each currency."""
    items: list[PurchaseView]


class Moment(BaseModel):
    """A lead, a deal, an order or a complaint as it stands, at the time of its last change."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    since: datetime
    """When it began."""
    kind: Literal["lead", "deal", "order", "complaint"]
    id: str
    account_id: str
    title: str
    state: str
    amount: Money | None = None


def purchases(lists: Lists, accounts: Sequence[str]) -> Purchases:
    bought = sorted(
        (
            view(PurchaseView, row)
            for one in accounts
            for row in everything(lists.purchases, {"account": one})
        ),
        key=lambda purchase: purchase.ordered_at,
        reverse=True,
    )
    counted = [purchase for purchase in bought if purchase.state != "cancelled"]
    sums: Counter[str] = Counter()
    for purchase in counted:
        sums[purchase.amount.currency] += purchase.amount.minor
    total = [view(Money, Amount(minor, currency)) for currency, minor in sorted(sums.items())]
    return Purchases(orders=len(counted), total=total, items=bought)


def timeline(lists: Lists, accounts: Iterable[str]) -> list[Moment]:
    """The newest ``LONGEST_TIMELINE`` moments of all these accounts."""
    moments = (moment for one in accounts for moment in _moments(lists, one))
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:LONGEST_TIMELINE]


def _moments(lists: Lists, account: str) -> Iterator[Moment]:
    of_account = {"account": account}
    for lead in everything(lists.leads, of_account):
        yield _moment("lead", lead, account, lead.company, lead.created_at)
    for deal in everything(lists.deals, of_account):
        yield _moment("deal", deal, account, deal.title, deal.opened_at, deal.amount)
    for complaint in everything(lists.complaints, of_account):
        yield _moment("complaint", complaint, account, complaint.subject, complaint.filed_at)
    for order in everything(lists.purchases, of_account):
        yield _moment("order", order, account, order.title, order.ordered_at, order.amount)


def _moment(
    kind: str,
    row: LeadRow | DealRow | ComplaintRow | Purchase,
    account: str,
    title: str,
    since: datetime | None,
    amount: Amount | None = None,
) -> Moment:
    facts = {
        "at": row.changed_at,
        "since": since,
        "kind": kind,
        "id": row.id,
        "account_id": account,
        "title": title,
        "state": row.state,
        "amount": amount,
    }
    return Moment.model_validate(facts, from_attributes=True)
