"""Wires the coordination service: hand-offs between departments, timed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from services.coordination import handoffs_api, lists, reactions, timers
from services.coordination.handoff import HANDOFF
from shared.eventstore.decider import Decider
from shared.projections.lists import Kept
from shared.service import events_api, operations_api
from shared.service.app import web_app
from shared.service.running import Work, opened, running
from shared.service.settings import Settings

NAME: Final = "coordination"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with opened(app, NAME) as (store, database):
        app.state.handoffs = Decider(store, HANDOFF)
        app.state.handoff_list = Kept(database, lists.HANDOFFS)
        work = Work(
            folds=lists.folds,
            to_others=reactions.to_others(app.state.handoffs),
            timers=timers.timers(app.state.handoffs, app.state.handoff_list),
        )
        async with running(app, NAME, work, store=store, database=database):
            yield


def build(settings: Settings) -> FastAPI:
    return web_app(
        title="Baton coordination 协作",
        description="Nothing falls between departments: hand-offs 交接, and who waits for whom.",
        settings=settings,
        routers=(handoffs_api.router, events_api.events_of(NAME), operations_api.router),
        lifespan=lifespan,
    )
