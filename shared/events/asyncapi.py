"""The AsyncAPI 3 document of all topics and events, for those who subscribe to them."""

from importlib.metadata import version
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from .catalogue import EVENTS, SERVICES, topic
from .cloudevent import CLOUD_EVENT, CONTENT_TYPE, HEADERS
from .documents import payload_schema, public_payload, schema_id
from .event import Event
from .examples import ENVELOPE, EXAMPLES

PARTITIONS: Final = 12
KAFKA_BINDING: Final = "0.5.0"
SCHEMAS: Final = "#/components/schemas/{model}"


def asyncapi() -> dict[str, Any]:
    """The document (AsyncAPI 3.0.0) as JSON values; all its ``$ref`` point into itself."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:baton:events",
        "info": {
            "title": "Baton events",
            "version": version("baton"),
            "description": (
                "What happened in a sales organisation, as domain events. Order holds within a stream "
                "(the record's key); delivery is at least once; skip a sequence you have seen. "
                "New optional fields may appear in a version: ignore what you do not know."
            ),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "tags": [{"name": service} for service in SERVICES],
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {service: _channel(service) for service in SERVICES},
        "operations": {
            f"{verb}-{service}": _operation(service, action)
            for service in SERVICES
            for verb, action in (("publish", "send"), ("follow", "receive"))
        },
        "components": {
            "messages": {name: _message(event) for name, event in EVENTS.items()},
            "schemas": _schemas(),
        },
    }


def _channel(service: str) -> dict[str, Any]:
    return {
        "address": topic(service),
        "title": f"The events of {service}",
        "messages": {
            name: {"$ref": f"#/components/messages/{name}"}
            for name, event in EVENTS.items()
            if event.service == service
        },
        "bindings": {
            "kafka": {
                "topic": topic(service),
                "partitions": PARTITIONS,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1},
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def _operation(service: str, action: str) -> dict[str, Any]:
    does = "publishes what it stored" if action == "send" else "is followed by Baton's boards, and by anyone"
    return {
        "action": action,
        "summary": f"The service {service} {does}.",
        "channel": {"$ref": f"#/channels/{service}"},
    }


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.type,
        "title": event.__name__,
        **({"summary": event.__doc__} if event.__doc__ else {}),
        "contentType": CONTENT_TYPE,
        "headers": {
            "type": "object",
            "properties": {"ce_type": {"const": event.type}},
            "allOf": [{"$ref": SCHEMAS.format(model="Headers")}],
        },
        "payload": {
            "type": "object",
            "properties": {
                "type": {"const": event.type},
                "data": {"$ref": SCHEMAS.format(model=event.type)},
            },
            "allOf": [{"$ref": SCHEMAS.format(model="CloudEvent")}],
        },
        "tags": [{"name": event.category}],
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": KAFKA_BINDING}},
        "examples": [_example(EXAMPLES[event.type])],
    }


def _example(event: Event) -> dict[str, Any]:
    stream = f"{event.category}-{getattr(event, event.key)}"
    data = public_payload(event)
    document = {
        "specversion": "1.0",
        "id": str(uuid5(NAMESPACE_URL, schema_id(type(event)))),
        "source": f"/baton/{event.service}",
        "type": event.type,
        "subject": stream,
        "time": data["occurred_at"],
        "recordedtime": data["occurred_at"],
        "sequence": "0",
        "position": str(list(EXAMPLES).index(event.type)),
        "actor": ENVELOPE.actor,
        "role": ENVELOPE.role,
        "correlationid": ENVELOPE.correlation_id,
        "datacontenttype": "application/json",
        "data": data,
    }
    headers = {"content-type": CONTENT_TYPE, "ce_type": event.type}
    return {"name": event.type, "headers": headers, "payload": document}


def _schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = {"CloudEvent": CLOUD_EVENT, "Headers": HEADERS}
    for name, event in EVENTS.items():
        schema = payload_schema(event, definitions=SCHEMAS)
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
    return schemas
