"""The image of a service: small rights, no tools, and signals and health checks that arrive."""

import json
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest

from shared.events.catalogue import SERVICES
from shared.service.healthy import ask
from shared.service.settings import Settings

ROOT: Final = Path(__file__).parents[2]
DOCKERFILE: Final = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())


def instruction(name: str) -> str:
    """What the final stage says last under this name."""
    final = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    said: list[str] = re.findall(rf"^{name} (.*)$", final, re.MULTILINE)
    return said[-1]


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server that answers ``/health/live`` with this status, and others with 404; gives its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health/live" else 404)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            serving.join()


def test_the_image_does_not_run_as_root() -> None:
    assert instruction("USER") == "10001:10001"


def test_no_image_has_the_embedded_broker_or_the_tools_of_development() -> None:
    synced = re.findall(r"uv sync .*$", DOCKERFILE, re.MULTILINE)
    assert synced
    assert all("--frozen" in sync and "--no-dev" in sync and "extra" not in sync for sync in synced)


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_runs_its_service_itself_so_that_signals_reach_it(service: str) -> None:
    stage = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)
    [mine] = [lines for lines in stage if re.match(rf"\S+ AS service-{service}$", lines, re.MULTILINE)]
    assert json.loads(re.findall(r"^CMD (.*)$", mine, re.MULTILINE)[0]) == [
        "python",
        "-m",
        f"services.{service}",
    ]
    assert "ENTRYPOINT" not in DOCKERFILE  # so that a job is started by naming it


@pytest.mark.parametrize(
    ("status", "asked", "healthy"),
    [(200, [], True), (503, [], False), (200, ["/health/live"], True), (200, ["/health/ready"], False)],
)
def test_the_image_is_healthy_when_the_service_says_so(
    *, status: int, asked: list[str], healthy: bool
) -> None:
    check = json.loads(instruction("HEALTHCHECK").partition("CMD ")[2])
    assert check[0] == "python"
    with answering(status) as port:
        run = subprocess.run(
            [sys.executable, *check[1:], *asked],
            env={"PORT": str(port)},
            cwd=ROOT,
            capture_output=True,
            timeout=30,
            check=False,
        )
    assert (run.returncode == 0) is healthy
    assert healthy or b"/health/" in run.stderr


def test_the_image_is_not_healthy_when_nobody_answers() -> None:
    with answering(200) as port:
        pass
    assert ask("/health/live", port=port).startswith(f"nobody answers on port {port}")


def test_the_image_sets_only_what_is_known() -> None:
    said = "\n".join(re.findall(r"^ENV .*$", DOCKERFILE, re.MULTILINE))
    sets = {name for name in re.findall(r"\b([A-Z_]+)=", said) if not name.startswith(("UV_", "PYTHON"))}
    settings = {name.upper() for name in Settings.model_fields}
    assert sets - settings == {"PATH", "APP_DATADIR"}


def test_the_image_says_which_version_it_is() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f'org.opencontainers.image.version="{project["version"]}"' in DOCKERFILE
    assert f'org.opencontainers.image.licenses="{project["license"]}"' in DOCKERFILE


def test_every_base_image_is_pinned_to_a_patch() -> None:
    bases = re.findall(r"^ARG \w+_IMAGE=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert all(re.search(r":\d+\.\d+\.\d+", base) for base in bases)
