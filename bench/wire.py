"""HTTP/1.1 as plainly as can be: a client that costs so little that it does not measure itself."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, cast
from urllib.parse import urlsplit

MOST_CONNECTIONS: Final = 500
OK: Final = range(200, 300)


class Answer(NamedTuple):
    status: int
    """0: the connection broke."""
    at: float
    """When it was whole, in seconds of ``time.time``."""
    text: bytes
    """All of it, head and body."""


Answered = Callable[[Answer], None]
Received = Callable[[float, bytes], None]
"""Gets when something came, and the bytes of the body as they came, chunk lengths and all."""


class Connection(asyncio.Protocol):
    """Kept open; carries one command at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._answered: Answered | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @property
    def open(self) -> bool:
        return self._transport is not None

    def send(self, request: bytes, answered: Answered) -> None:
        if self._transport is None:
            raise ConnectionError("not connected")
        self._answered = answered
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if found and len(body) >= _length(head):
            answer = Answer(int(head[9:12]), time.time(), self._buffer)
            answered, self._buffer, self._answered = self._answered, b"", None
            if answered:
                answered(answer)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._transport = None
        answered, self._answered = self._answered, None
        if answered:
            answered(Answer(0, time.time(), b"the connection was lost"))

    def close(self) -> None:
        if self._transport:
            self._transport.close()


class Commands:
    """Sends commands to one address at once, over as many connections as there are commands on their way."""

    def __init__(self, url: str, token: str) -> None:
        at = urlsplit(url)
        self._host, self._port = at.hostname or "", at.port or 80
        self._head = (
            f"Host: {at.netloc}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        ).encode()
        self._free: list[Connection] = []
        self._all: list[Connection] = []

    async def send(self, path: str, body: bytes) -> tuple[int, float]:
        """The answer's status (0: the connection broke), and when it came."""
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        while self._free and not self._free[-1].open:
            self._free.pop()  # kept for so long without use that the server closed it
        connection = self._free.pop() if self._free else await self._another()
        request = b"POST %s HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s" % (
            path.encode(), self._head, len(body), body,
        )  # fmt: skip
        connection.send(request, done.set_result)
        answer = await done
        if answer.status:
            self._free.append(connection)
        return answer.status, answer.at

    async def _another(self) -> Connection:
        self._all = [connection for connection in self._all if connection.open]
        if len(self._all) >= MOST_CONNECTIONS:
            raise ConnectionError("the service does not keep up: too many commands are on their way")
        _, connection = await asyncio.get_running_loop().create_connection(Connection, self._host, self._port)
        self._all.append(connection)
        return connection

    def close(self) -> None:
        for connection in self._all:
            connection.close()


class Board(asyncio.Protocol):
    """One client of a live feed; one that ``reads`` nothing leaves all in its socket."""

    def __init__(self, request: bytes, received: Received, *, reads: bool = True) -> None:
        self._request = request
        self._received = received
        self._reads = reads
        self.transport: asyncio.Transport | None = None
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._request)
        self.open = True
        if not self._reads:
            self.transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        self._received(time.time(), data)

    def connection_lost(self, _exc: Exception | None) -> None:
        self.open = False


async def board(url: str, token: str, received: Received, *, reads: bool = True) -> Board:
    """A board that is connected to the live feed at ``url``."""
    at = urlsplit(url)
    request = f"GET {at.path} HTTP/1.1\r\nHost: {at.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n"
    _, it = await asyncio.get_running_loop().create_connection(
        lambda: Board(request.encode(), received, reads=reads), at.hostname or "", at.port or 80
    )
    return it


def headers(head: bytes) -> Mapping[bytes, bytes]:
    pairs = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.lower(): value.strip() for name, _, value in pairs}


def _length(head: bytes) -> int:
    return int(headers(head).get(b"content-length", b"0"))
