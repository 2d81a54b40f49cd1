"""docker-compose.yml, as the tests look at it."""

import re
from pathlib import Path
from typing import Any, Final

import yaml

FILE: Final = Path(__file__).parent.parent / "docker-compose.yml"
SERVICES: Final[dict[str, dict[str, Any]]] = yaml.safe_load(FILE.read_text())["services"]


def environment(service: str) -> dict[str, str]:
    """As compose gives it to the service when nothing is set outside."""
    given: dict[str, str] = SERVICES[service]["environment"]
    return {name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for name, value in given.items()}
