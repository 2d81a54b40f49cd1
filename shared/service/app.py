"""A service's web app: health, metrics, problems, body limits and its own routes."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import lru_cache
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.service.examples import give_examples
from shared.service.health import Health, health_of
from shared.service.problems import PROBLEM_JSON, PROBLEMS, answer_problems, problem
from shared.service.rate import Limited
from shared.service.settings import Settings

LARGEST_BODY: Final = 256 * 1024

REQUESTS: Final = Counter("baton_http_requests_total", "HTTP answers.", ["method", "route", "status"])
SECONDS: Final = Histogram("baton_http_request_seconds", "Time to answer.", ["method", "route"])


def web_app(
    *,
    title: str,
    description: str,
    settings: Settings,
    routers: Sequence[APIRouter],
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
) -> FastAPI:
    """The app of one service; ``lifespan`` puts its parts into ``app.state``."""
    app = _Documented(
        title=title,
        description=description,
        version="0.1.0",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        responses=PROBLEMS,
        max_body_size=LARGEST_BODY,
    )
    app.state.settings = settings
    app.state.health = Health(answers=settings.plays("api"))
    answer_problems(app)
    app.include_router(health_of(app.state.health))
    app.include_router(_metrics())
    for router in routers:
        app.include_router(router)
    if settings.requests_a_minute:
        app.add_middleware(Limited, a_minute=settings.requests_a_minute)
    app.add_middleware(Measured)
    app.add_middleware(Bounded)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[settings.pages()],
        allow_methods=["GET", "POST", "PUT"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match"],
        expose_headers=["ETag", "RateLimit", "RateLimit-Policy", "Retry-After"],
        max_age=3600,
    )
    return app


class _Documented(FastAPI):
    """Its OpenAPI document gives examples, and says once what problems there are, as problem+json."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = super().openapi()
            _say_problems_once(document)
            give_examples(document)
        return super().openapi()


def _say_problems_once(document: dict[str, Any]) -> None:
    document["components"]["responses"] = {
        f"Problem{status}": {
            "description": told["description"],
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, told in PROBLEMS.items()
    }
    for operation in (one for path in document["paths"].values() for one in path.values()):
        for status in PROBLEMS:
            if str(status) in operation["responses"]:
                operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}


def _metrics() -> APIRouter:
    router = APIRouter()

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


class Bounded:
    """Answers a body that says it is too long with a problem; FastAPI cuts off the one that does not say."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = dict(scope.get("headers", ())).get(b"content-length", b"0")
        if not length.isdigit() or int(length) <= LARGEST_BODY:
            await self._app(scope, receive, send)
            return
        said = f"A body may have at most {LARGEST_BODY} bytes."
        await problem(Request(scope), 413, said)(scope, receive, send)


class Measured:
    """Counts and times answers by route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        started = time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", "unknown")
            answered, seconds = _series(scope["method"], route, status)
            answered.inc()
            seconds.observe(time.perf_counter() - started)


@lru_cache(maxsize=4096)
def _series(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The two time series of an answer; to look them up by their labels costs more than to add to them."""
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(method, route)
