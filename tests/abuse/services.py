"""The services as processes of their own, as `serve.py` runs them, with no broker beside them."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx

from baton.places import HOST
from shared.service.actor import Actor, Role
from shared.service.tokens.own import token
from tests.ended import ended
from tests.ports import free_ports
from tests.waiting import until

ROOT: Final = Path(__file__).parents[2]
SECRET: Final = "a secret that only these tests know, long enough"  # noqa: S105 - signs nothing outside the tests
START_WITHIN: Final = 120.0


@dataclass(frozen=True)
class Running:
    """A running service, and where its log is."""

    name: str
    port: int
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def client(self, role: Role = "manager") -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {signed(role)}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30)

    async def metric(self, name: str, **labels: str) -> float:
        series = name + ("{" + ",".join(f'{k}="{v}"' for k, v in labels.items()) + "}" if labels else "")
        async with httpx.AsyncClient() as client:
            page = (await client.get(self.url + "/metrics")).text
        return float(next(line for line in page.splitlines() if line.startswith(f"{series} ")).split()[-1])

    def rss_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    async def answers(self) -> bool:
        try:
            async with httpx.AsyncClient(timeout=2) as client:
                return (await client.get(self.url + "/health/live")).is_success
        except httpx.TransportError:
            return False


def signed(role: Role, *, valid_for: timedelta = timedelta(hours=1), secret: str = SECRET) -> str:
    return token(Actor(id=f"test-{role}", role=role), secret=secret, valid_for=valid_for)


@contextmanager
def running(folder: Path, name: str, settings: Mapping[str, str]) -> Iterator[Running]:
    """The service until the block ends; whether it answers already is another question."""
    port, log = free_ports(1), folder / f"{name}.log"
    environment = {
        "EVENTSTORE_URL": f"sqlite:///{folder}/{{service}}/events.db",
        "DATABASE_URL": f"sqlite:///{folder}/{{service}}/read.db",
        "KEYS_URL": f"sqlite:///{folder}/{{service}}/keys.db",
        "KAFKA_BOOTSTRAP_SERVERS": f"{HOST}:1",
        "TOKEN_SECRET": SECRET,
        "MASTER_KEY": SECRET,
        "WALLBOARD_DIR": str(ROOT / "wallboard" / "dist"),
        "PORT": str(port),
        **settings,
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", f"services.{name}"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
        with ended(process):
            yield Running(name, port, log, process)


async def until_answering(*services: Running) -> None:
    for service in services:
        await until(service.answers, within=START_WITHIN, what=f"{service.name} answers")
