"""What is in the images, and what is not."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from shared.events.catalogue import SERVICES
from tests import compose
from tests.images.engine import attempt, docker, size

every_service = pytest.mark.parametrize("service", SERVICES)
LARGEST: Mapping[str, int] = {"performance": 620, "customers": 400, "orders": 400, "coordination": 400}
"""Megabytes."""
TOOLS = ("cc", "gcc", "g++", "clang", "ld", "make", "pip", "pip3", "uv", "node", "npm", "curl", "wget", "git")


def python(image: str, code: str) -> Any:
    """What the code prints in a container that may write nothing, as JSON."""
    return json.loads(docker("run", "--rm", "--network=none", "--read-only", image, "python", "-c", code))


@every_service
def test_it_is_small(images: Mapping[str, str], service: str, capsys: pytest.CaptureFixture[str]) -> None:
    megabytes = size(images[service]) / 1e6
    with capsys.disabled():
        print(f"\nbaton-{service}: {megabytes:.0f} MB")  # noqa: T201 - who runs this wants to know
    assert megabytes < LARGEST[service]


@every_service
def test_it_runs_as_nobody_and_has_no_tools(images: Mapping[str, str], service: str) -> None:
    code = f"import json,os,shutil; print(json.dumps([os.getuid(), list(filter(shutil.which, {TOOLS}))]))"
    assert python(images[service], code) == [10001, []]


@every_service
def test_it_has_what_runs_and_nothing_for_development(images: Mapping[str, str], service: str) -> None:
    wanted = ("services", "shared", "baton", "pandas", "noida_db", "pytest", "tests", "pip", "uv", "mypy")
    find = "import json; from importlib.util import find_spec"
    code = f"{find}; print(json.dumps([name for name in {wanted} if find_spec(name)]))"
    forecasts = ["pandas"] if service == "performance" else []
    assert python(images[service], code) == ["services", "shared", "baton", *forecasts]


def test_performance_can_forecast(images: Mapping[str, str]) -> None:
    python(images["performance"], "import services.performance.forecast.ets; print(1)")


@every_service
def test_it_says_what_it_is(images: Mapping[str, str], service: str) -> None:
    told = json.loads(docker("image", "inspect", "--format", "{{json .Config}}", images[service]))
    assert told["Labels"]["org.opencontainers.image.title"] == f"baton-{service}"
    assert (told["User"], told["StopSignal"]) == ("10001:10001", "SIGTERM")
    assert told["Healthcheck"]["Test"][0] == "CMD"


@every_service
def test_what_is_wrong_with_a_setting_is_said_and_it_does_not_start(
    images: Mapping[str, str], service: str
) -> None:
    run = attempt("run", "--rm", "--env=TOKEN_SECRET=short", images[service])
    assert run.returncode == 1
    assert "TOKEN_SECRET" in run.stderr
    assert "MASTER_KEY" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_command_line_runs_from_any_of_them(images: Mapping[str, str]) -> None:
    key = f"--env=TOKEN_SECRET={compose.environment('orders')['TOKEN_SECRET']}"
    run = ("run", "--rm", "--network=none", "--read-only", key, images["orders"], "baton")
    assert docker(*run, "token", "--role", "manager").count(".") == 2
    assert "order-opened.v1" in docker(*run, "events")
    nobody = attempt(*run, "verify", "--to", "http://127.0.0.1:1")
    assert nobody.returncode == 1
    assert "http://127.0.0.1:1" in nobody.stderr
