"""Somebody's endpoint on a real port of this machine, who answers as a test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from aiohttp import web

from tests.ports import free_ports, served


@dataclass(frozen=True)
class Got:
    """One request."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @cached_property
    def event(self) -> Any:
        return json.loads(self.body)

    @property
    def stream(self) -> str:
        return str(self.event["subject"])

    @property
    def sequence(self) -> int:
        return int(self.event["sequence"])


@dataclass(frozen=True)
class Reply:
    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Receiver:
    """Takes everything, until ``answer`` says otherwise."""

    url: str
    answer: Callable[[Got], Reply] = field(default=lambda _got: Reply())
    takes: float = 0.0
    """Seconds to think before it answers."""
    asked: list[Got] = field(default_factory=list)
    """All that came."""
    taken: list[Got] = field(default_factory=list)
    """What was answered with 2xx."""

    def of(self, stream: str) -> list[int]:
        """The sequences of one stream's events, as they were taken."""
        return [got.sequence for got in self.taken if got.stream == stream]

    def ids(self) -> list[str]:
        return [got.id for got in self.taken]

    async def handle(self, request: web.Request) -> web.Response:
        got = Got({name.lower(): value for name, value in request.headers.items()}, await request.read())
        self.asked.append(got)
        await asyncio.sleep(self.takes)
        reply = self.answer(got)
        if 200 <= reply.status < 300:
            self.taken.append(got)
        return web.Response(status=reply.status, headers=dict(reply.headers), body=reply.body)


@asynccontextmanager
async def receiving(path: str = "/hook") -> AsyncIterator[Receiver]:
    app = web.Application()
    port = free_ports(1)
    it = Receiver(f"http://127.0.0.1:{port}{path}")
    app.router.add_post("/{rest:.*}", it.handle)
    async with served(app, port):
        yield it


def without_repeats(taken: Sequence[Got]) -> list[Got]:
    """As a receiver sees them who keeps the ids it has."""
    first: dict[str, Got] = {}
    for got in taken:
        first.setdefault(got.id, got)
    return list(first.values())
