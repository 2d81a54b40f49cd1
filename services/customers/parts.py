"""What the routers of this service ask of the app; ``main.py`` puts it there under these names."""

from typing import Annotated

from services.customers import account, complaint, deal, lead, market, survey
from services.customers.account_list import AccountRow
from services.customers.complaint_list import ComplaintRow
from services.customers.deal_list import DealRow
from services.customers.lead_list import LeadRow
from services.customers.market_list import MarketRow
from services.customers.purchases import Purchase
from services.customers.survey_list import SurveyRow
from shared.events.account import AccountEvent
from shared.events.complaint import ComplaintEvent
from shared.events.deal import DealEvent
from shared.events.lead import LeadEvent
from shared.events.market import MarketEvent
from shared.events.survey import SurveyEvent
from shared.eventstore.decider import Decider
from shared.eventstore.store import EventStore
from shared.projections.lists import Kept
from shared.service.commands import of_app

Store = Annotated[EventStore, of_app("store")]

Leads = Annotated[Decider[lead.Lead, LeadEvent], of_app("leads")]
Accounts = Annotated[Decider[account.Account, AccountEvent], of_app("accounts")]
Deals = Annotated[Decider[deal.Deal, DealEvent], of_app("deals")]
Complaints = Annotated[Decider[complaint.Complaint, ComplaintEvent], of_app("complaints")]
Surveys = Annotated[Decider[survey.Survey, SurveyEvent], of_app("surveys")]
Markets = Annotated[Decider[market.Market, MarketEvent], of_app("markets")]

LeadList = Annotated[Kept[LeadRow], of_app("lead_list")]
AccountList = Annotated[Kept[AccountRow], of_app("account_list")]
DealList = Annotated[Kept[DealRow], of_app("deal_list")]
ComplaintList = Annotated[Kept[ComplaintRow], of_app("complaint_list")]
SurveyList = Annotated[Kept[SurveyRow], of_app("survey_list")]
MarketList = Annotated[Kept[MarketRow], of_app("market_list")]
PurchaseList = Annotated[Kept[Purchase], of_app("purchase_list")]
