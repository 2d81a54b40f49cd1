"""Settings of who is let in."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from shared.service.tokens.claims import SAME_NAMES, Claims, posts
from shared.service.tokens.discovery import is_confidential
from shared.service.tokens.own import NAME, SHORTEST_SECRET


def _long_enough(secret: SecretStr) -> SecretStr:
    if 0 < len(secret.get_secret_value()) < SHORTEST_SECRET:
        raise ValueError(f"it must have at least {SHORTEST_SECRET} characters")
    return secret


Secret = Annotated[SecretStr, AfterValidator(_long_enough)]
"""Empty, or long enough to sign with."""


class TokenSettings(BaseSettings):
    """Our own tokens need a secret, those of an OpenID provider its name; at least one there must be."""

    token_secret: Secret = SecretStr("")
    """Signs and checks our own tokens (HS256); at least 32 characters. Empty, where people and systems sign
    in at a provider alone: there are no tokens of our own then."""
    token_secret_before: Secret = SecretStr("")
    """An earlier secret, whose tokens are still good; empty for none."""
    oidc_issuer: str = ""
    """The OpenID provider whose tokens are good, by its issuer's address, below which its discovery document
    stands; https, or http on this machine. Empty for none."""
    oidc_audience: str = Field(default=NAME, min_length=1)
    """What the provider's tokens must name in ``aud``."""
    oidc_client_id: str = ""
    """What the provider calls the pages: people sign in there (code with PKCE). Empty: they give a token."""
    oidc_scope: str = Field(default="openid", min_length=1)
    """What the pages ask the provider for."""
    oidc_id_claim: str = Field(default="sub", min_length=1)
    """The claim that is the actor's id, which events keep for ever: 1 to 64 of ``A-Z a-z 0-9 _ -``."""
    oidc_role_claim: str = Field(default="role", min_length=1)
    """The claim that has the role, or a list of roles; a path such as ``realm_access.roles``, too."""
    oidc_roles: str = ""
    """What the provider's roles are here, as ``crm-manager=manager,crm-sales=sales``; who has several is what
    comes first. Empty: they have the names of ours, and nobody has two."""
    oidc_department_claim: str = Field(default="department", min_length=1)
    """The claim that has the department, such as ``sales``; it may be missing."""

    @field_validator("oidc_issuer")
    @classmethod
    def _confidential(cls, issuer: str) -> str:
        if issuer and not is_confidential(issuer):
            raise ValueError("it must be an https address, or http on this machine")
        return issuer

    @field_validator("oidc_roles")
    @classmethod
    def _of_roles(cls, text: str) -> str:
        posts(text)
        return text

    @model_validator(mode="after")
    def _somebody_is_let_in(self) -> Self:
        if not self.token_secret.get_secret_value():
            if not self.oidc_issuer:
                raise ValueError(
                    "TOKEN_SECRET: give a secret, or the provider where people sign in (OIDC_ISSUER)"
                )
            if self.token_secret_before.get_secret_value():
                raise ValueError("TOKEN_SECRET_BEFORE: it is good beside TOKEN_SECRET alone")
        return self

    def token_secrets(self) -> tuple[str, ...]:
        """The one that signs, then the earlier one; empty where tokens are the provider's alone."""
        both = (self.token_secret.get_secret_value(), self.token_secret_before.get_secret_value())
        return tuple(secret for secret in both if secret)

    def claims(self) -> Claims:
        """Where the provider's tokens have the actor."""
        return Claims(
            id=self.oidc_id_claim,
            role=self.oidc_role_claim,
            department=self.oidc_department_claim,
            posts=posts(self.oidc_roles) or SAME_NAMES,
            ranked=bool(self.oidc_roles),
        )
