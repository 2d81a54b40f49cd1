"""A service's routers on a real app, asked over HTTP in the test's own process."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import httpx
from fastapi import APIRouter, FastAPI

from shared.service.actor import Actor, Role
from shared.service.app import web_app
from shared.service.settings import Settings
from shared.service.tokens.own import token

SECRET: Final = "a secret that only the tests know, long enough"  # noqa: S105 - signs nothing outside the tests


def bearer(role: Role = "sales", *, person: str = "p-wang", department: str | None = None) -> dict[str, str]:
    """The header of a request by somebody in this role."""
    actor = Actor(id=person, role=role, department=department)
    signed = token(actor, secret=SECRET, valid_for=timedelta(hours=1))
    return {"Authorization": f"Bearer {signed}"}


@asynccontextmanager
async def serving(
    routers: Sequence[APIRouter],
    state: Mapping[str, Any],
    *,
    role: Role = "sales",
    public: Sequence[APIRouter] = (),
    **given: Any,
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app with these routers and parts; it asks as a salesperson unless told otherwise.

    ``public`` are not held to the table of permissions, such as routes that only a test has; ``given`` are
    settings.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield

    settings = Settings.model_validate({"token_secret": SECRET, "master_key": SECRET, **given})
    app = web_app(
        title="Test",
        description="",
        settings=settings,
        routers=routers,
        public=public,
        lifespan=lifespan,
    )
    for name, part in state.items():
        setattr(app.state, name, part)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://baton", headers=bearer(role)
    ) as client:
        yield client
