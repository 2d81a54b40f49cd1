"""Products 产品: listed, priced, and costed in numbered versions, each from its moment on."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never

from shared.events.event import Money
from shared.events.product import ProductCosted, ProductEvent, ProductListed, ProductPriced
from shared.eventstore.decider import Aggregate, NotFound, Refused


@dataclass(frozen=True)
class NotListed:
    pass


@dataclass(frozen=True)
class Cost:
    """What one piece costs us from ``since`` until the next version."""

    version: int
    unit_cost: Money
    since: datetime


@dataclass(frozen=True)
class Listed:
    listed: ProductListed
    list_price: Money
    costs: tuple[Cost, ...]
    """Every version, oldest first."""
    since: datetime
    """When the last thing happened to it; nothing can happen before."""

    @property
    def cost(self) -> Cost | None:
        return self.costs[-1] if self.costs else None


Product = NotListed | Listed


def evolve(product: Product, event: ProductEvent) -> Product:
    if isinstance(event, ProductListed):
        return Listed(event, event.list_price, (), event.occurred_at)
    it = replace(known(product), since=event.occurred_at)
    match event:
        case ProductPriced():
            return replace(it, list_price=event.list_price)
        case ProductCosted():
            cost = Cost(event.version, event.unit_cost, event.occurred_at)
            return replace(it, costs=(*it.costs, cost))
        case _:
            assert_never(event)


PRODUCT: Final = Aggregate[Product, ProductEvent](
    category="product",
    initial=NotListed(),
    evolve=evolve,
)


def list_product(product: Product, *, listed: ProductListed) -> list[ProductEvent]:
    match product:
        case NotListed():
            return [listed]
        case Listed(listed=was):
            if was == listed.model_copy(update={"occurred_at": was.occurred_at}):
                return []
            raise Refused("A product of this name is listed already.", code="listed")
        case _:
            assert_never(product)


def price(product: Product, *, list_price: Money, at: datetime) -> list[ProductEvent]:
    it = known(product)
    if it.list_price == list_price:
        return []
    _not_before(it, at)
    product_id = it.listed.product_id
    return [
        ProductPriced(product_id=product_id, list_price=list_price, previous=it.list_price, occurred_at=at)
    ]


def cost(product: Product, *, unit_cost: Money, at: datetime) -> list[ProductEvent]:
    """A new version of what one piece costs us; the same cost again is none."""
    it = known(product)
    if it.cost is not None and it.cost.unit_cost == unit_cost:
        return []
    _not_before(it, at)
    costed = ProductCosted(
        product_id=it.listed.product_id,
        unit_cost=unit_cost,
        version=it.cost.version + 1 if it.cost else 1,
        previous=it.cost.unit_cost if it.cost else None,
        occurred_at=at,
    )
    return [costed]


def cost_at(product: Product, at: datetime) -> Cost | None:
    """The version that held at a moment; ``None`` where no cost was known then."""
    match product:
        case NotListed():
            return None
        case Listed(costs=costs):
            return next((cost for cost in reversed(costs) if cost.since <= at), None)
        case _:
            assert_never(product)


def known(product: Product) -> Listed:
    """The product, if it is listed; raises ``NotFound``."""
    if isinstance(product, NotListed):
        raise NotFound("There is no such product.")
    return product


def _not_before(it: Listed, at: datetime) -> None:
    if at < it.since:
        raise Refused("Something happened to the product after that moment already.", code="out-of-order")
