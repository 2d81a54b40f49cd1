"""The programs of one machine: the broker, the four services, the simulated company; with their settings."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote

import aiohttp

from baton import broker, places
from baton.apache_kafka import node
from baton.places import HOST
from baton.processes import Program
from shared.events.catalogue import SERVICES
from shared.kafka.brokers import Brokers

Broker = Literal["embedded", "apache"]
OFFSETS: Final = {"performance": 0, "customers": 1, "orders": 2, "coordination": 3}
BROKER_OFFSET: Final = 10
REPOSITORY: Final = Path(__file__).parents[1]
OK: Final = 200


@dataclass(frozen=True)
class Machine:
    """Where everything runs; ``data`` is an absolute path."""

    data: Path
    port: int
    kafka: str
    keys: Mapping[str, str]
    environment: Mapping[str, str]

    def ports(self) -> dict[str, int]:
        return ports(self.port)

    def url(self, service: str) -> str:
        return f"http://{HOST}:{self.ports()[service]}"

    def wallboard(self) -> Path | None:
        built = REPOSITORY / "wallboard" / "dist"
        return built if (built / "index.html").exists() else None

    def log(self, name: str) -> Path:
        return self.data / "logs" / f"{name}.log"

    def settings(self, service: str) -> dict[str, str]:
        """The environment of one service; an address that is set already stays."""
        urls = {f"{name.upper()}_URL": self.url(name) for name in SERVICES}
        files = {"WALLBOARD_DIR": str(built)} if (built := self.wallboard()) else {}
        return {
            "EVENTSTORE_URL": f"sqlite:///{quote(str(self.data))}/{{service}}/events.db",
            "DATABASE_URL": f"sqlite:///{self.data}/{{service}}/read.db",
            "KEYS_URL": f"sqlite:///{self.data}/{{service}}/keys.db",
            "LOG_FORMAT": "console",
            "NO_COLOR": "1",
            "WALLBOARD_TOKEN": "true",
            **files,
            **self.environment,
            **urls,
            **self.keys,
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "KAFKA_INSTANCE_ID": f"{service}-0",  # so that a killed service takes its own place again at once
            "PORT": str(self.ports()[service]),
            "PYTHONUNBUFFERED": "1",
        }


def ports(first: int) -> dict[str, int]:
    return {name: first + offset for name, offset in OFFSETS.items()}


def service(machine: Machine, name: str, asking: aiohttp.ClientSession) -> Program:
    ready = partial(_answers_ok, asking, f"{machine.url(name)}/health/ready")
    argv = (sys.executable, "-m", f"services.{name}")
    return Program(name, argv, machine.log(name), machine.settings(name), ready)


def own_broker(machine: Machine, kind: Broker) -> Program:
    """Raises ``broker.NoBroker`` when it is not installed and cannot be fetched."""
    data, port = machine.data / "kafka", int(machine.kafka.rpartition(":")[2])
    if kind == "apache":
        argv = node.argv(data / "apache", port=port, controller=places.broker_port(port + 1))
    else:
        argv = broker.argv(data, port=port)
    ready = partial(broker.answers, Brokers(machine.kafka))
    return Program("kafka", argv, machine.log("kafka"), machine.environment, ready)


def demo(machine: Machine) -> Program:
    async def ready() -> bool:
        return True

    argv = (
        *(sys.executable, "-m", "baton", "demo"),
        *("--to", machine.url("performance"), "--data", str(machine.data)),
    )
    return Program("demo", argv, machine.log("demo"), {**machine.environment, "NO_COLOR": "1"}, ready)


async def _answers_ok(asking: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with asking.get(url) as answer:
            return answer.status == OK
    except (aiohttp.ClientError, TimeoutError):
        return False
