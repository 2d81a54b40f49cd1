"""Who may reach whom, by the NetworkPolicies of one namespace, as Kubernetes defines them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any, Literal

from tests.unit.k8s.built import Thing

Direction = Literal["Ingress", "Egress"]


@dataclass(frozen=True)
class Pod:
    """``ports`` are those that it names. Outside the cluster is what has an address alone."""

    namespace: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True)
class Network:
    """The policies of ``namespace``; the other namespaces have none."""

    namespace: str
    policies: Sequence[Thing]

    def lets(self, source: Pod, target: Pod, port: int, *, protocol: str = "TCP") -> bool:
        """Out of the one and into the other: either end can forbid it."""

        def among(peers: str, other: Pod, rules: Sequence[Thing]) -> bool:
            return any(
                self._is_one(rule.get(peers, []), other)
                and _is_port(rule.get("ports", []), target, port, protocol)
                for rule in rules
            )

        out, into = self._rules("Egress", source), self._rules("Ingress", target)
        return (out is None or among("to", target, out)) and (into is None or among("from", source, into))

    def _rules(self, direction: Direction, pod: Pod) -> Sequence[Thing] | None:
        """What the policies that select the pod let through; ``None`` where none does: then all."""
        bound = [
            policy["spec"]
            for policy in self.policies
            if pod.namespace == self.namespace
            and direction in policy["spec"]["policyTypes"]
            and _selects(policy["spec"]["podSelector"], pod.labels)
        ]
        return [rule for spec in bound for rule in spec.get(direction.lower(), [])] if bound else None

    def _is_one(self, peers: Sequence[Thing], pod: Pod) -> bool:
        return not peers or any(self._is(peer, pod) for peer in peers)

    def _is(self, peer: Thing, pod: Pod) -> bool:
        if "ipBlock" in peer:
            return bool(pod.address) and _within(peer["ipBlock"], pod.address)
        if not pod.namespace:
            return False
        if "namespaceSelector" in peer:
            if not _selects(peer["namespaceSelector"], {"kubernetes.io/metadata.name": pod.namespace}):
                return False
        elif pod.namespace != self.namespace:
            return False
        return _selects(peer.get("podSelector", {}), pod.labels)


def _selects(selector: Thing, labels: Mapping[str, str]) -> bool:
    return selector.get("matchLabels", {}).items() <= labels.items() and all(
        _expresses(expression, labels) for expression in selector.get("matchExpressions", [])
    )


def _expresses(expression: Thing, labels: Mapping[str, str]) -> bool:
    assert expression["operator"] == "In", "the only one that is used"
    return labels.get(expression["key"]) in expression["values"]


def _within(block: Thing, address: str) -> bool:
    it = ip_address(address)
    excepted: Sequence[Any] = block.get("except", [])
    return it in ip_network(block["cidr"]) and not any(it in ip_network(part) for part in excepted)


def _is_port(ports: Sequence[Thing], target: Pod, port: int, protocol: str) -> bool:
    return not ports or any(
        one.get("protocol", "TCP") == protocol
        and ("port" not in one or port == target.ports.get(one["port"], one["port"]))
        for one in ports
    )
