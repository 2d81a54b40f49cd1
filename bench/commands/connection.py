"""One client's HTTP/1.1 connection, kept open, as cheap as Python can have it."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import Final, cast

HEAD_ENDS: Final = b"\r\n\r\n"
STATUS_AT: Final = len("HTTP/1.1 ")
_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)

Request = Callable[[int], bytes]
"""The whole request, head and body, for a thing's number."""


class Connection(asyncio.Protocol):
    """At most one request is on its way; ``answered`` is called for a 2xx, ``failed`` for all else.

    It reads just as much of an answer as tells what it is and where it ends.
    """

    def __init__(self, answered: Callable[["Connection"], None], failed: Callable[[str], None]) -> None:
        self.number = -1
        self.since = 0.0
        """When what is on its way was asked, or was due to be, in seconds of ``perf_counter``."""
        self._answered = answered
        self._failed = failed
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, request: Request, number: int, *, due: float | None = None) -> None:
        self.number, self.since = number, due or time.perf_counter()
        self._transport.write(request(number))

    def data_received(self, data: bytes) -> None:
        answer = self._answer = self._answer + data
        head = answer.find(HEAD_ENDS)
        if head < 0:
            return
        body = head + len(HEAD_ENDS)
        length = _LENGTH.search(answer, 0, body)
        if len(answer) < body + (int(length[1]) if length else 0):
            return
        self._answer = b""
        if answer.startswith(b"2", STATUS_AT):
            self._answered(self)
        else:
            self._failed(answer.decode(errors="replace"))

    def connection_lost(self, error: Exception | None) -> None:
        self._failed(f"the connection was lost: {error}")

    def close(self) -> None:
        self._transport.close()
