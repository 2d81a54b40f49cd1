"""Who is at the page: where people sign in, the wallboard's own token, and whom a token names."""

from datetime import timedelta
from typing import Self

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel

from shared.service.actor import Actor, Asking
from shared.service.settings import Settings
from shared.service.tokens.own import token

router = APIRouter(tags=["session 登录"])
public = APIRouter(tags=["session 登录"])

VALID_FOR = timedelta(hours=12)


class Provider(BaseModel):
    """The OpenID provider where people sign in, as a browser needs to know it."""

    issuer: str
    client_id: str
    scope: str

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        if not settings.oidc_issuer or not settings.oidc_client_id:
            return None
        return cls(issuer=settings.oidc_issuer, client_id=settings.oidc_client_id, scope=settings.oidc_scope)


class Session(BaseModel):
    token: str | None
    """May only read boards; `null` where none is handed out."""
    provider: Provider | None
    """`null` where people do not sign in at one."""


@public.get("/session", summary="How to sign in here 登录方式", description="404 where one brings a token.")
async def session(request: Request) -> Session:
    settings: Settings = request.app.state.settings
    provider = Provider.of(settings)
    if settings.wallboard_token:
        viewer = Actor(id="wallboard", role="viewer")
        return Session(
            token=token(viewer, secret=settings.token_secrets()[0], valid_for=VALID_FOR), provider=provider
        )
    if provider is None:
        raise HTTPException(404, "This server hands out no tokens; bring your own.")
    return Session(token=None, provider=provider)


@router.get("/me", summary="Whom your token names 当前用户")
async def me(actor: Asking) -> Actor:
    return actor
