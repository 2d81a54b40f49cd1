"""The orders service without its sources: a real store, real read models, its routers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from services.orders import lists, orders_api, products_api, receivables_api
from services.orders.costs import Products
from services.orders.order import ORDER
from services.orders.order_list import ORDERS
from services.orders.product import PRODUCT
from services.orders.product_list import PRODUCTS
from services.orders.reactions import Receivables, to_own
from services.orders.receivable import RECEIVABLE
from services.orders.receivable_list import RECEIVABLES
from services.orders.won_deals import Orders
from shared.departments.accounts import KnownAccounts
from shared.departments.seeing import InSight
from shared.eventstore.decider import Decider
from shared.eventstore.sqlite import SqliteStore
from shared.projections.database import open_database
from shared.projections.lists import Kept
from shared.service.events_api import events_of
from tests.following import Following
from tests.service_app import serving


@dataclass(frozen=True)
class Service:
    client: httpx.AsyncClient
    products: Products
    orders: Orders
    receivables: Receivables
    store: SqliteStore
    following: Following


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    store = SqliteStore(tmp_path / "events.db")
    engine = open_database(f"sqlite:///{tmp_path}/read.db")
    products, orders, receivables = Decider(store, PRODUCT), Decider(store, ORDER), Decider(store, RECEIVABLE)
    reactions = to_own(receivables, zone=ZoneInfo("Asia/Shanghai"), payment_terms=timedelta(days=30))
    state = {
        "store": store,
        "log": store,
        "accounts": KnownAccounts(engine),
        "products": products,
        "orders": orders,
        "receivables": receivables,
        "product_list": Kept(engine, PRODUCTS),
        "order_list": Kept(engine, ORDERS),
        "receivable_list": Kept(engine, RECEIVABLES),
    }
    following = Following(store, engine, "orders", [*lists.OWN, *lists.OTHERS], reactions=reactions)
    routers = [products_api.router, orders_api.router, receivables_api.router]
    routers.append(events_of("orders", guards=[InSight]))
    async with serving(routers, state, role="manager") as client:
        yield Service(client, products, orders, receivables, store, following)
    engine.dispose()
    await store.close()
