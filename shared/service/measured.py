"""Counts and times HTTP answers by route."""

import time
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from fastapi import APIRouter
from fastapi.routing import APIRoute
from prometheus_client import Counter, Histogram
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
OTHER: Final = "other"
"""A method that nobody knows; whoever makes methods up makes no series."""
STATIC: Final = "static files"
UNKNOWN: Final = "unknown"

REQUESTS: Final = Counter(
    "baton_http_requests_total",
    "HTTP answers; an event stream counts when it begins. The route is the one in the API's documents, "
    f"`{STATIC}` for the wallboard's files, `{UNKNOWN}` for an address that is none and for what was "
    "answered before a route was found (413, 429, a browser's preflight). Another method than HTTP's own is "
    f"`{OTHER}`. The 500 of each route is there from the start, so that the first one is an increase.",
    ["method", "route", "status"],
)
SECONDS: Final = Histogram(
    "baton_http_request_seconds",
    "Time from a request to the end of its answer. Of an event stream (`/live`, `/events`), which lasts for "
    "hours, it is the time to the answer's beginning.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Measured:
    """Sees every answer, whoever gives it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status, noted = 500, False

        def note() -> None:
            nonlocal noted
            noted = True
            method = scope["method"]
            answered, seconds = _series(method if method in METHODS else OTHER, _route(scope), status)
            answered.inc()
            seconds.observe(time.perf_counter() - started)

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if _endless(message.get("headers", ())):
                    note()
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            if not noted:
                note()


def expect(routers: Iterable[APIRouter]) -> None:
    """Let the errors of each route be counted from nought."""
    for route in (route for router in routers for route in router.routes if isinstance(route, APIRoute)):
        for method in route.methods or ():
            REQUESTS.labels(method, route.path, "500")


def _route(scope: Scope) -> str:
    if isinstance(scope.get("endpoint"), StaticFiles):
        return STATIC
    return getattr(scope.get("route"), "path", UNKNOWN)


def _endless(headers: Iterable[Any]) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/event-stream") for name, value in headers)


@lru_cache(maxsize=4096)
def _series(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The two time series of an answer; to look them up by their labels costs more than to add to them."""
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(method, route)
