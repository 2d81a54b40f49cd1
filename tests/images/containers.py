"""Services in containers as compose runs them, but on this machine's network and ports of their own."""

import json
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests import compose
from tests.images.engine import attempt, docker


@dataclass(frozen=True)
class Container:
    id: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(docker("inspect", "--format", "{{json .State}}", self.id))
        return found

    def healthy(self) -> bool:
        """What the engine says."""
        return bool(self.state()["Health"]["Status"] == "healthy")

    def runs(self, *command: str) -> str:
        """What it prints in the container."""
        return docker("exec", self.id, *command)

    def said(self) -> str:
        logs = attempt("logs", self.id)
        return logs.stdout + logs.stderr

    def stop(self, *, seconds: int) -> int:
        """SIGTERM, and SIGKILL after so many seconds; its exit code."""
        docker("stop", "--time", str(seconds), self.id)
        code: int = self.state()["ExitCode"]
        return code

    def start(self) -> None:
        docker("start", self.id)


def grace(service: str) -> int:
    return int(compose.SERVICES[service]["stop_grace_period"].removesuffix("s"))


def as_compose_says(service: str) -> list[str]:
    """What compose allows a container of this service, and how it asks for its health."""
    told = compose.SERVICES[service]
    check = told["healthcheck"]
    return [
        *(["--read-only"] if told["read_only"] else []),
        *(f"--tmpfs={path}" for path in told["tmpfs"]),
        *(f"--cap-drop={capability}" for capability in told["cap_drop"]),
        *(f"--security-opt={option}" for option in told["security_opt"]),
        f"--health-cmd={shlex.join(check['test'][1:])}",
        f"--health-interval={check['interval']}",
        f"--health-retries={check['retries']}",
    ]


@contextmanager
def container(
    image: str, service: str, environment: Mapping[str, str], *, port: int, volume: str | None = None
) -> Iterator[Container]:
    """A running container; gone with its volumes when the block ends."""
    given = {**environment, "HOST": "127.0.0.1", "PORT": str(port)}
    made = docker(
        "create",
        "--network=host",
        *as_compose_says(service),
        *(f"--env={name}={value}" for name, value in given.items()),
        *([f"--volume={volume}:/data"] if volume else []),
        image,
    ).strip()
    it = Container(made, port)
    try:
        it.start()
        yield it
    finally:
        print(f"{service} said: {it.said()[-3000:]}")  # noqa: T201 - pytest shows it when the test fails
        docker("rm", "--force", "--volumes", made)
        if volume:
            docker("volume", "rm", volume)
