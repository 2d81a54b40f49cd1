"""The JSON Schema of each event, as other systems meet it on a public topic."""

from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from .event import Event

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
DEFINITIONS: Final = "#/$defs/{model}"


class _Published(GenerateJsonSchema):
    """Says what the wire says: a field without a value is left out, never null."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        written = super().default_schema(schema)
        if schema.get("default", ...) is None:
            del written["default"]
        return written

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - names the fields in a second way
        return False


def schema_id(event_type: type[Event]) -> str:
    """The name of an event's schema, such as ``urn:baton:event:deal-won.v1``."""
    return f"urn:baton:event:{event_type.type}"


def json_schema(event_type: type[Event]) -> dict[str, Any]:
    """The schema (draft 2020-12) of the event's public payload; personal fields are not in it."""
    return {"$schema": DIALECT, "$id": schema_id(event_type), **payload_schema(event_type)}


def payload_schema(event_type: type[Event], *, definitions: str = DEFINITIONS) -> dict[str, Any]:
    """The same without dialect and name; ``definitions`` is where its ``$ref`` point to."""
    schema = event_type.model_json_schema(ref_template=definitions, schema_generator=_Published)
    for name in event_type.personal_fields():
        del schema["properties"][name]
    return schema


def public_payload(event: Event) -> dict[str, Any]:
    """The event as its topic carries it: JSON values, personal and absent fields left out."""
    return event.model_dump(mode="json", exclude_none=True, exclude=set(event.personal_fields()))
