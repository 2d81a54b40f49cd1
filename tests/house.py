"""Baton as its users start it: `baton up` in a process of its own, asked over HTTP."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import httpx

from baton.tokens import signed, signing_key
from shared.service.actor import Actor, Role
from tests.ports import free_ports
from tests.waiting import until

ROOT: Final = Path(__file__).parent.parent
START_WITHIN: Final = 60.0
SERVICES: Final = ("performance", "customers", "orders", "coordination")


@dataclass(frozen=True)
class House:
    """A running Baton: where it keeps its data, and its first port."""

    data: Path
    port: int
    process: asyncio.subprocess.Process

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.port + SERVICES.index(service)}"

    def token(self, role: Role, department: str | None = None) -> str:
        actor = Actor(id=f"test-{role}", role=role, department=department)
        return signed(signing_key(self.data, environment={}), actor, days=1)

    def client(self, role: Role = "manager") -> httpx.AsyncClient:
        """Asks any service: give whole addresses (``house.url("orders") + "/orders"``)."""
        return httpx.AsyncClient(headers={"Authorization": f"Bearer {self.token(role)}"}, timeout=30)

    def pid(self, program: str) -> int:
        """The process that runs a service now, or the embedded broker (``kafka``)."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and self._runs(entry, program):
                return int(entry.name)
        raise LookupError(f"no process runs {program}")

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
async def house(data: Path, *options: str, port: int | None = None) -> AsyncIterator[House]:
    """`baton up` until the block ends; every service is ready inside it."""
    port = port or free_ports(11)
    log = (data.parent / f"{data.name}-up.log").open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "baton", "up", "--data", str(data), "--port", str(port), *options,
        cwd=ROOT, stdout=log, stderr=log,
    )  # fmt: skip
    it = House(data, port, process)
    try:
        await until_ready(it)
        yield it
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 30)
        log.close()


async def until_ready(it: House) -> None:
    async with httpx.AsyncClient() as client:

        async def ready(service: str) -> bool:
            if it.process.returncode is not None:
                raise RuntimeError(
                    "baton up ended: " + (it.data.parent / f"{it.data.name}-up.log").read_text()
                )
            try:
                return (await client.get(it.url(service) + "/health/ready")).status_code == 200
            except httpx.TransportError:
                return False

        for service in SERVICES:
            await until(partial(ready, service), within=START_WITHIN, what=f"{service} is ready")
