"""Prometheus finds every pod once, under the names that the rules use."""

import re
from collections.abc import Mapping
from typing import Final

import yaml

from baton.ops.files import CLUSTER
from shared.events.catalogue import SERVICES
from tests.unit.k8s.built import ROLES, ROOT, Thing, deployments, of_kind, overlay, pod_of

PROMETHEUS: Final = "prod"


def monitor() -> Thing:
    [only] = of_kind(overlay(PROMETHEUS), "ServiceMonitor").values()
    return dict(only["spec"])


def target_labels(pod: Thing) -> dict[str, str]:
    """What relabelling makes of a pod's labels; in their names Prometheus writes ``_`` for a dot or slash."""
    found = {
        "__meta_kubernetes_pod_label_" + re.sub(r"\W", "_", name): value
        for name, value in pod["metadata"]["labels"].items()
    }
    [endpoint] = monitor()["endpoints"]
    return {
        rule["targetLabel"]: ";".join(found.get(source, "") for source in rule["sourceLabels"])
        for rule in endpoint["relabelings"]
    }


def selected(wanted: Mapping[str, str], things: Mapping[str, Thing]) -> set[str]:
    return {name for name, it in things.items() if wanted.items() <= it["metadata"]["labels"].items()}


def test_every_pod_is_asked_for_its_metrics_once() -> None:
    services = of_kind(overlay(PROMETHEUS), "Service")
    monitored = selected(monitor()["selector"]["matchLabels"], services)
    pods = {name: pod_of(it) for name, it in deployments(overlay(PROMETHEUS)).items()}
    asked = [pod for name in monitored for pod in selected(services[name]["spec"]["selector"], pods)]
    assert sorted(asked) == sorted(pods)
    [endpoint] = monitor()["endpoints"]
    assert endpoint["path"] == "/metrics"
    for name in monitored:
        assert endpoint["port"] in {port["name"] for port in services[name]["spec"]["ports"]}


def test_targets_are_of_one_job_and_say_which_service_and_which_role_they_are() -> None:
    services = of_kind(overlay(PROMETHEUS), "Service")
    monitored = selected(monitor()["selector"]["matchLabels"], services)
    job = {services[name]["metadata"]["labels"][monitor()["jobLabel"]] for name in monitored}
    assert job == {"baton"}
    found = [target_labels(pod_of(it)) for it in deployments(overlay(PROMETHEUS)).values()]
    assert sorted(found, key=str) == sorted(
        ({"service": service, "role": role} for service in SERVICES for role in ROLES), key=str
    )


def test_the_rules_that_are_made_are_in_the_cluster_too() -> None:
    [rules] = of_kind(overlay(PROMETHEUS), "PrometheusRule").values()
    made = yaml.safe_load((ROOT / CLUSTER).read_text())
    assert rules["spec"] == made["spec"]
