"""Baton as its users start it: `baton up` in a process of its own, asked over HTTP."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import httpx

from baton.tokens import signing_key
from shared.service.actor import Actor, Role
from shared.service.tokens.own import token
from tests.ports import free_ports
from tests.waiting import until

ROOT: Final = Path(__file__).parent.parent
START_WITHIN: Final = 60.0
SERVICES: Final = ("performance", "customers", "orders", "coordination")

SIGNED_IN_BEFORE: Final = timedelta(hours=2)
"""As people did: to a clock that is set back by an hour, their tokens are not of the future."""


@dataclass
class House:
    """A Baton: where it keeps its data, its first port, and the `baton up` that runs it."""

    data: Path
    port: int
    options: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> Path:
        """What `baton up` says."""
        return self.data.parent / f"{self.data.name}-up.log"

    async def start(self) -> None:
        """Every service is ready when it returns."""
        given = ("--data", str(self.data), "--port", str(self.port), *self.options)
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "baton", "up", *given),
                env={**os.environ, **self.environment}, cwd=ROOT, stdout=log, stderr=log,
            )  # fmt: skip
        await until_ready(self)

    async def stop(self) -> None:
        if self.process is not None:
            if self.process.returncode is None:
                self.process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(self.process.wait(), 30)

    async def kill(self) -> None:
        """As when the power fails: at once, with all that it runs."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.port + SERVICES.index(service)}"

    def token(self, role: Role, department: str | None = None) -> str:
        actor = Actor(id=f"test-{role}", role=role, department=department)
        key, then = signing_key(self.data, environment={}), datetime.now(UTC) - SIGNED_IN_BEFORE
        return token(actor, secret=key, valid_for=timedelta(days=1), now=then)

    def client(self, role: Role = "manager") -> httpx.AsyncClient:
        """Asks any service: give whole addresses (``house.url("orders") + "/orders"``)."""
        return httpx.AsyncClient(headers={"Authorization": f"Bearer {self.token(role)}"}, timeout=30)

    def store(self, service: str) -> Path:
        """The file that its events are kept in."""
        elsewhere = self.environment.get("EVENTSTORE_URL", "").removeprefix("sqlite:///")
        return Path(elsewhere.format(service=service)) if elsewhere else self.data / service / "events.db"

    def pid(self, program: str) -> int:
        """The process that runs a service now, or the embedded broker (``kafka``)."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and self._runs(entry, program):
                return int(entry.name)
        raise LookupError(f"no process runs {program}")

    def said(self, words: bytes) -> int:
        """How often the services have said so in their logs."""
        return sum((self.data / "logs" / f"{service}.log").read_bytes().count(words) for service in SERVICES)

    def _runs(self, entry: Path, program: str) -> bool:
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            return False
        if program == "kafka":
            return any(argument.startswith(str(self.data / "kafka").encode()) for argument in command)
        port = self.port + SERVICES.index(program)
        return f"services.{program}".encode() in command and f"PORT={port}".encode() in environment


@asynccontextmanager
async def house(
    data: Path, *options: str, port: int | None = None, environment: Mapping[str, str] | None = None
) -> AsyncIterator[House]:
    """`baton up` until the block ends; every service is ready inside it."""
    it = House(data, port or free_ports(11), options, environment or {})
    try:
        await it.start()
        yield it
    finally:
        await it.stop()


async def until_ready(it: House) -> None:
    async with httpx.AsyncClient() as client:

        async def ready(service: str) -> bool:
            if it.process is None or it.process.returncode is not None:
                raise RuntimeError("baton up ended: " + it.log.read_text())
            try:
                return (await client.get(it.url(service) + "/health/ready")).status_code == 200
            except httpx.TransportError:
                return False

        for service in SERVICES:
            await until(partial(ready, service), within=START_WITHIN, what=f"{service} is ready")
