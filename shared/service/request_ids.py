"""An id for every request: the caller's own or a new one, in the answer, in problems and in logs."""

import re
from secrets import token_hex
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

_SAFE: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_CORRELATION: Final = re.compile(rb"[\x21-\x7e]{1,200}")


class Identified:
    """Around everything, so that no answer is without it; puts both ids into the scope.

    What follows from a request is correlated by its id, unless the caller says by what.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = dict(scope["headers"])
        given, correlation = sent.get(b"x-request-id", b""), sent.get(b"x-correlation-id", b"")
        raw = given if _SAFE.fullmatch(given) else token_hex(16).encode()
        scope["request_id"] = raw.decode()
        scope["correlation_id"] = (correlation if _CORRELATION.fullmatch(correlation) else raw).decode()

        async def identified(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", raw)]
            await send(message)

        # not by bound_contextvars: that takes three times as long
        logged = bind_contextvars(request_id=scope["request_id"], correlation_id=scope["correlation_id"])
        try:
            await self._app(scope, receive, identified)
        finally:
            reset_contextvars(**logged)
