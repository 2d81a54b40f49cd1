"""How much one caller may ask of a service: so many requests a minute, and it is told how many are left."""

import math
import time
from hashlib import blake2s
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.service.problems import problem
from shared.service.refusals import address, refused

NEVER_LIMITED: Final = ("/health/", "/metrics")
"""What watches a service must hear from it whatever others do."""


class Limited:
    """Answers 429 to who asks too much, by token or, without one, by address; each process counts for itself.

    Every answer says what is left, in ``RateLimit`` and ``RateLimit-Policy``
    (draft-ietf-httpapi-ratelimit-headers).
    """

    def __init__(self, app: ASGIApp, *, a_minute: int) -> None:
        self._app = app
        self._allowed = RateLimitItemPerMinute(a_minute)
        self._counted = FixedWindowRateLimiter(MemoryStorage())
        self._policy = f'"minute";q={a_minute};w={self._allowed.get_expiry()}'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(NEVER_LIMITED):
            await self._app(scope, receive, send)
            return
        asks = caller(scope)
        within = self._counted.hit(self._allowed, asks)
        reset, left = self._counted.get_window_stats(self._allowed, asks)
        seconds = max(1, math.ceil(reset - time.time()))

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = self._policy
                headers["RateLimit"] = f'"minute";r={left};t={seconds}'
            await send(message)

        if within:
            await self._app(scope, receive, telling)
            return
        refused("too many requests", client=address(scope))
        said = f"It takes {self._allowed.amount} requests a minute from one caller; ask again in {seconds} s."
        answer = problem(Request(scope), 429, said, headers={"Retry-After": str(seconds)})
        await answer(scope, receive, telling)


def caller(scope: Scope) -> str:
    """Who asks, by token or else by address; no token is kept in memory longer than it takes to answer."""
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    token = given.rpartition(b" ")[2]  # without its scheme, as an address has it
    if not token and b"token=" in scope["query_string"]:  # a browser's EventSource cannot send headers
        token = Request(scope).query_params.get("token", "").encode()
    return blake2s(token or address(scope).encode(), digest_size=16).hexdigest()
