"""Server-sent events, as every feed of Baton sends them."""

from collections import Counter as Held
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Final, Literal, get_args

from prometheus_client import Gauge
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from shared.service.problems import problem
from shared.service.rate import caller
from shared.service.refusals import address, refused

PING_SECONDS: Final = 15
MOST_FOLLOWERS: Final = 100
"""So many may follow the events of one process: each of them reads the store."""

Of = Literal["live", "events"]

CLIENTS: Final = Gauge(
    "baton_sse_clients",
    "Who holds an event stream open now: boards (live) and followers of the events.",
    ["feed"],
)
for _feed in get_args(Of):
    CLIENTS.labels(_feed)


class TooMany(Exception):
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class Streams:
    """Who holds how many event streams of this process."""

    def __init__(self, boards: int, *, a_token: int) -> None:
        self._most: dict[Of, int] = {"live": boards, "events": MOST_FOLLOWERS}
        self._a_token = a_token
        self._feeds = Held[Of]()
        self._callers = Held[str]()

    @contextmanager
    def held(self, feed: Of, by: str) -> Iterator[None]:
        """One more while the block runs; raises ``TooMany``."""
        if self._callers[by] >= self._a_token:
            raise TooMany(429, f"One token may hold {self._a_token} event streams.")
        if self._feeds[feed] >= self._most[feed]:
            raise TooMany(503, "Too many follow already.")
        self._feeds[feed] += 1
        self._callers[by] += 1
        try:
            yield
        finally:
            self._feeds[feed] -= 1
            self._callers[by] -= 1
            if not self._callers[by]:
                del self._callers[by]


class Sent(EventSourceResponse):
    """A stream that the service has room for; one too many is told when to come back."""

    def __init__(self, events: AsyncIterator[bytes], *, feed: Of) -> None:
        self._feed = feed
        super().__init__(events, ping=PING_SECONDS, ping_message_factory=_ping)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with (
                scope["app"].state.streams.held(self._feed, caller(scope)),
                CLIENTS.labels(self._feed).track_inprogress(),
            ):
                await super().__call__(scope, receive, send)
        except TooMany as full:
            refused("too many streams", client=address(scope))
            answer = problem(Request(scope), full.status, full.detail, headers={"Retry-After": "30"})
            await answer(scope, receive, send)


def _ping() -> ServerSentEvent:
    """An event, not a comment: a page sees by it that the connection is still alive."""
    return ServerSentEvent("", event="ping")
