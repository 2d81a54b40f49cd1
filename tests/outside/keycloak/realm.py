"""A sales organisation as its provider knows it: people, systems, roles, and what stands in their tokens."""

from typing import Any, Final

NAME: Final = "sales"
PAGES: Final = "baton-pages"
ERP: Final = "erp"
ERP_SECRET: Final = "known-to-the-erp-and-this-test"  # noqa: S105 - of a provider that lives as long as a test
PASSWORD: Final = "open-sesame"  # noqa: S105 - as above
ROLES: Final = ("crm-manager", "crm-sales", "erp-system", "canteen")
PAGES_TOKEN_SECONDS: Final = 62
"""A browser renews a token a minute before its end: here after two seconds."""


def realm(pages: str) -> dict[str, Any]:
    """As Keycloak's administrators write it; ``pages`` is the address of the wallboard."""
    return {
        "realm": NAME,
        "enabled": True,
        "roles": {"realm": [{"name": name} for name in ROLES]},
        "groups": [{"name": "east"}],
        "clients": [
            {
                "clientId": PAGES,
                "publicClient": True,
                "redirectUris": [f"{pages}/", f"{pages}/desk/"],
                "webOrigins": [pages],
                "attributes": {
                    "pkce.code.challenge.method": "S256",
                    "post.logout.redirect.uris": "+",
                    "access.token.lifespan": str(PAGES_TOKEN_SECONDS),
                },
                "protocolMappers": [AUDIENCE, DEPARTMENT],
            },
            {
                "clientId": ERP,
                "secret": ERP_SECRET,
                "serviceAccountsEnabled": True,
                "standardFlowEnabled": False,
                "protocolMappers": [AUDIENCE],
            },
            {
                "clientId": "canteen",
                "secret": ERP_SECRET,
                "serviceAccountsEnabled": True,
                "standardFlowEnabled": False,
            },
        ],
        "users": [
            _person("wang-wei", "Wang", "crm-sales", groups=["east"]),
            _person("li-na", "Li", "crm-sales", "crm-manager"),
            _person("guest", "Guest"),
            _system(ERP, "erp-system"),
            _system("canteen", "erp-system"),
        ],
    }


AUDIENCE: Final = {
    "name": "for Baton",
    "protocol": "openid-connect",
    "protocolMapper": "oidc-audience-mapper",
    "config": {"included.custom.audience": "baton", "access.token.claim": "true"},
}
DEPARTMENT: Final = {
    "name": "department",
    "protocol": "openid-connect",
    "protocolMapper": "oidc-group-membership-mapper",
    "config": {"claim.name": "department", "full.path": "false", "access.token.claim": "true"},
}


def _person(name: str, last: str, *roles: str, groups: list[str] | None = None) -> dict[str, Any]:
    return {
        "username": name,
        "enabled": True,
        "firstName": name,
        "lastName": last,
        "email": f"{name}@example.com",
        "emailVerified": True,
        "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
        "realmRoles": list(roles),
        "groups": groups or [],
    }


def _system(client: str, *roles: str) -> dict[str, Any]:
    return {
        "username": f"service-account-{client}",
        "enabled": True,
        "serviceAccountClientId": client,
        "realmRoles": list(roles),
    }
