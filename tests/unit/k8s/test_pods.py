"""Pods have few rights, say how they are, and have time to stop."""

from typing import Final

import pytest

from services.orders.main import build
from shared.service.settings import Settings
from tests.unit.k8s.built import (
    DATABASES,
    OVERLAYS,
    built,
    container,
    deployments,
    every_overlay,
    of_kind,
    overlay,
    pod_of,
    pods,
)

STOP_SECONDS: Final = 30
"""A process that is told to stop has ended by then."""


@pytest.mark.parametrize("things", [*OVERLAYS, "databases"])
def test_every_pod_is_restricted(things: str) -> None:
    """As the Pod Security Standard says, which the namespace enforces."""
    made = built(DATABASES) if things == "databases" else overlay(things)
    found = pods(made)
    assert found
    for pod in found.values():
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"]
        assert spec["securityContext"]["runAsUser"] > 0
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert not spec.keys() & {"hostNetwork", "hostPID", "hostIPC", "initContainers"}
        assert all(volume.keys() & {"emptyDir", "configMap"} for volume in spec.get("volumes", []))
        assert container(pod)["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


@every_overlay
def test_the_namespace_takes_restricted_pods_alone(name: str) -> None:
    [namespace] = of_kind(overlay(name), "Namespace").values()
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@every_overlay
def test_no_account_has_a_token(name: str) -> None:
    accounts = of_kind(overlay(name), "ServiceAccount")
    assert all(account["automountServiceAccountToken"] is False for account in accounts.values())
    assert {pod["spec"]["serviceAccountName"] for pod in pods(overlay(name)).values()} == accounts.keys()


@every_overlay
def test_every_container_asks_for_what_it_needs_and_gets_no_more_than_it_may(name: str) -> None:
    for pod in pods(overlay(name)).values():
        resources = container(pod)["resources"]
        for kind in ("requests", "limits"):
            assert resources[kind].keys() == {"cpu", "memory"}
        assert mebibytes(resources["requests"]["memory"]) <= mebibytes(resources["limits"]["memory"])


@every_overlay
def test_every_process_is_asked_how_it_is(name: str) -> None:
    answered = build(Settings(token_secret="x" * 32, master_key="y" * 32)).openapi()["paths"].keys()
    for deployment in deployments(overlay(name)).values():
        it = container(deployment)
        asked = {probe: it[probe]["httpGet"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
        assert asked == {
            "startupProbe": {"path": "/health/live", "port": "http"},
            "livenessProbe": {"path": "/health/live", "port": "http"},
            "readinessProbe": {"path": "/health/ready", "port": "http"},
        }
        assert {probe["path"] for probe in asked.values()} <= answered
        assert {"name": "http", "containerPort": 8080} in it["ports"]
        assert it["startupProbe"]["periodSeconds"] * it["startupProbe"]["failureThreshold"] >= 60


@every_overlay
def test_a_pod_has_time_to_stop(name: str) -> None:
    [settings] = of_kind(overlay(name), "ConfigMap").values()
    assert 0 < float(settings["data"]["DRAIN_SECONDS"]) < STOP_SECONDS
    for deployment in deployments(overlay(name)).values():
        assert pod_of(deployment)["spec"]["terminationGracePeriodSeconds"] > STOP_SECONDS


def mebibytes(quantity: str) -> int:
    number, unit = quantity[:-2], quantity[-2:]
    return int(number) * {"Mi": 1, "Gi": 1024}[unit]
