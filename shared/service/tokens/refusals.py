"""Why a token is not taken; each refusal is counted, and told without a part of the token."""

from typing import Final, Literal, get_args

from prometheus_client import Counter

Reason = Literal[
    "no token",
    "too long",
    "malformed",
    "wrong type",
    "unknown issuer",
    "unknown key",
    "wrong algorithm",
    "bad signature",
    "wrong audience",
    "expired",
    "not yet valid",
    "incomplete",
    "no role",
    "several roles",
    "unusable id",
    "unusable department",
    "no keys",
]

REFUSED: Final = Counter(
    "baton_tokens_refused_total",
    "Requests that were not let in: without a token, or with one that is not good (401), names nobody who "
    "has a post here (403), or cannot be checked while its provider is away (503).",
    ["reason"],
)
for _reason in get_args(Reason):
    REFUSED.labels(_reason)


class NotSignedIn(Exception):
    """There is no token, or it is not good; ``reason`` is for who runs the service."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class NoPost(NotSignedIn):
    """The token is good, but its claims do not say a role here."""


class NoKeys(NotSignedIn):
    """The provider was never reached, or not for long, so nobody can say whether the token is good."""

    def __init__(self) -> None:
        super().__init__("no keys")
