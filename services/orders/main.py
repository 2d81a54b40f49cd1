"""Wires the orders service: orders from the promise to the delivery, and the money for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from fastapi import FastAPI

from services.orders import lists, orders_api, reactions, receivables_api
from services.orders.order import ORDER
from services.orders.receivable import RECEIVABLE
from shared.eventstore.decider import Decider
from shared.projections.lists import Kept
from shared.service import operations_api
from shared.service.app import web_app
from shared.service.running import Work, opened, running
from shared.service.settings import Settings

NAME: Final = "orders"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    async with opened(app, NAME) as (store, engine):
        app.state.orders = Decider(store, ORDER)
        app.state.receivables = Decider(store, RECEIVABLE)
        app.state.order_list = Kept(engine, lists.ORDERS)
        app.state.receivable_list = Kept(engine, lists.RECEIVABLES)
        work = Work(
            own=lists.OWN,
            others=lists.OTHERS,
            to_own=reactions.to_own(
                app.state.receivables,
                zone=settings.timezone(),
                payment_terms=timedelta(days=settings.payment_terms_days),
            ),
            to_others=reactions.to_others(app.state.orders),
        )
        async with running(app, NAME, work, store=store, engine=engine):
            yield


def build(settings: Settings) -> FastAPI:
    return web_app(
        title="Baton orders 订单",
        description="From the promise to the money: orders, delivery, receivables 回款.",
        settings=settings,
        routers=(orders_api.router, receivables_api.router, operations_api.router),
        lifespan=lifespan,
    )
