"""The HTTP contract as a file for each service: writes ``docs/http/<service>.json``."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from shared.events.catalogue import SERVICES
from shared.service.settings import Settings

FOLDER: Final = Path("docs/http")


def document(service: str) -> dict[str, Any]:
    """The OpenAPI document that the service answers at ``/openapi.json``."""
    nothing_is_signed = Settings.model_validate({"token_secret": " " * 32, "master_key": " " * 32})
    build = import_module(f"services.{service}.main").build
    described: dict[str, Any] = build(nothing_is_signed).openapi()
    return described


def text(service: str) -> str:
    return json.dumps(document(service), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in SERVICES:
        (FOLDER / f"{name}.json").write_text(text(name), encoding="utf-8")
