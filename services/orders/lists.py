"""The read models of this service."""

from typing import Any, Final

from services.orders.order_list import ORDERS
from services.orders.product_list import PRODUCTS
from services.orders.receivable_list import RECEIVABLES
from shared.projections.projection import Folds, Projection

OWN: Final[tuple[Projection[Any], ...]] = (PRODUCTS, ORDERS, RECEIVABLES)
"""Folded from this service's own store."""
OTHERS: Final[tuple[Projection[Any], ...]] = ()
"""Folded from the other services' topics."""


def folds() -> Folds:
    return Folds(OWN, OTHERS)
