"""Every service in its roles: which pods there are, who replaces them how, and who finds them."""

from collections.abc import Mapping
from typing import Final

from shared.events.catalogue import SERVICES
from tests.unit.k8s.built import (
    ROLES,
    Thing,
    container,
    deployments,
    every_overlay,
    label,
    of_kind,
    overlay,
    pod_of,
)

HTTP: Final = 8080
ONE_ROLE: Final = frozenset({"app.kubernetes.io/name", "app.kubernetes.io/component"})
"""The labels that tell the pods of one deployment from those of another."""


@every_overlay
def test_every_service_plays_every_role_in_pods_of_its_own(name: str) -> None:
    found = deployments(overlay(name))
    assert found.keys() == {f"{service}-{role}" for service in SERVICES for role in ROLES}
    for full, deployment in found.items():
        service, role = full.rsplit("-", 1)
        it = container(deployment)
        assert {"name": "ROLES", "value": role} in it["env"]
        assert it["image"].startswith(f"baton-{service}:")
        labels = [label(pod_of(deployment), name) for name in ("name", "component", "part-of")]
        assert labels == [service, role, "baton"]


@every_overlay
def test_one_relay_publishes(name: str) -> None:
    for service in SERVICES:
        assert deployments(overlay(name))[f"{service}-relay"]["spec"]["replicas"] == 1


@every_overlay
def test_answers_go_on_while_pods_are_replaced_and_no_two_versions_stream_or_publish(name: str) -> None:
    one_by_one = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
    at_once = {"type": "Recreate"}
    for deployment in deployments(overlay(name)).values():
        role = label(deployment, "component")
        assert deployment["spec"]["strategy"] == (one_by_one if role == "api" else at_once)


def test_in_production_all_but_the_relay_are_several_and_stand_apart() -> None:
    things = overlay("prod")
    scaled = {name: it["spec"] for name, it in of_kind(things, "ScaledObject").items()}
    for name, deployment in deployments(things).items():
        if label(deployment, "component") == "relay":
            continue
        spec = deployment["spec"]
        if name in scaled:
            assert "replicas" not in spec, "who applies this would undo what was scaled"
        assert (scaled[name]["minReplicaCount"] if name in scaled else spec["replicas"]) >= 2
        spread = pod_of(deployment)["spec"]["topologySpreadConstraints"]
        over = {constraint["topologyKey"] for constraint in spread}
        assert over == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
        for constraint in spread:
            same = constraint["labelSelector"]["matchLabels"]
            assert same.items() <= labels_of(deployment).items()
            assert same.keys() | {*constraint["matchLabelKeys"]} >= {*ONE_ROLE, "pod-template-hash"}


@every_overlay
def test_at_most_one_pod_of_a_deployment_is_taken_away_at_a_time(name: str) -> None:
    things = overlay(name)
    budgets = of_kind(things, "PodDisruptionBudget").values()
    for deployment in deployments(things).values():
        mine = [it["spec"] for it in budgets if selects(it["spec"]["selector"]["matchLabels"], deployment)]
        if label(deployment, "component") == "relay":
            assert not mine, "a budget for the only pod would keep its node from being drained"
        else:
            [budget] = mine
            assert budget["maxUnavailable"] == 1
            assert budget["selector"]["matchLabels"].keys() >= ONE_ROLE


@every_overlay
def test_a_service_is_found_by_its_name(name: str) -> None:
    things = overlay(name)
    services = of_kind(things, "Service")
    assert services.keys() == {f"{s}-{what}" for s in SERVICES for what in ("api", "stream", "metrics")}
    for full, service in services.items():
        wanted = service["spec"]["selector"]
        reached = {pod for pod, deployment in deployments(things).items() if selects(wanted, deployment)}
        whose, what = full.rsplit("-", 1)
        assert reached == {f"{whose}-{role}" for role in (ROLES if what == "metrics" else (what,))}


@every_overlay
def test_a_rebuild_waits_until_it_is_asked_for_and_then_asks_one_stream_pod(name: str) -> None:
    things = overlay(name)
    jobs = of_kind(things, "CronJob")
    assert jobs.keys() == {f"{service}-rebuild" for service in SERVICES}
    for full, job in jobs.items():
        service, it = label(pod_of(job), "name"), container(job)
        assert job["spec"]["suspend"]
        assert full == f"{service}-rebuild"
        [named] = [variable["valueFrom"] for variable in it["env"] if variable["name"] == "SERVICE"]
        assert named == {"fieldRef": {"fieldPath": "metadata.labels['app.kubernetes.io/name']"}}
        assert f"http://$(SERVICE)-stream:{HTTP}" in it["command"]
        within = int(it["command"][it["command"].index("--within") + 1])
        asked = of_kind(things, "Service")[f"{service}-stream"]["spec"]
        assert asked["sessionAffinity"] == "ClientIP"
        assert asked["sessionAffinityConfig"]["clientIP"]["timeoutSeconds"] >= within


def labels_of(deployment: Thing) -> Mapping[str, str]:
    """Of its pods."""
    labels: Mapping[str, str] = pod_of(deployment)["metadata"]["labels"]
    return labels


def selects(wanted: Mapping[str, str], deployment: Thing) -> bool:
    return wanted.items() <= labels_of(deployment).items()
