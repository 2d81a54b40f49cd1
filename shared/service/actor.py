"""Who is asking: a bearer token (JWT) names a person or system, its role and department."""

from typing import Annotated, Final, Literal, get_args

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict

from shared.events.event import Id, Slug
from shared.service.tokens.refusals import NotSignedIn

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


class Actor(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: Id
    role: Role
    department: Slug | None = None


_bearer = HTTPBearer(
    auto_error=False,
    description="A token of the OpenID provider where people and systems sign in, or one as `baton token` "
    "prints it.",
)


async def _authenticated(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Actor:
    given = credentials.credentials if credentials else None
    if given is None and request.url.path == "/live":
        given = request.query_params.get("token")  # a browser's EventSource cannot send headers
    if given is None:
        raise NotSignedIn("no token")
    actor: Actor = await request.app.state.trusted.actor(given)
    return actor


Asking = Annotated[Actor, Depends(_authenticated)]
"""The actor behind the request; without a valid token the answer is 401."""
