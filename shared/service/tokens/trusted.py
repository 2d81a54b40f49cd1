"""Whose tokens are taken: the token says whose it is, and is then checked as one of theirs."""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any, Final

import jwt

from shared.service.actor import Actor
from shared.service.tokens import own
from shared.service.tokens.discovery import published_keys
from shared.service.tokens.issuer import NOT_TO_BE_READ, Issuer, Keys
from shared.service.tokens.keys import ProviderKeys
from shared.service.tokens.own import OURS, Secrets
from shared.service.tokens.refusals import NotSignedIn
from shared.service.tokens.settings import TokenSettings

LONGEST: Final = 16 * 1024
_TYPES: Final = ("jwt", "at+jwt", "application/at+jwt")
"""RFC 9068 names the type of an access token; most say ``JWT``, some nothing. Others are not for us."""


class Trusted:
    """Everybody whose tokens we take, by the name that stands in them."""

    def __init__(self, issuers: Mapping[str, tuple[Issuer, Keys]]) -> None:
        self._issuers = issuers

    async def actor(self, bearer: str) -> Actor:
        """Whom the token names; raises ``NotSignedIn``, or one of its kinds."""
        if len(bearer) > LONGEST:
            raise NotSignedIn("too long")
        name, kid = _says(bearer)
        if not isinstance(name, str) or name not in self._issuers:
            raise NotSignedIn("unknown issuer")
        issuer, keys = self._issuers[name]
        key = await keys.find(kid) if isinstance(kid, str) else None
        if key is None:
            raise NotSignedIn("unknown key")
        return issuer.actor(bearer, key)


@lru_cache(maxsize=1024)  # of strangers, too: 16 MB at the most
def _says(bearer: str) -> tuple[Any, Any]:
    """Who made it, and the name of their key: not believed yet."""
    try:
        said = jwt.decode_complete(bearer, options={"verify_signature": False})
    except NOT_TO_BE_READ:
        raise NotSignedIn("malformed") from None
    header: dict[str, Any] = said["header"]
    if str(header.get("typ", "JWT")).lower() not in _TYPES:
        raise NotSignedIn("wrong type")
    return said["payload"].get("iss"), header.get("kid")


def trusted(settings: TokenSettings) -> Trusted:
    """As the settings say: our own, the provider's, or both."""
    issuers: dict[str, tuple[Issuer, Keys]] = {}
    if secrets := settings.token_secrets():
        issuers[own.NAME] = (OURS, Secrets(secrets))
    if name := settings.oidc_issuer:
        provider = Issuer(name, settings.oidc_audience, settings.claims())
        issuers[name] = (provider, ProviderKeys(partial(published_keys, name)))
    return Trusted(issuers)
