"""What an OpenID provider publishes about itself: its discovery document, and the keys that it names."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import jwt

ALGORITHMS: Final = frozenset(
    ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
)
"""What a provider may sign with: its public keys check it, and sign nothing."""
WITHIN: Final = aiohttp.ClientTimeout(total=5)
LARGEST: Final = 256 * 1024
NO_KEY: Final = (jwt.PyJWTError, ValueError, KeyError, TypeError, NotImplementedError)
"""What PyJWT says to a key that is none, or is not known to it."""
_CONFIDENTIAL: Final = re.compile(r"https://\S+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/\S*)?")


class Unusable(Exception):
    """The provider answered, but with nothing that could be trusted; the message says what."""


def is_confidential(url: str) -> bool:
    """Whether nobody on the way can change what is answered: https, or http on this machine."""
    return _CONFIDENTIAL.fullmatch(url) is not None


async def published_keys(issuer: str) -> Mapping[str, jwt.PyJWK]:
    """The keys that the issuer signs with now, by ``kid``.

    Raises ``Unusable``, ``aiohttp.ClientError`` or ``TimeoutError``.
    """
    async with aiohttp.ClientSession(timeout=WITHIN, cookie_jar=aiohttp.DummyCookieJar()) as session:
        about = await _document(session, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if about.get("issuer") != issuer:
            raise Unusable("its discovery document is that of another issuer")
        address = about.get("jwks_uri")
        if not isinstance(address, str) or not is_confidential(address):
            raise Unusable("its keys are not at an https address")
        return usable(await _document(session, address))


def usable(document: Mapping[str, Any]) -> Mapping[str, jwt.PyJWK]:
    """Those of a JWKS that may be trusted to sign, by ``kid``; raises ``Unusable`` where there is none."""
    every = document.get("keys")
    keys = [key for jwk in every if (key := _signing(jwk))] if isinstance(every, list) else []
    if not keys:
        raise Unusable("it publishes no key that signs by an algorithm that we take")
    return {str(key.key_id): key for key in keys}


def _signing(jwk: Any) -> jwt.PyJWK | None:
    if not isinstance(jwk, dict) or not isinstance(jwk.get("kid"), str) or jwk.get("use", "sig") != "sig":
        return None
    try:
        key = jwt.PyJWK(jwk)
    except NO_KEY:  # others of the set are good all the same
        return None
    return key if key.algorithm_name in ALGORITHMS else None


async def _document(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    body = bytearray()
    async with session.get(url, allow_redirects=False, raise_for_status=True) as answer:
        async for piece in answer.content.iter_any():
            body += piece
            if len(body) > LARGEST:
                raise Unusable(f"it answers more than {LARGEST} bytes")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unusable("it does not answer JSON") from error
    if not isinstance(document, dict):
        raise Unusable("it does not answer a JSON object")
    return document
