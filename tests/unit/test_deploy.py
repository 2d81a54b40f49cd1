"""Compose agrees with the services: names, probes, pins."""

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from shared.events.catalogue import EVENTS, PERSONAL_FIELDS, SERVICES
from shared.service.settings import Settings
from tests import compose

ROOT: Final = Path(__file__).parents[2]
COMPOSE: Final[dict[str, Any]] = yaml.safe_load(compose.FILE.read_text())
SETTINGS: Final = {name.upper() for name in Settings.model_fields}
every_service = pytest.mark.parametrize("service", SERVICES)


@every_service
def test_compose_gives_a_service_what_its_settings_know(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = compose.environment(service)
    assert not given.keys() - SETTINGS
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = Settings.model_validate({})
    assert len(settings.token_secret.get_secret_value()) >= 32
    assert len(settings.master_key.get_secret_value()) >= 32
    assert settings.database_of(service).endswith(f"/{service}")
    assert settings.keys_of(service).endswith(f"/{service}_keys")


def test_compose_starts_a_service_when_what_it_needs_is_healthy() -> None:
    waits = {name: service.get("depends_on", {}) for name, service in COMPOSE["services"].items()}
    for needs in waits.values():
        for other, how in needs.items():
            assert how == {"condition": "service_healthy"}
            assert COMPOSE["services"][other]["healthcheck"]["test"]
    assert all(waits[service].keys() == {"kafka", "kurrentdb", "postgres"} for service in SERVICES)
    assert waits["demo"].keys() == set(SERVICES)


@every_service
def test_compose_gives_a_service_more_time_to_end_than_it_takes(service: str) -> None:
    assert int(COMPOSE["services"][service]["stop_grace_period"].removesuffix("s")) > 30


def test_compose_pins_every_image_and_keeps_what_the_servers_write() -> None:
    for name, service in COMPOSE["services"].items():
        assert re.search(r":v?\d+\.\d+\.\d+|:\d+\.\d+-bookworm$", service["image"]), f"{name} is not pinned"
        if "baton-" in service["image"]:
            assert service["image"].endswith(f":{version('baton')}")
    kept = {volume.partition(":")[0] for s in COMPOSE["services"].values() for volume in s.get("volumes", [])}
    assert kept >= COMPOSE["volumes"].keys()


def test_compose_mounts_what_is_there() -> None:
    mounts = [volume for s in COMPOSE["services"].values() for volume in s.get("volumes", [])]
    ours = [mount.partition(":")[0] for mount in mounts if mount.startswith("./")]
    assert len(ours) == 5
    assert [path for path in ours if not (ROOT / path).exists()] == []
    assert all(mount.endswith(":ro") for mount in mounts if mount.startswith("./"))


def test_grafana_looks_for_dashboards_where_compose_puts_them() -> None:
    provided = yaml.safe_load((ROOT / "deploy/grafana/provisioning/dashboards/baton.yml").read_text())
    mounts = COMPOSE["services"]["grafana"]["volumes"]
    for provider in provided["providers"]:
        assert f"./deploy/grafana/dashboards:{provider['options']['path']}:ro" in mounts


def test_compose_opens_its_ports_to_this_machine_alone() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_service_has_a_database_of_its_own_and_one_for_the_keys_of_people_it_knows() -> None:
    made = re.findall(r"CREATE DATABASE (\w+);", (ROOT / "deploy/postgres/databases.sql").read_text())
    keys = {f"{EVENTS[name].service}_keys" for name in PERSONAL_FIELDS}
    assert sorted(made) == sorted({*SERVICES, *keys})
