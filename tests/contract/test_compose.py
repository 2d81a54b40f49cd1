"""docker-compose.yml is what the Compose Specification says.

``compose-spec.json`` is its schema as of commit 170098b of github.com/compose-spec/compose-spec (June 2026):
The Compose Specification, Copyright 2020 The Compose Specification Authors, Apache-2.0.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft7Validator

ROOT: Final = Path(__file__).parents[2]
FILE: Final = ROOT / "docker-compose.yml"
SCHEMA: Final = Draft7Validator(json.loads(Path(__file__).with_name("compose-spec.json").read_text()))


def wrong(compose: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in SCHEMA.iter_errors(compose)]


def test_the_compose_file_keeps_the_specification() -> None:
    assert wrong(yaml.safe_load(FILE.read_text())) == []


@pytest.mark.parametrize(
    ("key", "value"), [("readonly", True), ("depends_on", {"kafka": {"condition": "fine"}})]
)
def test_the_specification_would_notice(key: str, value: Any) -> None:
    compose = yaml.safe_load(FILE.read_text())
    compose["services"]["demo"][key] = value
    assert len(wrong(compose)) == 1


def test_docker_compose_reads_it() -> None:
    if shutil.which("docker") is None or _compose("version").returncode:
        pytest.skip("DOCKER COMPOSE DID NOT READ THE FILE: its plugin is not installed")
    read = _compose("--file", str(FILE), "--profile", "demo", "config", "--format", "json")
    assert read.returncode == 0, read.stderr
    services = json.loads(read.stdout)["services"]
    assert services.keys() == yaml.safe_load(FILE.read_text())["services"].keys()


def _compose(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", "compose", *arguments], capture_output=True, text=True, timeout=60, check=False
    )
