"""Custom resources held to their schemas, strictly: a field that a schema does not name is wrong."""

from pathlib import Path
from typing import Any, Final

import jsonschema
import yaml

from tests.unit.k8s.built import ROOT, Thing

CRDS: Final = ROOT / "tests/contract/crds"
"""Where each schema comes from is said in its file."""


def check(thing: Thing) -> None:
    """Raises ``ValidationError``."""
    jsonschema.Draft202012Validator(schema_of(thing["kind"])).validate(thing)


def schema_of(kind: str) -> Any:
    return _closed(yaml.safe_load(Path(CRDS / f"{kind.lower()}.yaml").read_text()))


def _closed(schema: Any) -> Any:
    """Where fields are named, no others are; ``metadata`` is Kubernetes' own."""
    match schema:
        case dict():
            closed = {name: _closed(part) for name, part in schema.items()}
            is_open = "additionalProperties" in schema or "x-kubernetes-preserve-unknown-fields" in schema
            if isinstance(schema.get("properties"), dict) and schema.get("type") == "object" and not is_open:
                closed["additionalProperties"] = False
            return closed
        case list():
            return [_closed(part) for part in schema]
        case _:
            return schema
