"""Services as a cluster runs them: processes for each role, and a balancer before those that answer.

Read models are in a real PostgreSQL, events go over Apache Kafka, the balancer is HAProxy. The store is a
fake: KurrentDB's protocol over a list in memory (``kurrent_protocol.py``), which dies with the test.
"""

import asyncio
import csv
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from shared.events.catalogue import SERVICES
from shared.service.actor import Actor, Role
from shared.service.tokens.own import token
from tests.brokers import chosen, local_broker
from tests.contract.kurrent_protocol import KurrentProtocol
from tests.ended import ended
from tests.ports import free_ports
from tests.waiting import until

ROOT: Final = Path(__file__).parent.parent
SECRET: Final = "a secret that only this test's cluster knows"  # noqa: S105 - signs nothing outside the tests
READY_WITHIN: Final = 90.0
STOP_WITHIN: Final = 30.0
"""What a service promises of a stop."""

BALANCER: Final = """
defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    timeout check 5s
    option redispatch
    retry-on conn-failure
"""
"""Nothing but a connection that was not made is tried again: what was sent once is not sent twice. A process
that takes its time to say how it is, on a busy machine, is not taken for one that is down."""


@dataclass
class Replica:
    """One process of a service."""

    service: str
    roles: str
    port: int
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", f"services.{self.service}"],
                env={**os.environ, **self.environment, "ROLES": self.roles, "PORT": str(self.port)},
                cwd=ROOT, stdout=output, stderr=output,
            )  # fmt: skip

    async def stop(self) -> int:
        """As a cluster does; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, STOP_WITHIN)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It does nothing, and nobody is told."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def balanced(self) -> bool:
        return "api" in self.roles

    async def ready(self, asking: httpx.AsyncClient) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"{self.service} ended: {self.log.read_text()[-2000:]}"
        try:
            return (await asking.get(f"{self.url}/health/ready")).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


@dataclass
class Cluster:
    """What runs, and the address of each service at its balancer."""

    broker: str
    replicas: list[Replica]
    balanced: dict[str, int]
    statistics: int
    """The port at which the balancer says to whom it sends."""
    asking: httpx.AsyncClient
    """Asks how they are. One for all: to make one holds up the loop, and with it the store."""

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.balanced[service]}"

    def of(self, service: str, roles: str | None = None) -> list[Replica]:
        """All of them, or those of these very roles."""
        return [it for it in self.replicas if it.service == service and roles in {it.roles, None}]

    def client(self, role: Role = "manager") -> httpx.AsyncClient:
        """Asks any service, as a system does that keeps its connections."""
        signed = token(Actor(id=f"test-{role}", role=role), secret=SECRET, valid_for=timedelta(hours=1))
        return httpx.AsyncClient(headers={"Authorization": f"Bearer {signed}"}, timeout=30)

    async def until_ready(self, *replicas: Replica) -> None:
        for it in replicas or self.replicas:
            await until(
                partial(it.ready, self.asking), within=READY_WITHIN, what=f"{it.service} {it.roles} is ready"
            )
            if it.balanced:
                await until(partial(self._sent_to, it), what=f"the balancer sends to {it.service} {it.port}")

    async def _sent_to(self, it: Replica) -> bool:
        """As an orchestrator does, which stops no process before those who send to it know of the last."""
        try:
            told = await self.asking.get(f"http://127.0.0.1:{self.statistics}/;csv")
        except httpx.TransportError:
            return False
        servers = csv.DictReader(told.text.splitlines())
        return any(one["svname"] == f"r{it.port}" and one["status"] == "UP" for one in servers)


@asynccontextmanager
async def cluster(
    folder: Path, wanted: Mapping[str, Sequence[str]], **settings: str
) -> AsyncIterator[Cluster]:
    """Processes by service and roles, as ``{"customers": ["api", "api", "stream,relay"]}``; all are ready."""
    if chosen() == "embedded":
        pytest.skip("a cluster has Apache Kafka: make test-kafka")
    server = _postgresql()
    if shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        pytest.skip("no balancer: apt-get install haproxy")
    run = uuid4().hex[:8]
    names = [f"{kind}_{run}_{service}" for kind in ("read", "keys") for service in SERVICES]
    with psycopg.connect(server, autocommit=True) as admin:
        for name in names:
            admin.execute(f"create database {name}")
    try:
        with local_broker(folder / "broker") as broker:
            await broker.start()
            async with KurrentProtocol() as store:
                environment = {
                    "EVENTSTORE_URL": store.url,
                    "DATABASE_URL": _of_each_service("read", run),
                    "KEYS_URL": _of_each_service("keys", run),
                    "KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap,
                    "TOKEN_SECRET": SECRET,
                    "MASTER_KEY": SECRET,
                    "LOG_FORMAT": "json",
                    **settings,
                }
                async with _started(folder, wanted, environment, broker.bootstrap) as it:
                    yield it
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            for name in names:
                admin.execute(f"drop database {name} with (force)")


@asynccontextmanager
async def _started(
    folder: Path, wanted: Mapping[str, Sequence[str]], environment: Mapping[str, str], broker: str
) -> AsyncIterator[Cluster]:
    count = sum(map(len, wanted.values()))
    port = free_ports(count + len(wanted) + 1)
    ports = iter(range(port, port + count + len(wanted) + 1))
    replicas = [
        Replica(service, roles, number, environment, folder / f"{service}-{number}.log")
        for service, several in wanted.items()
        for roles, number in zip(several, ports, strict=False)
    ]
    balanced = {service: next(ports) for service in wanted}
    try:
        for replica in replicas:
            replica.start()
        async with httpx.AsyncClient(timeout=2) as asking:
            it = Cluster(broker, replicas, balanced, next(ports), asking)
            with ended(_balancer(folder, it)):
                await it.until_ready()
                yield it
    finally:
        for replica in replicas:
            replica.kill()


def _balancer(folder: Path, it: Cluster) -> subprocess.Popen[bytes]:
    written = [BALANCER]
    written.append(
        f"listen statistics\n    bind 127.0.0.1:{it.statistics}\n    stats enable\n    stats uri /"
    )
    for service, port in it.balanced.items():
        written.append(f"listen {service}\n    bind 127.0.0.1:{port}\n    option httpchk GET /health/ready")
        written += [
            f"    server r{one.port} 127.0.0.1:{one.port} check inter 200ms fall 1 rise 1"
            for one in it.replicas
            if one.service == service and one.balanced
        ]
    configuration = folder / "haproxy.cfg"
    configuration.write_text("\n".join(written) + "\n")
    return subprocess.Popen(
        ["haproxy", "-db", "-f", str(configuration)], env={"PATH": f"{os.environ['PATH']}:/usr/sbin"}
    )


def _postgresql() -> str:
    url = os.environ.get("DATABASE_URL_TEST", "")
    if not url:
        pytest.skip("DATABASE_URL_TEST names no PostgreSQL database (postgresql+psycopg://…)")
    return url.replace("postgresql+psycopg", "postgresql")


def _of_each_service(kind: str, run: str) -> str:
    database = make_url(os.environ["DATABASE_URL_TEST"]).set(database=f"{kind}_{run}_")
    return database.render_as_string(hide_password=False) + "{service}"
