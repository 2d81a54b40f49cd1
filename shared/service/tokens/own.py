"""Our own tokens: signed with a secret that every service knows (HS256)."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from typing import Any, Final

import jwt

from shared.service.actor import Actor
from shared.service.tokens.claims import Claims
from shared.service.tokens.issuer import Issuer

NAME: Final = "baton"
SHORTEST_SECRET: Final = 32
OURS: Final = Issuer(NAME, audience=NAME, claims=Claims())


class Secrets:
    """The secrets whose tokens are good: the present one, and an earlier one for a while."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = {_kid(secret): _key(secret) for secret in secrets}

    async def find(self, kid: str) -> jwt.PyJWK | None:
        return self._keys.get(kid)


def token(actor: Actor, *, secret: str, valid_for: timedelta, now: datetime | None = None) -> str:
    """A signed token for the actor."""
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"the token secret must have at least {SHORTEST_SECRET} characters")
    issued = now or datetime.now(UTC)
    claims: dict[str, Any] = {
        "iss": NAME,
        "aud": NAME,
        "sub": actor.id,
        "role": actor.role,
        "iat": issued,
        "exp": issued + valid_for,
    }
    if actor.department is not None:
        claims["department"] = actor.department
    return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": _kid(secret)})


def _kid(secret: str) -> str:
    """Tells secrets apart; whoever has a token could try out secrets on its signature just as well."""
    return blake2s(secret.encode(), digest_size=8, person=b"kid").hexdigest()


def _key(secret: str) -> jwt.PyJWK:
    encoded = urlsafe_b64encode(secret.encode()).decode().rstrip("=")
    return jwt.PyJWK({"kty": "oct", "k": encoded, "alg": "HS256"})
