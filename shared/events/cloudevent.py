"""What a record on a public topic holds: a CloudEvent 1.0 as one JSON document, the event in its ``data``."""

from typing import Any, Final

CONTENT_TYPE: Final = "application/cloudevents+json"

_text: Final[dict[str, Any]] = {"type": "string", "minLength": 1}
_number: Final[dict[str, Any]] = {"type": "string", "pattern": "^[0-9]+$"}
_instant: Final[dict[str, Any]] = {"type": "string", "format": "date-time"}

CLOUD_EVENT: Final[dict[str, Any]] = {
    "type": "object",
    "description": "CloudEvents 1.0, JSON format; data is the event. Unknown attributes may be added.",
    "properties": {
        "specversion": {"type": "string", "const": "1.0"},
        "id": {"type": "string", "format": "uuid", "description": "The same at every redelivery."},
        "source": {"type": "string", "format": "uri-reference", "description": "The service."},
        "type": _text | {"description": "The event's wire name."},
        "subject": _text | {"description": "The stream, such as deal-42; also the record's key."},
        "time": _instant | {"description": "When it happened in the business."},
        "recordedtime": _instant | {"description": "When it was stored."},
        "sequence": _number
        | {"description": "Counts the stream's events from 0 without gaps: skip what you have."},
        "position": _number | {"description": "Orders the events of the service, growing, with gaps."},
        "actor": _text | {"description": "The person or system that asked for it."},
        "role": _text | {"description": "Their role; importer marks history brought in from elsewhere."},
        "department": _text,
        "correlationid": _text | {"description": "The same for all that follows from one outside request."},
        "causationid": _text | {"description": "The event that this one is a reaction to."},
        "traceparent": _text | {"description": "W3C Trace Context: the step in which the event came about."},
        "datacontenttype": {"type": "string", "const": "application/json"},
    },
    "required": [
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "recordedtime",
        "sequence",
        "position",
        "actor",
        "role",
        "correlationid",
        "datacontenttype",
        "data",
    ],
}

HEADERS: Final[dict[str, Any]] = {
    "type": "object",
    "description": "What tells a record's event without looking into it.",
    "properties": {
        "content-type": {"type": "string", "const": CONTENT_TYPE},
        "ce_type": _text | {"description": "The event's wire name, as in the document."},
        "traceparent": _text
        | {"description": "W3C Trace Context: the step of the event's trace that published the record."},
    },
    "required": ["content-type", "ce_type"],
}
