"""Bytes to a service and back, as no client library would send them."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from baton.places import HOST
from tests.abuse.services import Running, signed
from tests.waiting import until

ANSWER_WITHIN: Final = 15.0
HEAD_ENDS: Final = b"\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """The first answer on a connection; of status 0 where the service hung up without one."""

    status: int
    head: str
    body: bytes

    def problem(self) -> dict[str, Any]:
        assert "content-type: application/problem+json" in self.head
        told: dict[str, Any] = json.loads(self.body)
        assert told["status"] == self.status
        assert told["title"]
        assert told["detail"]
        assert len(told["request_id"]) == 32
        return told


def head(method: str, path: str, *headers: str) -> bytes:
    """A manager's request, but for its body."""
    bearer = f"authorization: Bearer {signed('manager')}"
    return "\r\n".join((f"{method} {path} HTTP/1.1", "host: baton", bearer, *headers, "", "")).encode()


def post(path: str, body: bytes, *headers: str) -> bytes:
    given = headers or ("content-type: application/json",)
    return head("POST", path, *given, f"content-length: {len(body)}") + body


@asynccontextmanager
async def connected(service: Running) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(HOST, service.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def said(service: Running, sent: bytes | Iterable[bytes]) -> Answer:
    """What it answers to these bytes; it may answer, and hang up, before it has read them all."""
    async with connected(service) as (reader, writer), asyncio.timeout(ANSWER_WITHIN):
        answering = asyncio.create_task(read(reader))
        with suppress(OSError):
            for piece in [sent] if isinstance(sent, bytes) else sent:
                writer.write(piece)
                await writer.drain()
        return await answering


async def read(reader: asyncio.StreamReader) -> Answer:
    try:
        top = (await reader.readuntil(HEAD_ENDS)).decode("latin-1")
        length = next(line for line in top.split("\r\n") if line.lower().startswith("content-length:"))
        return Answer(int(top.split()[1]), top.lower(), await reader.readexactly(int(length.split()[1])))
    except (asyncio.IncompleteReadError, OSError):
        return Answer(0, "", b"")


async def hung_up(reader: asyncio.StreamReader) -> bool:
    """Waits for the end of the connection."""
    async with asyncio.timeout(ANSWER_WITHIN):
        with suppress(OSError):
            while await reader.read(65536):
                pass
    return True


def silent(service: Running, *, received: int | None = None) -> socket.socket:
    """A connection on which nothing is sent or read but by the test's own doing."""
    client = socket.socket()
    if received is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, received)
    client.connect((HOST, service.port))
    return client


async def refusals(service: Running, why: str) -> float:
    return await service.metric("baton_http_refused_total", why=why)


async def until_refused(service: Running, why: str, *, times: float) -> None:
    async def counted() -> bool:
        return await refusals(service, why) >= times

    await until(counted, what=f"{times:.0f} times {why} were counted")
