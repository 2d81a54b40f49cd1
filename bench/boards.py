"""The performance service's boards on a read model that is there already, and nothing else: no topics."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from services.performance import explain_api, funnel_api, handoffs_api, kpis_api, leaderboard_api
from services.performance.look import Looks
from shared.projections.database import open_database
from shared.projections.lists import Kept
from shared.service.app import web_app
from shared.service.memory import keep_what_is_loaded
from shared.service.settings import Settings
from tests.service_app import SECRET
from tests.unit.performance.world import HANDOFFS

ROUTERS = (
    kpis_api.router,
    funnel_api.router,
    leaderboard_api.router,
    handoffs_api.router,
    explain_api.router,
)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    database = open_database(app.state.settings.database_url)
    app.state.looks = Looks(database)
    app.state.handoff_list = Kept(database, HANDOFFS)
    app.state.freshness = list
    yield
    database.dispose()


def serve(database: str, port: int) -> None:
    settings = Settings.model_validate(
        {"token_secret": SECRET, "master_key": SECRET, "database_url": database}
    )
    app = web_app(title="Boards", description="", settings=settings, routers=ROUTERS, lifespan=lifespan)
    keep_what_is_loaded()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
