"""One POST to an endpoint, and what came of it."""

import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any, Final, Self
from urllib.parse import urlsplit

import aiohttp

from services.coordination.webhooks import chat, secrets
from services.coordination.webhooks.judging import Verdict, verdict
from services.coordination.webhooks.reach import Reach, Unreachable
from services.coordination.webhooks.webhook import Content
from shared.events.cloudevent import CONTENT_TYPE

WITHIN_SECONDS: Final = 20.0
READ_BYTES: Final = 4096
"""Of an answer, no more than this is read."""
AGENT: Final = "Baton-Webhooks/1"


@dataclass(frozen=True)
class Answered:
    """What was sent, when, and what came back."""

    at: datetime
    seconds: float
    sha256: str
    """Of the body that was sent."""
    verdict: Verdict
    status: int | None = None
    """None where no answer came."""
    body: bytes = b""
    """The beginning of the answer."""


Post = Callable[[Content, str, bytes], Awaitable[Answered]]
"""Sends one event, by its id and its CloudEvent, to where the webhook points."""


@dataclass(frozen=True)
class Written:
    headers: Mapping[str, str]
    body: bytes


class Outside:
    """The way out, for as long as ``async with`` lasts: no proxy, no cookie, no redirection.

    ``now`` is in UTC; ``desk`` is the address of the pages that messages in chats lead to.
    """

    def __init__(
        self,
        reach: Reach,
        *,
        master_key: str,
        desk: str,
        now: Callable[[], datetime] = partial(datetime.now, UTC),
        within: float = WITHIN_SECONDS,
    ) -> None:
        self.reach = reach
        self._master_key = master_key
        self._desk = desk
        self._now = now
        self._within = within
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        for scheme in ("https", "http"):
            connector = aiohttp.TCPConnector(
                limit=0, socket_factory=partial(self.reach.socket, secure=scheme == "https")
            )
            self._sessions[scheme] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._within),
                auto_decompress=False,
                trust_env=False,
            )
        return self

    async def __aexit__(self, *_: object) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def post(self, it: Content, event_id: str, event: bytes) -> Answered:
        """Send one event; whatever goes wrong is in the answer, and nothing is raised."""
        at = self._now()
        began = time.monotonic()
        body = event
        try:
            written = self._written(it, event_id, event, at)
            body = written.body
            status, headers, answer = await self._ask(str(it.described.url), written)
        except Exception as error:  # noqa: BLE001 - an event that cannot be sent must not hold up the others
            seconds = time.monotonic() - began
            return Answered(at, seconds, sha256(body).hexdigest(), Verdict(self._said(error)))
        seconds = time.monotonic() - began
        meant = verdict(it.described.target, status, headers, answer, now=self._now())
        return Answered(at, seconds, sha256(body).hexdigest(), meant, status, answer)

    def _written(self, it: Content, event_id: str, event: bytes, at: datetime) -> Written:
        if it.described.target != "webhook":
            body = chat.message(it.described.target, event, lang=it.described.lang, desk=self._desk)
            return Written({"content-type": "application/json"}, body)
        signed = secrets.headers(self._master_key, it, message_id=event_id, body=event, now=at)
        return Written({"content-type": CONTENT_TYPE, **signed}, event)

    async def _ask(self, url: str, written: Written) -> tuple[int, Mapping[str, str], bytes]:
        session = self._sessions[urlsplit(url).scheme]
        headers = {"user-agent": AGENT, **written.headers}
        async with session.post(url, data=written.body, headers=headers, allow_redirects=False) as answer:
            body = await _beginning(answer.content)
            return answer.status, answer.headers, body

    def _said(self, error: Exception) -> str:
        match error:
            case TimeoutError():
                return f"No answer within {self._within:g} seconds."
            case aiohttp.ClientConnectorError(os_error=Unreachable() as inside):
                return f"{inside}."
            case ssl.SSLError() | aiohttp.ClientSSLError():
                return f"No secure connection: {error}"[:300]
            case _:
                return (str(error) or repr(error))[:300]


async def _beginning(content: Any) -> bytes:
    """As much of an answer as is of use; the connection is given up where there is more."""
    found = b""
    while len(found) < READ_BYTES and (piece := await content.read(READ_BYTES - len(found))):
        found += piece
    return found
