"""The image of a service: small rights, no tools, and signals and health checks that arrive."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest

from shared.events.catalogue import SERVICES
from shared.service.settings import Settings

DOCKERFILE: Final = re.sub(r"\\\n\s*", "", (Path(__file__).parents[2] / "Dockerfile").read_text())


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
def test_the_image_can_be_built_for(service: str) -> None:
    assert re.search(rf"^FROM service AS service-{service}$", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_image_is_healthy_when_the_service_lives(*, status: int, healthy: bool) -> None:
    check = json.loads(instruction("HEALTHCHECK").partition("CMD ")[2])
    assert check[0] == "python"
    with answering(status) as port:
        run = subprocess.run(
            [sys.executable, *check[1:]],
            env={"PORT": str(port)},
            capture_output=True,
            timeout=30,
            check=False,
        )
    assert (run.returncode == 0) is healthy


def test_the_image_hands_its_arguments_and_signals_to_the_service(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho $$ "$@"\n')
    python.chmod(0o755)
    given = {"PATH": f"{tmp_path}:/usr/bin:/bin", "BATON_SERVICE": "orders"}
    entry = [*json.loads(instruction("ENTRYPOINT")), "one", "two words"]
    with subprocess.Popen(entry, env=given, stdout=subprocess.PIPE, text=True) as started:
        said, _ = started.communicate(timeout=30)
    assert said.split(maxsplit=1) == [str(started.pid), "-m services.orders one two words\n"]


def test_the_image_sets_only_what_is_known() -> None:
    said = "\n".join(re.findall(r"^ENV .*$", DOCKERFILE, re.MULTILINE))
    sets = {name for name in re.findall(r"\b([A-Z_]+)=", said) if not name.startswith(("UV_", "PYTHON"))}
    settings = {name.upper() for name in Settings.model_fields}
    assert sets - settings == {"PATH", "APP_DATADIR", "BATON_SERVICE"}
