"""Wires the customers service: leads, accounts, deals, complaints, surveys and market estimates."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from fastapi import FastAPI

from services.customers import (
    accounts_api,
    complaints_api,
    conversion_api,
    deals_api,
    leads_api,
    lists,
    markets_api,
    surveys_api,
    timers,
)
from services.customers.account import ACCOUNT
from services.customers.account_list import ACCOUNTS
from services.customers.complaint import COMPLAINT
from services.customers.complaint_list import COMPLAINTS
from services.customers.deal import DEAL
from services.customers.deal_list import DEALS
from services.customers.lead import LEAD
from services.customers.lead_list import LEADS
from services.customers.market import MARKET
from services.customers.market_list import MARKETS
from services.customers.purchases import PURCHASES
from services.customers.survey import SURVEY
from services.customers.survey_list import SURVEYS
from shared.audit.api import audit_of
from shared.departments.seeing import InSight
from shared.erasure.api import erasures_of
from shared.erasure.erasing import Erasing
from shared.erasure.erasure import CUSTOMERS, aggregate
from shared.eventstore.decider import Decider
from shared.projections.lists import Kept
from shared.service import events_api, operations_api
from shared.service.app import web_app
from shared.service.running import opened, running
from shared.service.settings import Settings
from shared.service.streaming import Work

NAME: Final = "customers"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    async with opened(app, NAME) as (store, database):
        app.state.leads = Decider(store, LEAD)
        app.state.accounts = Decider(store, ACCOUNT)
        app.state.deals = Decider(store, DEAL)
        app.state.complaints = Decider(store, COMPLAINT)
        app.state.surveys = Decider(store, SURVEY)
        app.state.markets = Decider(store, MARKET)
        app.state.erasures = Decider(store, aggregate(CUSTOMERS))
        app.state.lead_list = Kept(database, LEADS)
        app.state.account_list = Kept(database, ACCOUNTS)
        app.state.deal_list = Kept(database, DEALS)
        app.state.complaint_list = Kept(database, COMPLAINTS)
        app.state.survey_list = Kept(database, SURVEYS)
        app.state.market_list = Kept(database, MARKETS)
        app.state.purchase_list = Kept(database, PURCHASES)
        app.state.erasure_list = Kept(database, lists.ERASURES)
        knowing = (app.state.leads, app.state.accounts, app.state.surveys, app.state.erasures)
        recycle_after = timedelta(days=settings.lead_recycle_days)
        work = Work(
            folds=lists.folds,
            timers=timers.timers(app.state.leads, app.state.lead_list, recycle_after=recycle_after),
            erasing=Erasing(CUSTOMERS, app.state.keyring, forget=[decider.forget for decider in knowing]),
        )
        async with running(app, NAME, work, store=store, database=database):
            yield


def build(settings: Settings) -> FastAPI:
    return web_app(
        title="Baton customers 客户",
        description="The file of every customer, what customers say of us, and how big the market is.",
        settings=settings,
        routers=(
            leads_api.router,
            conversion_api.router,
            accounts_api.router,
            deals_api.router,
            complaints_api.router,
            surveys_api.router,
            markets_api.router,
            erasures_of(NAME, CUSTOMERS),
            events_api.events_of(NAME, guards=[InSight]),
            audit_of(NAME),
            operations_api.router,
        ),
        lifespan=lifespan,
    )
