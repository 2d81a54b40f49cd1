"""What one piece of an order costs us, frozen into the order when it is opened."""

from services.orders.product import Product, cost_at
from shared.events.order import OrderOpened
from shared.events.product import ProductEvent, product_id
from shared.eventstore.decider import Decider

Products = Decider[Product, ProductEvent]


async def costed(products: Products, opened: OrderOpened) -> OrderOpened:
    """The order with its product's cost of that moment; as it is where none was known."""
    product = (await products.load(product_id(opened.product))).state
    cost = cost_at(product, opened.occurred_at)
    if cost is None:
        return opened
    return opened.model_copy(update={"unit_cost": cost.unit_cost, "cost_version": cost.version})
