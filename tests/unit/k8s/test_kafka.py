"""Topics, rights and scaling in the cluster are what the code uses: what is expected is asked of the code."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import pytest
import yaml

from services.coordination import lists as coordination
from services.coordination import reactions as of_coordination
from services.coordination.webhooks.reading import TOPICS as TOLD_BY_WEBHOOKS
from services.customers import lists as customers
from services.orders import lists as orders
from services.orders import reactions as of_orders
from services.performance import lists as performance
from shared.events.catalogue import SERVICES, topic
from shared.kafka.settings import KafkaSettings
from shared.kafka.topics import FOR_EVER, PARTITIONS, parked_topic
from shared.projections.projection import Folds
from shared.service.reactions import Reaction
from tests.certificates import certificate_of
from tests.service_app import SECRET
from tests.unit.k8s.built import K8S, ROLES, Thing, built, component, container, deployments, of_kind, overlay

FOLDS: Final[Mapping[str, Callable[[], Folds]]] = {
    "customers": customers.folds,
    "orders": orders.folds,
    "performance": lambda: performance.folds(ZoneInfo("Asia/Shanghai")),
    "coordination": coordination.folds,
}
UNUSED: Final = cast("Any", None)
"""In place of what would carry a reaction out: here it is asked only what it reacts to."""
REACTIONS: Final[Mapping[str, list[Reaction]]] = {
    "orders": of_orders.to_others(UNUSED, UNUSED),
    "coordination": of_coordination.to_others(UNUSED),
}
every_service = pytest.mark.parametrize("service", SERVICES)


def followed(service: str) -> set[str]:
    """The topics that a service's group reads: what its folds and reactions want of the others."""
    folded = [event for fold in FOLDS[service]().others for event in fold.events]
    return {topic(event.service) for event in [*folded, *(r.to for r in REACTIONS.get(service, []))]}


def test_the_topics_are_those_that_the_code_would_make_and_safer() -> None:
    found = of_kind(overlay("prod"), "KafkaTopic")
    made = dict.fromkeys(map(topic, SERVICES), PARTITIONS) | dict.fromkeys(map(parked_topic, SERVICES), 1)
    assert {name: it["spec"]["partitions"] for name, it in found.items()} == made
    for it in found.values():
        config = {name: str(value) for name, value in it["spec"]["config"].items()}
        assert config == FOR_EVER | {"min.insync.replicas": "2"}
        assert it["spec"]["replicas"] > int(config["min.insync.replicas"])


def test_production_makes_topics_itself_as_safe_as_the_operator_does() -> None:
    [settings] = of_kind(overlay("prod"), "ConfigMap").values()
    replicas = {it["spec"]["replicas"] for it in of_kind(overlay("prod"), "KafkaTopic").values()}
    assert replicas == {int(settings["data"]["KAFKA_REPLICATION"])}


def test_topics_and_users_belong_to_the_cluster_whose_servers_are_asked() -> None:
    [settings] = of_kind(overlay("prod"), "ConfigMap").values()
    things = [*of_kind(overlay("prod"), "KafkaTopic").values(), *component("kafka-users")]
    [(cluster, namespace)] = {
        (it["metadata"]["labels"]["strimzi.io/cluster"], it["metadata"]["namespace"]) for it in things
    }
    server = f"{cluster}-kafka-bootstrap.{namespace}.svc:9092"
    assert settings["data"]["KAFKA_BOOTSTRAP_SERVERS"] == server


@every_service
def test_a_user_may_do_what_its_service_does_and_nothing_else(service: str) -> None:
    user = of_kind(component("kafka-users"), "KafkaUser")[f"baton-{service}"]
    assert user["spec"]["authorization"]["type"] == "simple"
    may = {
        (rule["resource"]["type"], rule["resource"]["name"], operation)
        for rule in user["spec"]["authorization"]["acls"]
        for operation in rule["operations"]
    }
    read = followed(service) | (set(TOLD_BY_WEBHOOKS) if service == "coordination" else set())
    own = topic(service)  # whose end is the relay's checkpoint
    assert may == {
        ("topic", own, "Read"),
        ("topic", own, "Write"),
        ("topic", parked_topic(service), "Write"),
        ("group", f"baton.{service}", "Read"),
        *(("topic", name, "Read") for name in read),
    }
    assert all("patternType" not in it["resource"] for it in user["spec"]["authorization"]["acls"])


def signing_in(folder: Path) -> Sequence[Thing]:
    """Production with the component ``kafka-users``, put together in a folder."""
    of = {
        kind: os.path.relpath(K8S / kind, folder.resolve())
        for kind in ("overlays/prod", "components/kafka-users")
    }
    (folder / "kustomization.yaml").write_text(
        yaml.safe_dump({"resources": [of["overlays/prod"]], "components": [of["components/kafka-users"]]})
    )
    return built(folder)


@every_service
def test_services_sign_in_as_their_users_over_tls(
    service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.crt").write_bytes(certificate_of("strimzi").certificate)
    for role in ROLES:
        process = container(deployments(signing_in(tmp_path))[f"{service}-{role}"])
        told = {it["name"]: it for it in process["env"] if it["name"].startswith("KAFKA_")}
        [mount] = [it for it in process["volumeMounts"] if it["name"] == "kafka-ca"]
        assert told["KAFKA_SSL_CAFILE"]["value"] == f"{mount['mountPath']}/ca.crt"
        secret = told["KAFKA_SASL_PASSWORD"]["valueFrom"]["secretKeyRef"]
        assert secret == {"name": f"baton-{service}", "key": "password"}
        monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", told["KAFKA_SECURITY_PROTOCOL"]["value"])
        monkeypatch.setenv("KAFKA_SASL_USERNAME", told["KAFKA_SASL_USERNAME"]["value"])
        monkeypatch.setenv("KAFKA_SASL_PASSWORD", SECRET)
        monkeypatch.setenv("KAFKA_SSL_CAFILE", str(tmp_path / "ca.crt"))
        brokers = KafkaSettings().brokers()
        assert (brokers.user, brokers.signs_in) == (secret["name"], True)
        assert brokers.tls() is not None


@every_service
def test_streams_are_scaled_by_what_is_still_to_come_within_the_partitions(service: str) -> None:
    things = overlay("prod")
    spec = of_kind(things, "ScaledObject")[f"{service}-stream"]["spec"]
    assert spec["scaleTargetRef"] == {"name": f"{service}-stream"}
    assert spec["scaleTargetRef"]["name"] in deployments(things)
    assert 2 <= spec["minReplicaCount"] <= spec["maxReplicaCount"] <= PARTITIONS
    assert {trigger["type"] for trigger in spec["triggers"]} == {"kafka"}
    asked = [trigger["metadata"] for trigger in spec["triggers"]]
    assert {it["topic"] for it in asked} == followed(service)
    for it in asked:
        assert it["consumerGroup"] == f"baton.{service}"
        assert it["bootstrapServersFromEnv"] == "KAFKA_BOOTSTRAP_SERVERS"
        assert it["offsetResetPolicy"] == "earliest", "as the stream begins where it has no checkpoint"


def test_only_the_services_streams_are_scaled() -> None:
    assert of_kind(overlay("prod"), "ScaledObject").keys() == {f"{service}-stream" for service in SERVICES}
    assert not of_kind(overlay("dev"), "ScaledObject")
