"""Processes get settings that they know and secrets by name; no secret is kept here."""

from collections.abc import Mapping
from typing import Final

import pytest

from shared.events.catalogue import SERVICES
from shared.service.settings import Settings
from tests.unit.k8s.built import (
    DATABASES,
    Thing,
    built,
    container,
    deployments,
    every_overlay,
    of_kind,
    overlay,
)

SETTINGS: Final = {name.upper() for name in Settings.model_fields}
SECRETS: Final = {
    "TOKEN_SECRET": "signs-tokens-in-this-test-and-nowhere-else",
    "MASTER_KEY": "seals-nothing-but-what-this-test-would-seal",
    "EVENTSTORE_URL": "kurrentdb://kurrentdb.kurrentdb:2113",
    "DATABASE_URL": "postgresql+psycopg://baton@postgresql.postgresql/{service}",
    "KEYS_URL": "postgresql+psycopg://baton@postgresql.postgresql/{service}_keys",
}
"""What the cluster's secret has to hold."""


def settings_of(name: str) -> Thing:
    [settings] = of_kind(overlay(name), "ConfigMap").values()
    return settings


def environment(name: str, deployment: str) -> Mapping[str, str]:
    """What a process finds, without the secrets."""
    own = container(deployments(overlay(name))[deployment])["env"]
    return {**settings_of(name)["data"], **{variable["name"]: variable["value"] for variable in own}}


@every_overlay
def test_settings_are_known_and_no_secret_is_among_them(name: str) -> None:
    for deployment in deployments(overlay(name)):
        given = environment(name, deployment).keys()
        assert given - SETTINGS == set()
        assert given & SECRETS.keys() == set()


@every_overlay
def test_settings_are_such_as_a_process_takes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for deployment in deployments(overlay(name)):
        given = {**environment(name, deployment), **SECRETS}
        for variable, value in given.items():
            monkeypatch.setenv(variable, value)
        assert Settings.model_validate({}).kafka_bootstrap_servers == given["KAFKA_BOOTSTRAP_SERVERS"]


@every_overlay
def test_addresses_are_those_of_services_that_there_are(name: str) -> None:
    given = settings_of(name)["data"]
    for service in SERVICES:
        assert given[f"{service.upper()}_URL"] == f"http://{service}-api:8080"
        assert f"{service}-api" in of_kind(overlay(name), "Service")


@every_overlay
def test_every_process_gets_the_settings_and_the_secrets(name: str) -> None:
    for deployment in deployments(overlay(name)).values():
        assert container(deployment)["envFrom"] == [
            {"configMapRef": {"name": settings_of(name)["metadata"]["name"]}},
            {"secretRef": {"name": "baton-secrets"}},
        ]


@every_overlay
def test_the_repository_holds_no_secret(name: str) -> None:
    assert not of_kind(overlay(name), "Secret")
    assert not of_kind(built(DATABASES), "Secret")
