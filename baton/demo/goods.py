"""What the simulated company sells: listed on its first morning; half-way, a piece costs more."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from baton.demo import company
from baton.demo.clock import ZONE, at_work
from baton.demo.telling import Step, money
from shared.events.product import product_id

CENTS: Final = 100
DEARER_AFTER: Final = timedelta(weeks=6)
DEARER_PERCENT: Final = 4


def products(first: date) -> Iterator[list[Step]]:
    """Of each product: what it is, and its two costs in turn."""
    morning = at_work(datetime.combine(first, datetime.min.time(), ZONE))
    for product in company.PRODUCTS:
        path = f"/products/{product_id(product.name)}/cost"
        dearer = product.cost * (100 + DEARER_PERCENT)
        yield [
            Step(morning, "orders", "/products", _listed(product)),
            Step(morning, "orders", path, {"unit_cost": money(product.cost * CENTS)}),
            Step(at_work(morning + DEARER_AFTER), "orders", path, {"unit_cost": money(dearer)}),
        ]


def _listed(product: company.Product) -> dict[str, Any]:
    return {"name": product.name, "line": product.line, "list_price": money(product.yuan * CENTS)}
