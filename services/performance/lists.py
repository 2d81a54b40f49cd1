"""The read models of this service: what it lists of its own, and what boards are made of."""

from typing import Final
from zoneinfo import ZoneInfo

from services.performance.measures.awards import AWARDS
from services.performance.measures.commits import COMMITS
from services.performance.measures.complaints import complaints
from services.performance.measures.deals import deals
from services.performance.measures.handoffs import handoffs
from services.performance.measures.leads import leads
from services.performance.measures.market import MARKETS
from services.performance.measures.orders import orders
from services.performance.measures.people import PEOPLE, TEAMS
from services.performance.measures.plans import PLANS
from services.performance.measures.rates import RATES
from services.performance.measures.receivables import receivables
from services.performance.measures.surveys import surveys
from services.performance.measures.targets import TARGETS
from shared.erasure.erasure import STAFF
from shared.erasure.rows import erasures
from shared.projections.projection import Folds

ERASURES: Final = erasures(STAFF)


def folds(zone: ZoneInfo) -> Folds:
    """With business days of this time zone."""
    return Folds(
        own=(TEAMS, PEOPLE, TARGETS, PLANS, COMMITS, RATES, AWARDS, ERASURES),
        others=(
            leads(zone),
            deals(zone),
            orders(zone),
            receivables(zone),
            complaints(zone),
            surveys(zone),
            MARKETS,
            handoffs(zone),
        ),
    )
