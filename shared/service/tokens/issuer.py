"""Somebody who makes tokens that we take, and how one of theirs is checked."""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

import jwt

from shared.service.actor import Actor
from shared.service.tokens.claims import Claims
from shared.service.tokens.refusals import NotSignedIn, Reason

LEEWAY_SECONDS: Final = 30
"""So far may the clocks of two machines be apart."""

_REASONS: Final[tuple[tuple[type[Exception], Reason], ...]] = (
    (jwt.ExpiredSignatureError, "expired"),
    (jwt.ImmatureSignatureError, "not yet valid"),
    (jwt.InvalidAudienceError, "wrong audience"),
    (jwt.MissingRequiredClaimError, "incomplete"),
    (jwt.InvalidAlgorithmError, "wrong algorithm"),
    (jwt.InvalidSignatureError, "bad signature"),
    (jwt.InvalidKeyError, "unknown key"),
)
NOT_TO_BE_READ: Final = (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError)
"""What reading a token may raise: whoever made it may have put anything in it."""


class Keys(Protocol):
    async def find(self, kid: str) -> jwt.PyJWK | None:
        """Raises ``NoKeys`` when nobody can tell whether there is such a key."""


@dataclass(frozen=True)
class Issuer:
    """``name`` is the token's ``iss``, ``audience`` one of its ``aud``."""

    name: str
    audience: str
    claims: Claims

    def actor(self, bearer: str, key: jwt.PyJWK) -> Actor:
        """Whom the token names, if it was signed with this key; raises ``NotSignedIn``."""
        actor, expires = _checked(bearer, key, self)
        if time.time() >= expires + LEEWAY_SECONDS:
            raise NotSignedIn("expired")
        return actor


@lru_cache(maxsize=4096)
def _checked(bearer: str, key: jwt.PyJWK, issuer: Issuer) -> tuple[Actor, float]:
    """Remembered while we hold this very key: a key that is fetched anew is another one."""
    claims = _claims(bearer, key, issuer)
    return issuer.claims.actor(claims), float(claims["exp"])


def _claims(bearer: str, key: jwt.PyJWK, issuer: Issuer) -> dict[str, Any]:
    try:
        return jwt.decode(
            bearer,
            key,  # it says by which algorithm alone, whatever the token says
            algorithms=[key.algorithm_name],
            issuer=issuer.name,
            audience=issuer.audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "aud", "exp", "iat"], "enforce_minimum_key_length": True},
        )
    except NOT_TO_BE_READ as error:
        raise NotSignedIn(_reason(error)) from None


def _reason(error: Exception) -> Reason:
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), "malformed")
