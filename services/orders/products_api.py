"""Products over HTTP."""

from datetime import datetime
from functools import partial
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel

from services.orders import product, product_list
from services.orders.costs import Products
from shared.events.event import Id, Label, Money
from shared.events.product import ProductListed, product_id
from shared.eventstore.store import EventStore
from shared.projections.lists import Kept
from shared.service.actor import Asking
from shared.service.commands import Asked, Body, Created, of_app
from shared.service.history import Happened, history
from shared.service.pages import Cursor, Limit, Listed

router = APIRouter(prefix="/products", tags=["products 产品"])

Catalogue = Annotated[Products, of_app("products")]
ProductList = Annotated[Kept[product_list.Product], of_app("product_list")]
Store = Annotated[EventStore, of_app("store")]


class ListProduct(Body):
    name: Label
    """What orders call their product; its id is made from it."""
    line: Label
    list_price: Money


class Price(Body):
    list_price: Money


class Cost(Body):
    unit_cost: Money


class ProductRow(BaseModel):
    """A product as a list shows it."""

    id: str
    name: str
    line: str
    list_price: Money
    unit_cost: Money | None
    cost_version: int | None

    @classmethod
    def of(cls, stream: str, it: product_list.Product) -> Self:
        return cls(
            id=stream.removeprefix("product-"),
            name=it.name,
            line=it.line,
            list_price=_money(it.list_price),
            unit_cost=_money(it.unit_cost) if it.unit_cost else None,
            cost_version=it.cost_version,
        )


class CostVersion(BaseModel):
    """What one piece cost, from ``since`` until the next version."""

    version: int
    unit_cost: Money
    since: datetime


class ProductView(ProductRow):
    costs: list[CostVersion]
    history: list[Happened]


@router.post("", status_code=201, summary="List a product 上架")
async def list_product(body: ListProduct, products: Catalogue, asked: Asked) -> Created:
    key = product_id(body.name)
    listed = ProductListed(
        product_id=key, **body.model_dump(exclude={"occurred_at"}), occurred_at=asked.at(body)
    )
    await asked.run(products, key, partial(product.list_product, listed=listed))
    return Created(id=key)


@router.post("/{product_id}/price", status_code=204, summary="Change its list price 调价")
async def price(product_id: Id, body: Price, products: Catalogue, asked: Asked) -> None:
    decide = partial(product.price, list_price=body.list_price, at=asked.at(body))
    await asked.run(products, product_id, decide)


@router.post("/{product_id}/cost", status_code=204, summary="What one piece costs us from now on 成本")
async def cost(product_id: Id, body: Cost, products: Catalogue, asked: Asked) -> None:
    await asked.run(products, product_id, partial(product.cost, unit_cost=body.unit_cost, at=asked.at(body)))


@router.get("", summary="Products, newest first")
def some_products(
    kept: ProductList,
    _actor: Asking,
    line: Label | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listed[ProductRow]:
    page = kept.page(where={"line": line}, cursor=cursor, limit=limit)
    return Listed(items=[ProductRow.of(stream, it) for stream, it in page.items], next=page.next)


@router.get("/{product_id}", summary="One product, with its costs and its history")
async def one_product(product_id: Id, products: Catalogue, store: Store, _actor: Asking) -> ProductView:
    it = product.known((await products.load(product_id)).state)
    return ProductView(
        id=product_id,
        name=it.listed.name,
        line=it.listed.line,
        list_price=it.list_price,
        unit_cost=it.cost.unit_cost if it.cost else None,
        cost_version=it.cost.version if it.cost else None,
        costs=[CostVersion.model_validate(version, from_attributes=True) for version in it.costs],
        history=await history(store, product.PRODUCT.stream(product_id)),
    )


def _money(price: product_list.Price) -> Money:
    return Money(minor=price.minor, currency=price.currency)
