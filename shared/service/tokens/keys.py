"""A provider's keys, kept while it is away; nobody's token can make us ask it often."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import aiohttp
import jwt
import structlog
from prometheus_client import Counter

from shared.service.tokens.discovery import Unusable
from shared.service.tokens.refusals import NoKeys

FRESH_SECONDS: Final = 300.0
"""Keys that are older are asked for again, and are good meanwhile: a withdrawn key lives so long."""
KEPT_SECONDS: Final = 24 * 3600.0
"""So long keys outlive a provider that is down."""
PAUSE_SECONDS: Final = 10.0
"""Between two questions, whatever is asked of us: so long a new key may be unknown at most."""

Ask = Callable[[], Awaitable[Mapping[str, jwt.PyJWK]]]

ASKED: Final = Counter(
    "baton_tokens_keys_asked_total",
    "How often the OpenID provider was asked for its keys, by what came of it.",
    ["outcome"],
)
_GOT, _FAILED = ASKED.labels("got"), ASKED.labels("failed")

log = structlog.get_logger()


class ProviderKeys:
    """``ask`` gives the keys by ``kid``, or raises why it could not."""

    def __init__(self, ask: Ask, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._got = self._asked = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key of that name, or none; raises ``NoKeys`` when the provider has been away for too long."""
        key = self._known(kid)
        if (key is None or self._age() > FRESH_SECONDS) and (asking := self._asking_now()) and key is None:
            await asyncio.shield(asking)  # who asked first may go away, others wait for the same answer
            key = self._known(kid)
        if key is None and self._age() > KEPT_SECONDS:
            raise NoKeys
        return key

    def _known(self, kid: str) -> jwt.PyJWK | None:
        return self._keys.get(kid) if self._age() <= KEPT_SECONDS else None

    def _age(self) -> float:
        return self._clock() - self._got

    def _asking_now(self) -> asyncio.Task[None] | None:
        """The question that is under way, or a new one unless the last was just asked."""
        if self._asking is not None and not self._asking.done():
            return self._asking
        if self._clock() - self._asked < PAUSE_SECONDS:
            return None
        self._asked = self._clock()
        self._asking = asyncio.create_task(self._ask_anew(), name="keys of the provider")
        return self._asking

    async def _ask_anew(self) -> None:
        try:
            self._keys = await self._ask()
        except (Unusable, aiohttp.ClientError, TimeoutError) as error:
            _FAILED.inc()
            log.warning("the provider's keys could not be had", error=repr(error))
        else:
            self._got = self._clock()
            _GOT.inc()
