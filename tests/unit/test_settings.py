"""Settings that do not go together are refused, with the name of what is wrong."""

import pytest
from pydantic import ValidationError

from shared.service.settings import ROLES, Settings
from tests.service_app import SECRET

SERVERS = {
    "eventstore_url": "kurrentdb://store:2113",
    "database_url": "postgresql+psycopg://there/{service}",
    "keys_url": "postgresql+psycopg://there/{service}_keys",
}


PROVIDER = "https://id.example.com/realms/sales"


def settings(**given: str) -> Settings:
    return Settings.model_validate({"token_secret": SECRET, "master_key": SECRET, **given})


def test_a_process_has_all_roles_unless_told_otherwise() -> None:
    assert all(settings().plays(role) for role in ROLES)


def test_roles_may_be_apart_where_everything_is_on_servers() -> None:
    it = settings(roles=" relay, api ", **SERVERS)
    assert [role for role in ROLES if it.plays(role)] == ["api", "relay"]


@pytest.mark.parametrize("kept", SERVERS)
def test_roles_are_not_apart_where_files_are_kept(kept: str) -> None:
    with pytest.raises(ValidationError, match=f"{kept.upper()}: files cannot be shared"):
        settings(roles="api", **{**SERVERS, kept: "sqlite:///file.db"})


@pytest.mark.parametrize(("roles", "said"), [("api,writer", "writer is no role"), ("", "nothing is no role")])
def test_a_role_that_there_is_not_is_refused(roles: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        settings(roles=roles)


def test_without_a_secret_people_sign_in_at_a_provider() -> None:
    assert settings(token_secret="", oidc_issuer=PROVIDER).token_secrets() == ()
    with pytest.raises(ValidationError, match="TOKEN_SECRET: give a secret, or the provider"):
        settings(token_secret="")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"token_secret": "short"}, "at least 32 characters"),
        ({"token_secret_before": "short"}, "at least 32 characters"),
        ({"token_secret": "", "token_secret_before": SECRET, "oidc_issuer": PROVIDER}, "TOKEN_SECRET_BEFORE"),
        ({"token_secret": "", "wallboard_token": "true", "oidc_issuer": PROVIDER}, "WALLBOARD_TOKEN"),
        ({"oidc_issuer": "http://id.example.com"}, "https"),
        ({"oidc_roles": "crm-king=king"}, "one of viewer"),
        ({"kafka_security_protocol": "SASL_SSL"}, "SASL_SSL: it needs KAFKA_SASL_USERNAME and _PASSWORD"),
        ({"kafka_security_protocol": "SSL", "kafka_ssl_cafile": "/nowhere"}, "_KEYFILE: .*No such file"),
        ({"kafka_security_protocol": "TLS"}, "kafka_security_protocol"),
    ],
)
def test_what_would_let_in_nobody_or_anybody_is_refused(given: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        settings(**given)
