"""Wires the orders service: products, orders from the promise to the delivery, and the money for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from fastapi import FastAPI

from services.orders import lists, orders_api, products_api, reactions, receivables_api
from services.orders.order import ORDER
from services.orders.order_list import ORDERS
from services.orders.product import PRODUCT
from services.orders.product_list import PRODUCTS
from services.orders.receivable import RECEIVABLE
from services.orders.receivable_list import RECEIVABLES
from shared.audit.api import audit_of
from shared.departments.accounts import KnownAccounts
from shared.departments.seeing import InSight
from shared.eventstore.decider import Decider
from shared.projections.lists import Kept
from shared.service import events_api, operations_api
from shared.service.app import web_app
from shared.service.running import opened, running
from shared.service.settings import Settings
from shared.service.streaming import Work

NAME: Final = "orders"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    async with opened(app, NAME) as (store, database):
        app.state.products = Decider(store, PRODUCT)
        app.state.orders = Decider(store, ORDER)
        app.state.receivables = Decider(store, RECEIVABLE)
        app.state.accounts = KnownAccounts(database)
        app.state.product_list = Kept(database, PRODUCTS)
        app.state.order_list = Kept(database, ORDERS)
        app.state.receivable_list = Kept(database, RECEIVABLES)
        work = Work(
            folds=lists.folds,
            to_own=reactions.to_own(
                app.state.receivables,
                zone=settings.timezone(),
                payment_terms=timedelta(days=settings.payment_terms_days),
            ),
            to_others=reactions.to_others(app.state.orders, app.state.products),
        )
        async with running(app, NAME, work, store=store, database=database):
            yield


def build(settings: Settings) -> FastAPI:
    return web_app(
        title="Baton orders 订单",
        description="From the promise to the money: products, orders, delivery, receivables 回款.",
        settings=settings,
        routers=(
            products_api.router,
            orders_api.router,
            receivables_api.router,
            events_api.events_of(NAME, guards=[InSight]),
            audit_of(NAME),
            operations_api.router,
        ),
        lifespan=lifespan,
    )
