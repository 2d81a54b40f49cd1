"""Wires the performance service: organisation and targets, boards, the live feed and the wallboard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final

from fastapi import FastAPI

from services.performance import (
    ageing_api,
    awards_api,
    commits_api,
    explain_api,
    forecast_api,
    funnel_api,
    handoffs_api,
    kpis_api,
    leaderboard_api,
    lists,
    live_api,
    organisation_api,
    permissions_api,
    plans_api,
    rates_api,
    session_api,
    targets_api,
    wins_api,
)
from services.performance.award import AWARD
from services.performance.commit import COMMIT
from services.performance.look import Looks
from services.performance.measures.awards import AWARDS
from services.performance.measures.commits import COMMITS
from services.performance.measures.handoffs import handoffs
from services.performance.measures.people import PEOPLE
from services.performance.measures.plans import PLANS
from services.performance.measures.rates import RATES
from services.performance.measures.targets import TARGETS
from services.performance.person import PERSON
from services.performance.plan import PLAN
from services.performance.rate import RATE
from services.performance.target import TARGET
from services.performance.team import TEAM
from services.performance.timers import Champions, caught_up, timers
from services.performance.wallboard import Pages
from services.performance.won_before import won_before
from shared.audit.api import audit_of
from shared.erasure.api import erasures_of
from shared.erasure.erasing import Erasing
from shared.erasure.erasure import STAFF, aggregate
from shared.eventstore.decider import Decider
from shared.projections.lists import Kept
from shared.service import events_api, operations_api
from shared.service.app import web_app
from shared.service.running import opened, running
from shared.service.settings import Settings
from shared.service.streaming import Work

NAME: Final = "performance"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    zone = app.state.settings.timezone()
    async with opened(app, NAME) as (store, database):
        app.state.teams = Decider(store, TEAM)
        app.state.people = Decider(store, PERSON)
        app.state.targets = Decider(store, TARGET)
        app.state.plans = Decider(store, PLAN)
        app.state.commits = Decider(store, COMMIT)
        app.state.rates = Decider(store, RATE)
        app.state.awards = Decider(store, AWARD)
        app.state.erasures = Decider(store, aggregate(STAFF))
        app.state.person_list = Kept(database, PEOPLE)
        app.state.target_list = Kept(database, TARGETS)
        app.state.plan_list = Kept(database, PLANS)
        app.state.commit_list = Kept(database, COMMITS)
        app.state.rate_list = Kept(database, RATES)
        app.state.award_list = Kept(database, AWARDS)
        app.state.erasure_list = Kept(database, lists.ERASURES)
        knowing = (app.state.people, app.state.commits, app.state.erasures)
        app.state.handoff_list = Kept(database, handoffs(zone))
        app.state.looks = Looks(database)
        app.state.plan_shape = won_before(app.state.looks)
        champions = Champions(
            app.state.awards,
            app.state.award_list,
            app.state.looks,
            caught_up=lambda: caught_up(app.state.freshness(), app.state.health.waiting()),
            zone=zone,
            currency=app.state.settings.currency,
            grace=timedelta(hours=app.state.settings.award_grace_hours),
        )
        work = Work(
            folds=partial(lists.folds, zone),
            timers=timers(champions),
            erasing=Erasing(STAFF, app.state.keyring, forget=[decider.forget for decider in knowing]),
        )
        async with running(app, NAME, work, store=store, database=database):
            yield


def build(settings: Settings) -> FastAPI:
    app = web_app(
        title="Baton performance 业绩",
        description="How we are doing, live: KPIs, funnel, leaderboards, targets and the wallboard.",
        settings=settings,
        routers=(
            kpis_api.router,
            funnel_api.router,
            leaderboard_api.router,
            handoffs_api.router,
            ageing_api.router,
            explain_api.router,
            wins_api.router,
            forecast_api.router,
            commits_api.router,
            live_api.router,
            session_api.router,
            organisation_api.router,
            targets_api.router,
            plans_api.router,
            rates_api.router,
            awards_api.router,
            erasures_of(NAME, STAFF),
            events_api.events_of(NAME),
            audit_of(NAME),
            operations_api.router,
            permissions_api.router,
        ),
        public=(live_api.public, session_api.public),
        lifespan=lifespan,
    )
    if settings.wallboard_dir is not None:
        pages = Pages(settings.wallboard_dir, zone=settings.business_timezone, currency=settings.currency)
        app.mount("/", pages, name="wallboard")
    return app
