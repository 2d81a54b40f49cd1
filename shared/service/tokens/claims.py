"""Which actor the claims of a token name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from shared.events.event import Id, Slug
from shared.service.actor import ROLES, Actor, Role
from shared.service.tokens.refusals import NoPost, Reason

Posts = tuple[tuple[str, Role], ...]
"""A provider's names of roles, each with the role here."""

SAME_NAMES: Final[Posts] = tuple((role, role) for role in ROLES)

_ID: Final = TypeAdapter[str](Id)
_DEPARTMENT: Final = TypeAdapter[str](Slug)


@dataclass(frozen=True)
class Claims:
    """Where in a token the actor stands: names of claims, or dotted paths such as ``realm_access.roles``."""

    id: str = "sub"
    role: str = "role"
    department: str = "department"
    posts: Posts = SAME_NAMES
    ranked: bool = False
    """Of several roles the first one of ``posts`` counts; otherwise several are refused."""

    def actor(self, claims: Mapping[str, Any]) -> Actor:
        """Raises ``NoPost``."""
        return Actor(
            id=_fitting(_ID, _at(claims, self.id), "unusable id"),
            role=self._role(claims),
            department=self._department(claims),
        )

    def _role(self, claims: Mapping[str, Any]) -> Role:
        names = _words(_at(claims, self.role))
        found = list(dict.fromkeys(role for name, role in self.posts if name in names))
        if not found:
            raise NoPost("no role")
        if len(found) > 1 and not self.ranked:
            raise NoPost("several roles")
        return found[0]

    def _department(self, claims: Mapping[str, Any]) -> str | None:
        claim = _at(claims, self.department)
        if claim is None or claim == []:
            return None
        words = _words(claim)
        return _fitting(_DEPARTMENT, words[0] if len(words) == 1 else None, "unusable department")


def posts(text: str) -> Posts:
    """``crm-manager=manager,crm-sales=sales`` in that order; raises ``ValueError``."""
    return tuple(_post(pair.strip()) for pair in text.split(",") if pair.strip())


def _post(pair: str) -> tuple[str, Role]:
    name, _, said = pair.rpartition("=")
    for role in ROLES:
        if name and said == role:
            return name, role
    raise ValueError(f"{pair}: give the provider's name of a role, then = and one of {', '.join(ROLES)}")


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """What stands there; a claim may have dots in its own name, as namespaced ones do."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _words(claim: Any) -> Sequence[str]:
    """A claim that may be one word or a list of them."""
    if isinstance(claim, str):
        return [claim]
    return [word for word in claim if isinstance(word, str)] if isinstance(claim, list) else []


def _fitting(form: TypeAdapter[str], claim: Any, otherwise: Reason) -> str:
    try:
        return form.validate_python(claim, strict=True)
    except ValidationError:
        raise NoPost(otherwise) from None
