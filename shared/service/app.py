"""A service's web app: health, metrics, problems, body limits and its own routes."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, disable_created_metrics, generate_latest
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from shared.service.bodies import LARGEST_BODY, Bounded
from shared.service.build import VERSION
from shared.service.examples import give_examples
from shared.service.health import Health, health_of
from shared.service.measured import Measured, expect
from shared.service.permitted import in_table, permitted
from shared.service.problems import PROBLEM_JSON, PROBLEMS, answer_problems
from shared.service.rate import Limited
from shared.service.request_ids import Identified
from shared.service.settings import Settings
from shared.service.sse import Streams
from shared.service.tokens.trusted import trusted
from shared.service.traced import Traced


def web_app(
    *,
    title: str,
    description: str,
    settings: Settings,
    routers: Sequence[APIRouter],
    public: Sequence[APIRouter] = (),
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
) -> FastAPI:
    """The app of one service; ``lifespan`` puts its parts into ``app.state``.

    Whoever asks ``routers`` for anything is held to the table of permissions, which must have a row for it;
    nobody has to say who they are to ``public``.
    """
    app = _Documented(
        title=title,
        description=description,
        version=VERSION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        responses=PROBLEMS,
        max_body_size=LARGEST_BODY,
    )
    app.state.settings = settings
    app.state.trusted = trusted(settings)
    app.state.streams = Streams(settings.most_streams, a_token=settings.streams_a_token)
    app.state.health = Health(answers=settings.plays("api"))
    answer_problems(app)
    app.include_router(health_of(app.state.health))
    app.include_router(_metrics())
    for router in public:
        app.include_router(router)
    for router in routers:
        in_table(router)
        app.include_router(router, dependencies=[Depends(permitted)])
    if settings.requests_a_minute:
        app.add_middleware(Limited, a_minute=settings.requests_a_minute)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[settings.pages()],
        allow_methods=["GET", "POST", "PUT"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match"],
        expose_headers=["ETag", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"],
        max_age=3600,
    )
    expect((*public, *routers))
    return app


class _Documented(FastAPI):
    """Its OpenAPI document gives examples, and says once what problems there are, as problem+json."""

    def build_middleware_stack(self) -> ASGIApp:
        """Ours are also around what answers an unexpected error, or a body that is too long."""
        return Identified(Traced(Measured(Bounded(super().build_middleware_stack()))))

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
    disable_created_metrics()  # type: ignore[no-untyped-call]  # a series more for each counter, of no use

    @router.get("/metrics", include_in_schema=False)
    def metrics() -> Response:  # in a thread: some thousand lines would hold up everybody else
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
