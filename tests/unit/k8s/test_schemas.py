"""Every manifest is what the schemas of its kind say: of Kubernetes itself, and of the operators."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Final

import jsonschema
import kubernetes_validate
import pytest

from tests.unit.k8s import strict
from tests.unit.k8s.built import DATABASES, Thing, built, component, of_kind, overlay

OLDEST: Final = "1.31"
"""Of the versions whose clusters should take it; the newest is the last one that the schemas know."""
CUSTOM: Final = frozenset({"KafkaTopic", "KafkaUser", "ScaledObject", "ServiceMonitor", "PrometheusRule"})


def everything() -> Sequence[Thing]:
    all_of_it = [
        *overlay("dev"),
        *overlay("prod"),
        *component("kafka-users"),
        *built(DATABASES),
    ]
    return list({repr(thing): thing for thing in all_of_it}.values())


@pytest.mark.parametrize("version", [OLDEST, kubernetes_validate.latest_version()])
def test_kubernetes_own_kinds_are_as_its_schemas_say(version: str) -> None:
    checked = set()
    for thing in everything():
        if thing["kind"] not in CUSTOM:
            kubernetes_validate.validate(thing, version, strict=True)
            checked.add(thing["kind"])
    assert checked >= {"Deployment", "Service", "NetworkPolicy", "PodDisruptionBudget", "Job"}


def test_operators_kinds_are_as_their_schemas_say() -> None:
    checked = set()
    for thing in everything():
        if thing["kind"] in CUSTOM:
            strict.check(thing)
            checked.add(thing["kind"])
    assert checked >= {"KafkaTopic", "KafkaUser", "ScaledObject", "ServiceMonitor"}


@pytest.mark.parametrize(
    ("kind", "name", "path", "wrong"),
    [
        ("Deployment", "orders-api", ("spec", "template", "spec", "tolerance"), []),
        ("NetworkPolicy", "every-role-uses-its-servers", ("spec", "egress", 0, "port"), 53),
    ],
)
def test_a_field_that_kubernetes_does_not_know_is_found(
    kind: str, name: str, path: Sequence[Any], wrong: Any
) -> None:
    thing = spoilt(of_kind(overlay("prod"), kind)[name], path, wrong)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(thing, kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize(
    ("kind", "path", "wrong"),
    [
        ("KafkaTopic", ("spec", "partition"), 12),
        ("KafkaTopic", ("spec", "partitions"), 0),
        ("ScaledObject", ("spec", "maxReplicas"), 12),
        ("ScaledObject", ("spec", "triggers", 0, "metadata", "lagThreshold"), 10_000),
        ("ServiceMonitor", ("spec", "endpoints", 0, "paths"), "/metrics"),
    ],
)
def test_a_field_that_an_operator_does_not_know_is_found(kind: str, path: Sequence[Any], wrong: Any) -> None:
    first = next(iter(of_kind(overlay("prod"), kind).values()))
    with pytest.raises(jsonschema.ValidationError):
        strict.check(spoilt(first, path, wrong))


def spoilt(thing: Thing, path: Sequence[Any], wrong: Any) -> Thing:
    copy = deepcopy(thing)
    *way, last = path
    place: Any = copy
    for step in way:
        place = place[step]
    place[last] = wrong
    return copy
