"""The list of products, folded from the service's own events."""

from typing import Final

import msgspec

from shared.events.product import ProductCosted, ProductEvent, ProductListed, ProductPriced
from shared.projections.projection import Projection


class Price(msgspec.Struct, frozen=True):
    minor: int = 0
    currency: str = ""


class Product(msgspec.Struct, frozen=True):
    name: str = ""
    line: str = ""
    list_price: Price = Price()
    unit_cost: Price | None = None
    cost_version: int | None = None


def evolve(it: Product, event: ProductEvent) -> Product:
    match event:
        case ProductListed():
            price = Price(event.list_price.minor, event.list_price.currency)
            return Product(event.name, event.line, price)
        case ProductPriced():
            price = Price(event.list_price.minor, event.list_price.currency)
            return msgspec.structs.replace(it, list_price=price)
        case ProductCosted():
            cost = Price(event.unit_cost.minor, event.unit_cost.currency)
            return msgspec.structs.replace(it, unit_cost=cost, cost_version=event.version)
        case _:
            return it


PRODUCTS: Final = Projection(
    name="product-list",
    version=1,
    state=Product,
    initial=Product(),
    events=(ProductListed, ProductPriced, ProductCosted),
    evolve=evolve,
    index=lambda it: {"line": it.line},
)
