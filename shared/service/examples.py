"""An example for every body of an OpenAPI document, told with the values of the events' story."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.events.examples import STORY

Schema = Mapping[str, Any]

MADE_UP: Final[Mapping[str, Any]] = {
    "id": "42",
    "account_name": "云帆科技",
    "team": "t-east",
    "person": "p-wang",
    "next": "MTAx",
}
"""What the events have no field for, or another one."""
LEFT_OUT: Final = frozenset({"occurred_at"})
"""Only an importer says when something happened."""
OF_FORMAT: Final = {"date": "2026-03-02", "date-time": "2026-03-02T01:30:00Z"}
TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}
DEEPEST: Final = 6
JSON: Final = "application/json"


def give_examples(document: dict[str, Any]) -> None:
    """Puts an ``example`` beside the schema of every JSON body that is asked for or answered."""
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        asking, telling = (_Teller(schemas, _story(path), asks=asks) for asks in (True, False))
        for operation in operations.values():
            if JSON in (asked := operation.get("requestBody", {}).get("content", {})):
                asked[JSON]["example"] = asking.example(asked[JSON]["schema"])
            for answer in operation["responses"].values():
                if schema := answer.get("content", {}).get(JSON, {}).get("schema"):
                    answer["content"][JSON]["example"] = telling.example(schema)


@dataclass(frozen=True)
class _Teller:
    schemas: Mapping[str, Schema]
    told: Mapping[str, Any]
    """The story's value of each field."""
    asks: bool
    """A command need not say everything: what the story has no value for is left out."""

    def example(self, schema: Schema, name: str = "", depth: int = 0) -> Any:
        """A value that the schema allows."""
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"].rpartition("/")[2]]
        if name in self.told and _allows(schema, self.told[name], self.schemas):
            return self.told[name]
        for given in ("const", "default"):
            if schema.get(given) is not None:
                return schema[given]
        if "enum" in schema:
            return schema["enum"][0]
        if choices := list(_choices(schema)):
            return self.example(choices[0], name, depth)
        match schema.get("type"):
            case "object":
                return {
                    name: self.example(its, name, depth + 1)
                    for name, its in schema.get("properties", {}).items()
                    if self._is_said(name, schema, depth)
                }
            case "array":
                return [] if depth > DEEPEST else [self.example(schema["items"], depth=depth + 1)]
            case _:
                return _plain(schema)

    def _is_said(self, name: str, schema: Schema, depth: int) -> bool:
        if name in schema.get("required", ()):
            return True
        if self.asks:
            return name in self.told and name not in LEFT_OUT
        return depth <= DEEPEST


def _plain(schema: Schema) -> Any:
    match schema.get("type"):
        case "string":
            return OF_FORMAT.get(schema.get("format", ""), "42" if "pattern" in schema else "云帆科技")
        case "integer" | "number":
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return False
        case _:
            return None


def _choices(schema: Schema) -> Iterator[Schema]:
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        if choice.get("type") != "null":
            yield choice


def _allows(schema: Schema, value: Any, schemas: Mapping[str, Schema]) -> bool:
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if choices := list(_choices(schema)):
        return any(_allows(choice, value, schemas) for choice in choices)
    kind = TYPES.get(schema.get("type", ""))
    if kind is None or not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return False
    if isinstance(value, dict):
        its = schema.get("properties", {})
        return set(schema.get("required", ())) <= set(value) <= set(its) and all(
            _allows(its[name], one, schemas) for name, one in value.items()
        )
    if isinstance(value, list):
        return all(_allows(schema["items"], one, schemas) for one in value)
    return (
        value in schema.get("enum", (value,))
        and value == schema.get("const", value)
        and (not isinstance(value, str) or re.search(schema.get("pattern", ""), value) is not None)
    )


def _story(path: str) -> Mapping[str, Any]:
    """A value for each field: of the events of what the path is about, such as ``/deals``, before others."""
    about = path.split("/")[1].removesuffix("s")
    told: dict[str, Any] = {}
    for event in sorted(STORY, key=lambda one: one.category != about):
        for name, value in event.model_dump(mode="json", exclude_none=True).items():
            told.setdefault(name, value)
    return {**told, **MADE_UP}
