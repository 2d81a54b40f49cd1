"""Who and what the story of the examples is about, and its calendar."""

from datetime import date, datetime

from ..event import Money
from ..product import product_id

WANG, JAMES, CHEN, OLIVIA = "p-wang-fang", "p-james-miller", "p-chen-jing", "p-olivia-reed"
EAST, KEY_ACCOUNTS = "t-sales-east", "t-key-accounts"
YUNFAN = {"account_id": "acc-yunfan"}
GOODS = {"product": "Atlas 200", "line": "Atlas"}
PRODUCT, UNIT_COST = {"product_id": product_id("Atlas 200")}, Money(minor=5_200_00)
LEAD, COLD_LEAD = {"lead_id": "lead-2041"}, {"lead_id": "lead-2042"}
DEAL, ORDER = {"deal_id": "deal-1203"}, {"order_id": "ord-1203"}
DEBT, COMPLAINT = {"receivable_id": "ord-1203"}, {"complaint_id": "cmp-77"}
SURVEY, MARKET = {"survey_id": "srv-ord-1203"}, {"market_id": "mkt-atlas-east-2025h1"}
HANDOFF = {"handoff_id": "ho-ord-1203-production"}
FIRST_PRICE, PRICE, ORDERED = Money(minor=86_000_00), Money(minor=80_000_00), Money(minor=96_000_00)


def at(moment: str) -> datetime:
    """``03-04 09:30`` on the clocks of Shanghai in 2025."""
    return datetime.fromisoformat(f"2025-{moment}+08:00")


def on(day: str) -> date:
    return date.fromisoformat(f"2025-{day}")
