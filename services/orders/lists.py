"""The read models of this service."""

from typing import Any, Final

from services.orders.order_list import ORDERS
from services.orders.product_list import PRODUCTS
from services.orders.receivable_list import RECEIVABLES
from shared.departments.accounts import ACCOUNTS
from shared.projections.projection import Folds, Projection

OWN: Final[tuple[Projection[Any], ...]] = (PRODUCTS, ORDERS, RECEIVABLES)
"""Folded from this service's own store."""
OTHERS: Final[tuple[Projection[Any], ...]] = (ACCOUNTS,)
"""Folded from the topic of the customers service."""


def folds() -> Folds:
    return Folds(OWN, OTHERS)
