"""A client for Baton's services: commands with keys, patience with restarts, problems as exceptions."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import msgspec
from yarl import URL

FIRST_DELAY: Final = 0.05
LONGEST_DELAY: Final = 2.0
FIRST_PATIENCE: Final = 10.0
"""Nobody there at the very beginning is a wrong address rather than a restart."""
TRY_AGAIN: Final = frozenset({502, 503, 504})
FAILED: Final = 400
TOO_MANY: Final = 429
NOT_READY: Final = 503
PIECE_BYTES: Final = 64 * 1024

_TIMEOUTS: Final = {seconds: aiohttp.ClientTimeout(total=seconds) for seconds in (30.0, None)}
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.decode


class Problem(Exception):
    """A service said no: ``detail`` is for a person, ``code`` names the rule, ``more`` the whole answer."""

    def __init__(
        self, status: int, detail: str, *, code: str = "", more: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code
        self.more = more or {}


class Unreachable(Exception):
    """No answer for as long as we were ready to wait."""


class Remote:
    """Talks to one deployment; every call is repeated while its service is away, for ``patience`` seconds.

    Calls raise ``Problem`` for a refusal and ``Unreachable`` when patience ends.
    """

    def __init__(
        self, session: aiohttp.ClientSession, services: Mapping[str, str], *, patience: float
    ) -> None:
        self._session = session
        self._services = {name: url.rstrip("/") for name, url in services.items()}
        self._patience = patience

    async def command(
        self, service: str, path: str, body: Any, *, key: str, bearer: str | None = None
    ) -> dict[str, Any]:
        """POST a command under its idempotency key, so that sending it again is harmless."""
        headers = {"Idempotency-Key": key}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        return await self._ask("POST", f"{self._services[service]}{path}", _encode(body), headers)

    async def get(self, service: str, path: str, **query: str | int | Sequence[str]) -> dict[str, Any]:
        url = URL(f"{self._services[service]}{path}").with_query(query)
        return await self._ask("GET", str(url), None, {})

    async def pieces(self, service: str, path: str) -> AsyncIterator[bytes]:
        """The body of one long answer as it comes; asked once, for who has half of it cannot ask again."""
        target = f"{self._services[service]}{path}"
        try:
            async with self._session.get(target, timeout=_TIMEOUTS[None]) as answer:
                if answer.status >= FAILED:
                    raise _problem(answer.status, await answer.read())
                async for piece in answer.content.iter_chunked(PIECE_BYTES):
                    yield piece
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
            raise Unreachable(f"{target} broke off: {error}") from error

    async def status(self, service: str, path: str) -> int:
        """The HTTP status of one GET, asked once; 503 when nobody answers."""
        try:
            async with self._session.get(f"{self._services[service]}{path}") as answer:
                return answer.status
        except (aiohttp.ClientConnectionError, TimeoutError):
            return NOT_READY

    async def post(self, service: str, path: str, *, within: float) -> dict[str, Any]:
        """POST something that is no command and may take long, such as a replay; raises ``TimeoutError``."""
        async with asyncio.timeout(within):
            return await self._ask("POST", f"{self._services[service]}{path}", None, {}, seconds=None)

    async def _ask(
        self,
        method: str,
        url: str,
        data: bytes | None,
        headers: Mapping[str, str],
        *,
        seconds: float | None = 30.0,
    ) -> dict[str, Any]:
        target, timeout = URL(url, encoded=True), _TIMEOUTS[seconds]
        delay, deadline = FIRST_DELAY, 0.0
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with self._session.request(
                    method, target, data=data, headers=headers, timeout=timeout
                ) as answer:
                    payload = await answer.read()
                if answer.status < FAILED:
                    return _content(payload)
                problem = _problem(answer.status, payload)
                if answer.status == TOO_MANY:
                    await asyncio.sleep(_seconds(answer.headers))
                    continue
                if answer.status not in TRY_AGAIN:
                    raise problem
                why = problem.detail
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError) as error:
                why = str(error) or "it takes too long"
            deadline = deadline or loop.time() + self._patience
            if loop.time() + delay > deadline:
                raise Unreachable(f"{target.origin()} does not answer: {why}")
            await asyncio.sleep(delay * random.uniform(0.5, 1.0))
            delay = min(delay * 2, LONGEST_DELAY)


@asynccontextmanager
async def connected(
    to: str, *, bearer: str, patience: float = 60.0, connections: int = 48, only: str | None = None
) -> AsyncIterator[Remote]:
    """A client of the deployment whose performance service is at ``to``; it names the other services.

    Where they are reached otherwise from here, as among containers, ``CUSTOMERS_URL`` and the like say so.
    With ``only``, ``to`` is the address of that service itself, and the client knows no other.
    """
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"},
        skip_auto_headers=("User-Agent", "Accept-Encoding"),
        auto_decompress=False,
    ) as session:
        if only is not None:
            yield Remote(session, {only: to}, patience=patience)
            return
        first = Remote(session, {"performance": to}, patience=min(patience, FIRST_PATIENCE))
        told = await first.get("performance", "/services")
        here = {name: os.environ.get(f"{name.upper()}_URL", url) for name, url in told.items()}
        yield Remote(session, here, patience=patience)


def _content(payload: bytes) -> dict[str, Any]:
    content = _decode(payload) if payload else {}
    return content if isinstance(content, dict) else {"items": content}


def _seconds(headers: Mapping[str, str]) -> float:
    """How long a service that was asked too much wants us to wait."""
    told = headers.get("Retry-After", "")
    return float(told) if told.isdigit() else LONGEST_DELAY


def _problem(status: int, payload: bytes) -> Problem:
    try:
        told = _decode(payload)
    except msgspec.DecodeError:
        told = None
    if not isinstance(told, dict) or "detail" not in told:
        return Problem(status, payload.decode(errors="replace")[:200] or f"HTTP {status}")
    return Problem(status, str(told["detail"]), code=str(told.get("code", "")), more=told)
