"""Where the actor stands in a provider's token is a matter of settings."""

from typing import Any

import pytest

from shared.service.actor import Actor
from shared.service.tokens.claims import Claims, posts
from shared.service.tokens.refusals import NoPost

RANKED = posts("crm-manager=manager, crm-sales=sales")


@pytest.mark.parametrize(
    ("where", "claims", "actor"),
    [
        (Claims(), {"sub": "u1", "role": "sales"}, Actor(id="u1", role="sales")),
        (
            Claims(role="realm_access.roles"),
            {"sub": "u1", "realm_access": {"roles": ["offline_access", "finance"]}, "department": "money"},
            Actor(id="u1", role="finance", department="money"),
        ),
        (
            Claims(id="emp", role="https://example.com/roles", department="groups"),
            {"sub": "x|1", "emp": "E-7", "https://example.com/roles": ["service"], "groups": ["after-sales"]},
            Actor(id="E-7", role="service", department="after-sales"),
        ),
        (
            Claims(posts=RANKED, ranked=True),
            {"sub": "u1", "role": ["crm-sales", "crm-manager"]},
            Actor(id="u1", role="manager"),
        ),
        (
            Claims(posts=posts("a=sales,b=sales")),
            {"sub": "u1", "role": ["a", "b"]},
            Actor(id="u1", role="sales"),
        ),
        (
            Claims(id="client_id"),
            {"sub": "6f", "client_id": "erp", "role": "system", "department": []},
            Actor(id="erp", role="system"),
        ),
    ],
)
def test_the_actor_is_found(where: Claims, claims: dict[str, Any], actor: Actor) -> None:
    assert where.actor(claims) == actor


@pytest.mark.parametrize(
    ("where", "claims", "reason"),
    [
        (Claims(), {"role": "sales"}, "unusable id"),
        (Claims(), {"sub": "auth0|5f", "role": "sales"}, "unusable id"),
        (Claims(), {"sub": "a" * 65, "role": "sales"}, "unusable id"),
        (Claims(), {"sub": 7, "role": "sales"}, "unusable id"),
        (Claims(), {"sub": "u1"}, "no role"),
        (Claims(), {"sub": "u1", "role": {"sales": True}}, "no role"),
        (Claims(), {"sub": "u1", "role": [7, None]}, "no role"),
        (Claims(), {"sub": "u1", "role": ["sales", "finance"]}, "several roles"),
        (Claims(posts=RANKED), {"sub": "u1", "role": "manager"}, "no role"),
        (Claims(role="a.b.c"), {"sub": "u1", "a": {"b": "sales"}}, "no role"),
        (Claims(), {"sub": "u1", "role": "sales", "department": "/Sales"}, "unusable department"),
        (Claims(), {"sub": "u1", "role": "sales", "department": ["a", "b"]}, "unusable department"),
        (Claims(), {"sub": "u1", "role": "sales", "department": 7}, "unusable department"),
    ],
)
def test_who_has_no_post_here_is_told_why(where: Claims, claims: dict[str, Any], reason: str) -> None:
    with pytest.raises(NoPost) as refused:
        where.actor(claims)
    assert refused.value.reason == reason


@pytest.mark.parametrize("text", ["manager", "=manager", "crm=king", "crm-sales=sales,oops"])
def test_a_list_of_roles_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="one of viewer, sales"):
        posts(text)
