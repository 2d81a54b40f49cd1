"""Server-sent events, as every feed of Baton sends them."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final, Literal, get_args

from prometheus_client import Gauge
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

PING_SECONDS: Final = 15
NOT_READ_SECONDS: Final = 30
"""A client that takes nothing for so long is sent away."""

Of = Literal["live", "events"]

CLIENTS: Final = Gauge(
    "baton_sse_clients",
    "Who holds an event stream open now: boards (live) and followers of the events.",
    ["feed"],
)
for _feed in get_args(Of):
    CLIENTS.labels(_feed)


class Sent(EventSourceResponse):
    """Who takes nothing for too long is hung up on, which is nobody's error."""

    def __init__(self, events: AsyncIterator[bytes], *, feed: Of) -> None:
        self._feed = feed
        super().__init__(events, ping=PING_SECONDS, ping_message_factory=_ping, send_timeout=NOT_READ_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(SendTimeoutError), CLIENTS.labels(self._feed).track_inprogress():
            await super().__call__(scope, receive, send)


def _ping() -> ServerSentEvent:
    """An event, not a comment: a page sees by it that the connection is still alive."""
    return ServerSentEvent("", event="ping")
