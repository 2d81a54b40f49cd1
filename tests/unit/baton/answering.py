"""A small HTTP server that answers as a test tells it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def answering(answer: Answer, *, port: int = 0) -> AsyncIterator[str]:
    """Yields the address of a server that is every service of a deployment in one."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.path == "/services":
            names = ("customers", "orders", "performance", "coordination")
            return web.json_response({name: str(request.url.origin()) for name in names})
        return await answer(request)

    runner = web.AppRunner(_app(handle))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def problem(status: int, detail: str, **more: Any) -> web.Response:
    body: Mapping[str, Any] = {"status": status, "detail": detail, **more}
    return web.json_response(body, status=status, content_type="application/problem+json")


def _app(handle: Answer) -> web.Application:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    return app
