"""Wires the coordination service: hand-offs between departments, timed, and webhooks for who is outside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, nullcontext
from functools import partial
from typing import Final

from fastapi import FastAPI

from services.coordination import breaches, handoffs_api, lists, reactions, timers
from services.coordination.handoff import HANDOFF
from services.coordination.webhooks import api as webhooks_api
from services.coordination.webhooks.attempt import Outside
from services.coordination.webhooks.listing import WEBHOOKS
from services.coordination.webhooks.queue import open_queue
from services.coordination.webhooks.reach import Reach
from services.coordination.webhooks.sender import Means
from services.coordination.webhooks.sending import Sending, disable, sending
from services.coordination.webhooks.webhook import WEBHOOK
from shared.audit.api import audit_of
from shared.departments.accounts import KnownAccounts
from shared.departments.seeing import InSight
from shared.eventstore.decider import Decider
from shared.eventstore.store import EventStore
from shared.projections.database import Database
from shared.projections.lists import Kept
from shared.service import events_api, operations_api
from shared.service.app import web_app
from shared.service.running import opened, running
from shared.service.settings import Settings
from shared.service.streaming import Work

NAME: Final = "coordination"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with opened(app, NAME) as (store, database):
        app.state.handoffs = Decider(store, HANDOFF, recorded=breaches.count)
        app.state.accounts = KnownAccounts(database)
        app.state.handoff_list = Kept(database, lists.HANDOFFS)
        work = Work(
            folds=lists.folds,
            to_others=reactions.to_others(app.state.handoffs),
            timers=timers.timers(app.state.handoffs, app.state.handoff_list),
        )
        async with (
            _telling(app, store, database),
            running(app, NAME, work, store=store, database=database),
        ):
            yield


@asynccontextmanager
async def _telling(app: FastAPI, store: EventStore, database: Database) -> AsyncIterator[None]:
    """Webhooks: what is asked about them, and the sending."""
    settings: Settings = app.state.settings
    reach, key = Reach(settings.inside()), settings.master_key.get_secret_value()
    with closing(open_queue(settings.database_of(NAME))) as queue:
        async with Outside(reach, master_key=key, desk=settings.performance_url) as outside:
            webhooks = Decider(store, WEBHOOK)
            means = Means(
                queue=queue,
                post=outside.post,
                disable=partial(disable, webhooks),
                brokers=settings.brokers(),
                replication=settings.kafka_replication,
            )
            app.state.webhooks, app.state.webhook_list = webhooks, Kept(database, WEBHOOKS)
            app.state.webhook_queue, app.state.webhook_outside = queue, outside
            app.state.webhook_sending = Sending(store, webhooks, means, owner=settings.kafka_instance_id)
            async with sending(app.state.webhook_sending) if settings.plays("stream") else nullcontext():
                yield


def build(settings: Settings) -> FastAPI:
    return web_app(
        title="Baton coordination 协作",
        description="Nothing falls between departments: hand-offs 交接, and who waits for whom. "
        "Who is outside is told of events: webhooks 事件订阅.",
        settings=settings,
        routers=(
            handoffs_api.router,
            webhooks_api.router,
            events_api.events_of(NAME, guards=[InSight]),
            audit_of(NAME),
            operations_api.router,
        ),
        lifespan=lifespan,
    )
