"""Products 产品: what we sell, for how much, and what one piece costs us."""

from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from pydantic import Field

from .event import Event, Id, Label, Money

Version = Annotated[int, Field(ge=1)]


def product_id(name: str) -> str:
    """The id of the product of this name: who knows what an order sells knows the product's stream."""
    return str(uuid5(NAMESPACE_URL, f"urn:baton:product:{name}"))


class OfProduct(Event, category="product", service="orders"):
    product_id: Id
    """See ``product_id``."""


class ProductListed(OfProduct, type="product-listed.v1"):
    """It can be sold from now on; ``name`` is what orders call their ``product``."""

    name: Label
    line: Label
    list_price: Money


class ProductPriced(OfProduct, type="product-priced.v1"):
    """The product's list price from now on."""

    list_price: Money
    previous: Money


class ProductCosted(OfProduct, type="product-costed.v1"):
    """What one piece costs us from now on; orders that were opened before keep the cost they froze."""

    unit_cost: Money
    version: Version
    previous: Money | None = None


ProductEvent = ProductListed | ProductPriced | ProductCosted
