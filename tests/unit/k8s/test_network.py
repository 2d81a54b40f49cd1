"""The whole table of who may reach whom: what is not in it is refused."""

from collections.abc import Sequence
from itertools import product
from typing import Final

from shared.events.catalogue import SERVICES
from tests.unit.k8s.built import (
    DATABASES,
    ROLES,
    Thing,
    built,
    container,
    every_overlay,
    of_kind,
    overlay,
    pods,
)
from tests.unit.k8s.reaching import Network, Pod

HTTP: Final = 8080
OUTSIDE: Final = {
    "browser's proxy": Pod("ingress"),
    "prometheus, collector": Pod("monitoring"),
    "kafka": Pod("kafka"),
    "kurrentdb": Pod("kurrentdb"),
    "postgresql": Pod("postgresql"),
    "names": Pod("kube-system", {"k8s-app": "kube-dns"}),
    "another's pod": Pod("elsewhere", {"app.kubernetes.io/component": "api"}),
    "internet": Pod(address="93.184.215.14"),
    "internet, IPv6": Pod(address="2606:2800:21f:cb07::1"),
    "cluster's API": Pod(address="10.96.0.1"),
    "cloud's secrets": Pod(address="169.254.169.254"),
    "cloud's secrets, IPv6": Pod(address="fd00:ec2::254"),
}
PORTS: Final = (80, 443, HTTP, 9092, 2113, 5432, 4318)
EVERY_ROLE: Final = [f"{service}-{role}" for service in SERVICES for role in ROLES]

Reached = set[tuple[str, str, int]]


def ours(things: Sequence[Thing]) -> dict[str, Pod]:
    return {
        name: Pod("baton", it["metadata"]["labels"], named_ports(it)) for name, it in pods(things).items()
    }


def named_ports(pod: Thing) -> dict[str, int]:
    return {port["name"]: port["containerPort"] for port in container(pod).get("ports", [])}


def expected() -> Reached:
    return {
        *(("browser's proxy", f"{service}-api", HTTP) for service in SERVICES),
        *(("prometheus, collector", pod, HTTP) for pod in EVERY_ROLE),
        *((pod, "prometheus, collector", 4318) for pod in EVERY_ROLE),
        *((pod, "kurrentdb", 2113) for pod in EVERY_ROLE),
        *((pod, "postgresql", 5432) for pod in EVERY_ROLE),
        *((pod, "kafka", 9092) for pod in EVERY_ROLE),
        *((f"{one}-rebuild", f"{other}-stream", HTTP) for one, other in product(SERVICES, SERVICES)),
        *(
            (f"coordination-{role}", internet, port)
            for role, internet, port in product(("api", "stream"), ("internet", "internet, IPv6"), PORTS)
        ),
    }


@every_overlay
def test_whoever_is_reached_is_meant_to_be(name: str) -> None:
    things = overlay(name)
    network = Network("baton", list(of_kind(things, "NetworkPolicy").values()))
    mine = ours(things)
    mine["what is added one day"] = Pod("baton", {"app.kubernetes.io/part-of": "baton"})
    everybody = mine | OUTSIDE
    reached = {
        (source, target, port)
        for source, target, port in product(everybody, everybody, PORTS)
        if (source in mine or target in mine) and network.lets(everybody[source], everybody[target], port)
    }
    assert reached - expected() == set()
    assert expected() - reached == set()


@every_overlay
def test_every_pod_can_look_up_names(name: str) -> None:
    things = overlay(name)
    network = Network("baton", list(of_kind(things, "NetworkPolicy").values()))
    for pod in ours(things).values():
        for protocol in ("UDP", "TCP"):
            assert network.lets(pod, OUTSIDE["names"], 53, protocol=protocol)
        assert not network.lets(pod, OUTSIDE["another's pod"], 53, protocol="UDP")


def test_the_databases_are_made_by_who_reaches_nothing_else() -> None:
    job = built(DATABASES)
    policies = {**of_kind(overlay("prod"), "NetworkPolicy"), **of_kind(job, "NetworkPolicy")}
    network = Network("baton", list(policies.values()))
    [maker] = ours(job).values()
    reached = {
        (name, port) for name, port in product(OUTSIDE, PORTS) if network.lets(maker, OUTSIDE[name], port)
    }
    assert reached == {("postgresql", 5432)}
