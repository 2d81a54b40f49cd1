"""One thing of each kind as the tests of decisions know it."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from shared.events.account import AccountOpened
from shared.events.complaint import ComplaintFiled
from shared.events.deal import DealOpened, DealWon
from shared.events.event import Money
from shared.events.lead import LeadAssigned, LeadContacted, LeadCreated, LeadQualified, LeadReleased
from shared.events.market import MarketEstimated
from shared.events.survey import SurveySent

NINE: Final = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Nine o'clock in Shanghai."""
TEN: Final = NINE + timedelta(hours=1)
ELEVEN: Final = NINE + timedelta(hours=2)
NOON: Final = NINE + timedelta(hours=3)

PRICE: Final = Money(minor=50_000_00)
MORE: Final = Money(minor=60_000_00)

CREATED: Final = LeadCreated(
    lead_id="l-1", company="Kan-code", source="fair", department="east", occurred_at=NINE
)
ASSIGNED: Final = LeadAssigned(lead_id="l-1", owner="p-wang", occurred_at=TEN)
CONTACTED: Final = LeadContacted(lead_id="l-1", by="p-wang", first=True, occurred_at=ELEVEN)
QUALIFIED: Final = LeadQualified(
    lead_id="l-1", by="p-wang", owner="p-wang", company="Kan-code", department="east", occurred_at=ELEVEN
)
RELEASED: Final = LeadReleased(lead_id="l-1", reason="No time", previous="p-wang", occurred_at=ELEVEN)

OPENED: Final = DealOpened(
    deal_id="d-1",
    title="20 presses",
    account_id="a-1",
    owner="p-wang",
    product="P-9",
    line="presses",
    amount=PRICE,
    expected_close=date(2026, 4, 1),
    department="east",
    occurred_at=NINE,
)
WON: Final = DealWon(
    deal_id="d-1",
    title="20 presses",
    amount=PRICE,
    account_id="a-1",
    owner="p-wang",
    product="P-9",
    line="presses",
    opened_at=NINE,
    department="east",
    occurred_at=TEN,
)

ACCOUNT: Final = AccountOpened(account_id="a-1", name="Kan-code", region="华东", occurred_at=NINE)
OTHER_ACCOUNT: Final = AccountOpened(account_id="a-2", name="Kancode Ltd", occurred_at=NINE)

FILED: Final = ComplaintFiled(
    complaint_id="c-1", account_id="a-1", subject="Bent frame", severity="high", occurred_at=NINE
)

SENT: Final = SurveySent(
    survey_id="s-1",
    kind="csat",
    account_id="a-1",
    about="delivery",
    subject="o-1",
    owner="p-wang",
    line="presses",
    occurred_at=NINE,
)
ASKED_NPS: Final = SENT.model_copy(update={"kind": "nps", "about": "relationship", "subject": None})

ESTIMATED: Final = MarketEstimated(
    market_id="m-1",
    line="presses",
    region="华东",
    start=date(2026, 1, 1),
    end=date(2027, 1, 1),
    size=Money(minor=900_000_000_00),
    source="行业报告 2025",
    estimated_on=date(2026, 2, 10),
    occurred_at=NINE,
)
