"""An app on a real port of this process, and what its feeds send."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import httpx
import uvicorn
from starlette.types import ASGIApp

IN_TIME: Final = 10.0


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # signals are the test runner's


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[str]:
    """The address of the app on a free port, until the block ends."""
    server = _Server(
        uvicorn.Config(app, port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    )
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(IN_TIME):
        while not server.started:
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def heard(
    address: str, path: str, *, headers: Mapping[str, str], params: Mapping[str, str] | None = None
) -> AsyncIterator[AsyncIterator[dict[str, str]]]:
    """The events of an SSE feed, as their fields."""
    async with (
        asyncio.timeout(IN_TIME),
        httpx.AsyncClient(base_url=address) as client,
        client.stream("GET", path, headers=dict(headers), params=params) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _events(answer)


async def _events(answer: httpx.Response) -> AsyncIterator[dict[str, str]]:
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, text = line.partition(": ")
            fields[name] = text
        elif fields:
            yield fields
            fields = {}
