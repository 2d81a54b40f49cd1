"""A span for every request, which continues the caller's trace."""

from typing import Final

from opentelemetry.trace import SpanKind, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import traces
from shared.service.measured import METHODS

NEVER_TRACED: Final = ("/health/", "/metrics")
"""What watches a service asks all the time."""
OUR_MISTAKE: Final = 500


class Traced:
    """The names are OpenTelemetry's semantic conventions for HTTP; a query is not told, it may hold a token.

    While tracing is off the caller's ``traceparent`` still travels into the events of a command.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(NEVER_TRACED):
            await self._app(scope, receive, send)
            return
        sent = [value for name, value in scope["headers"] if name == b"traceparent"]
        parent = traces.valid(sent[0].decode("latin-1")) if len(sent) == 1 else None
        if traces.on():
            await self._told(scope, receive, send, parent)
            return
        with traces.within(parent):
            await self._app(scope, receive, send)

    async def _told(self, scope: Scope, receive: Receive, send: Send, parent: str | None) -> None:
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        status = OUR_MISTAKE

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        asked = {
            "http.request.method": method,
            "url.path": scope["path"],
            "url.scheme": scope["scheme"],
            "baton.request_id": scope["request_id"],
        }
        with traces.begun(method, parent=parent, kind=SpanKind.SERVER, attributes=asked) as span:
            try:
                await self._app(scope, receive, watched)
            finally:
                if span is not None and span.is_recording():
                    if (route := getattr(scope.get("route"), "path", None)) is not None:
                        span.set_attribute("http.route", route)
                        span.update_name(f"{method} {route}")
                    span.set_attribute("http.response.status_code", status)
                    if status >= OUR_MISTAKE:
                        span.set_attribute("error.type", str(status))
                        span.set_status(StatusCode.ERROR)
