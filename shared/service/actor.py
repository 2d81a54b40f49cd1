"""Who is asking: a bearer token (JWT) names a person or system, its role and department."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, get_args

import jwt
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.events.event import Id, Slug

Role = Literal[
    "viewer",
    "sales",
    "marketing",
    "finance",
    "production",
    "logistics",
    "service",
    "manager",
    "importer",
    "system",
]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
ISSUER: Final = "baton"
SHORTEST_SECRET: Final = 32


class Actor(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: Id
    role: Role
    department: Slug | None = None


def token(actor: Actor, *, secret: str, valid_for: timedelta, now: datetime | None = None) -> str:
    """A signed token for the actor."""
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"the token secret must have at least {SHORTEST_SECRET} characters")
    issued = now or datetime.now(UTC)
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": actor.id,
        "role": actor.role,
        "iat": issued,
        "exp": issued + valid_for,
    }
    if actor.department is not None:
        claims["department"] = actor.department
    return jwt.encode(claims, secret, algorithm="HS256")


@lru_cache(maxsize=1024)
def _verified(bearer: str, secret: str) -> tuple[Actor, float]:
    claims = jwt.decode(
        bearer,
        secret,
        algorithms=["HS256"],
        issuer=ISSUER,
        audience=ISSUER,
        options={"require": ["exp", "sub", "iss", "aud"]},
    )
    actor = Actor(id=claims["sub"], role=claims.get("role"), department=claims.get("department"))
    return actor, float(claims["exp"])


def actor_of(bearer: str, *, secret: str, now: datetime | None = None) -> Actor:
    """The actor a token names; raises ``PermissionError`` when it is not one of ours or has expired."""
    try:
        actor, expires = _verified(bearer, secret)
    except (jwt.PyJWTError, ValidationError, ValueError) as error:
        raise PermissionError("The token is not valid.") from error
    if (now or datetime.now(UTC)).timestamp() >= expires:
        raise PermissionError("The token has expired.")
    return actor


_bearer = HTTPBearer(auto_error=False, description="A token as `baton token` prints it.")


async def _authenticated(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Actor:
    given = credentials.credentials if credentials else None
    if given is None and request.url.path == "/live":
        given = request.query_params.get("token")  # a browser's EventSource cannot send headers
    if given is None:
        raise HTTPException(401, "Send a bearer token.", headers={"WWW-Authenticate": "Bearer"})
    try:
        return actor_of(given, secret=request.app.state.settings.token_secret.get_secret_value())
    except PermissionError as error:
        raise HTTPException(401, str(error), headers={"WWW-Authenticate": "Bearer"}) from error


Asking = Annotated[Actor, Depends(_authenticated)]
"""The actor behind the request; without a valid token the answer is 401."""
