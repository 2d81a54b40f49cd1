"""The read models of this service: what it lists of its own, and what it learnt from the others."""

from typing import Any, Final

from services.customers.account_list import ACCOUNTS
from services.customers.complaint_list import COMPLAINTS
from services.customers.deal_list import DEALS
from services.customers.lead_list import LEADS
from services.customers.market_list import MARKETS
from services.customers.purchases import PURCHASES
from services.customers.survey_list import SURVEYS
from shared.erasure.erasure import CUSTOMERS
from shared.erasure.rows import erasures
from shared.projections.projection import Folds, Projection

ERASURES: Final = erasures(CUSTOMERS)

OWN: Final[tuple[Projection[Any], ...]] = (
    LEADS,
    ACCOUNTS,
    DEALS,
    COMPLAINTS,
    SURVEYS,
    MARKETS,
    ERASURES,
)
"""Folded from the service's own store, with the personal data that only it has."""

OTHERS: Final[tuple[Projection[Any], ...]] = (PURCHASES,)
"""Folded from the topic of the orders service."""


def folds() -> Folds:
    return Folds(OWN, OTHERS)
