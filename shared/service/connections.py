"""A connection, bounded in all that a client may make of it before there is a request for the app to see."""

import asyncio
import logging
from collections.abc import Mapping
from secrets import token_hex
from typing import ClassVar, Final

import msgspec
from prometheus_client import Gauge
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from shared.service.problems import PROBLEM_JSON, described
from shared.service.rate import NEVER_LIMITED
from shared.service.refusals import Why, refused

LARGEST_HEAD: Final = 32 * 1024
"""Bytes of a request's address and headers; its trailers count, too."""
MOST_HEADERS: Final = 100
MOST_AHEAD: Final = 16
"""So many requests may be sent before the first of them is answered."""
NOT_READ_SECONDS: Final = 30.0
"""Who takes nothing of an answer for so long is hung up on."""
RESERVED: Final = 50
"""So many connections more are taken, for who watches the service."""

CONNECTIONS: Final = Gauge("baton_http_connections", "Connections to this process that are open now.")

_ERRORS: Final = logging.getLogger("uvicorn.error.connection")
_ERRORS.setLevel(logging.ERROR)  # uvicorn's warnings come with each connection, in a flood by the thousand

_WATCHED: Final = tuple(path.encode() for path in NEVER_LIMITED)


class _Refusal(Exception):
    def __init__(self, why: Why, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.why: Why = why
        self.status = status
        self.detail = detail
        self.headers = headers or {}


_NO_HTTP: Final = _Refusal("no HTTP", 400, "This is no HTTP request.")
_TOO_LARGE: Final = _Refusal(
    "head too large", 431,
    f"An address and its headers may have {LARGEST_HEAD} bytes in {MOST_HEADERS} headers.",
)  # fmt: skip
_SLOW: Final = _Refusal("too slow", 408, "The request did not come in time.")
_TOO_MANY: Final = _Refusal(
    "too many connections", 503, "Too many are connected already.", {"Retry-After": "5"}
)
_AHEAD: Final = _Refusal("too many ahead", 400, f"At most {MOST_AHEAD} requests may wait for their answers.")


class Connection(HttpToolsProtocol):
    """Refuses with a problem and hangs up; only hangs up where an answer is under way already."""

    most: ClassVar[int]
    """Connections of one process."""
    arrives_within: ClassVar[float]
    """Seconds that a request may take, from its first byte to the last of its body."""

    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _refusal: _Refusal | None = None
    _answered: RequestResponseCycle | None = None
    """The one that the app answers now; uvicorn's ``cycle`` is the last that came."""
    _begun = False
    _head = 0
    _no_body = 0
    """Bytes come of this request that are not of its body: the parser keeps a header until it has its end."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.logger = _ERRORS
        CONNECTIONS.inc()
        if len(self.connections) > self.most + RESERVED:
            self._hang_up("too many connections")
        else:
            self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        CONNECTIONS.dec()
        for timer in (self._deadline, self._unread):
            if timer is not None:
                timer.cancel()
        self._leave_the_app()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def data_received(self, data: bytes) -> None:
        if self._deadline is None and not self._answering():
            self._await_request()
        self._no_body += len(data)
        super().data_received(data)
        if self._no_body > LARGEST_HEAD and not self.transport.is_closing():
            self._refuse(_TOO_LARGE)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the parser does not say why
        """Called for what is no HTTP, and for what a callback of the parser raised."""
        self._refuse(self._refusal or _NO_HTTP)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._begun, self._head = True, 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._grown(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._grown(len(name) + len(value))

    def on_headers_complete(self) -> None:
        if len(self.connections) > self.most and not self.url.startswith(_WATCHED):
            self._raise(_TOO_MANY)
        if len(self.pipeline) >= MOST_AHEAD:
            self._raise(_AHEAD)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._no_body -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._begun, self._no_body = False, 0
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(NOT_READ_SECONDS, self._hang_up, "not read")

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()

    def _await_request(self) -> None:
        self._deadline = self.loop.call_later(self.arrives_within, self._late)

    def _late(self) -> None:
        if self._begun:
            self._refuse(_SLOW)
        else:
            self.transport.close()  # as any connection that is not used

    def _grown(self, by: int) -> None:
        self._head += by
        if self._head > LARGEST_HEAD or len(self.headers) > MOST_HEADERS:
            self._raise(_TOO_LARGE)

    def _raise(self, refusal: _Refusal) -> None:
        self._refusal = refusal  # the parser's own error hides it
        raise refusal

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, it: _Refusal) -> None:
        if self._answering() and (self.cycle.response_started or self.pipeline):
            self._hang_up(it.why)
            return
        refused(it.why, client=self._from())
        body = msgspec.json.encode(described(it.status, it.detail, instance="", request_id=token_hex(16)))
        headers = {
            "content-type": PROBLEM_JSON,
            "content-length": str(len(body)),
            "connection": "close",
            **it.headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._leave_the_app()
        self.transport.write(STATUS_LINE[it.status] + lines.encode() + b"\r\n" + body)
        self.transport.close()

    def _hang_up(self, why: Why) -> None:
        refused(why, client=self._from())
        self._leave_the_app()
        self.transport.abort()

    def _leave_the_app(self) -> None:
        """What it still answers goes nowhere.

        uvicorn says so once the connection is gone, and only to the last of several that were sent ahead.
        """
        if self._answered is not None and not self._answered.response_complete:
            self._answered.disconnected = True
            self._answered.message_event.set()

    def _from(self) -> str:
        return self.client[0] if self.client else ""
