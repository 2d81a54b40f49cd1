"""The headers of a record on a public topic: CloudEvents 1.0 in Kafka's binary mode."""

from typing import Any, Final

_text: Final[dict[str, Any]] = {"type": "string", "minLength": 1}
_number: Final[dict[str, Any]] = {"type": "string", "pattern": "^[0-9]+$"}
_instant: Final[dict[str, Any]] = {"type": "string", "format": "date-time"}

HEADERS: Final[dict[str, Any]] = {
    "type": "object",
    "description": "CloudEvents 1.0 in binary mode; every value is UTF-8 text.",
    "properties": {
        "ce_type": _text | {"description": "The event's wire name."},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "The same at every redelivery."},
        "ce_source": {"type": "string", "format": "uri-reference", "description": "The service."},
        "ce_subject": _text | {"description": "The stream, such as deal-42; also the record's key."},
        "ce_time": _instant | {"description": "When it happened in the business."},
        "ce_recordedtime": _instant | {"description": "When it was stored."},
        "ce_sequence": _number
        | {"description": "Counts the stream's events from 0 without gaps: skip what you have."},
        "ce_position": _number | {"description": "Orders the events of the service, growing, with gaps."},
        "ce_actor": _text | {"description": "The person or system that asked for it."},
        "ce_role": _text | {"description": "Their role; importer marks history brought in from elsewhere."},
        "ce_department": _text,
        "ce_correlationid": _text
        | {"description": "The same for all that follows from one outside request."},
        "ce_causationid": _text | {"description": "The event that this one is a reaction to."},
        "traceparent": _text | {"description": "W3C Trace Context."},
    },
    "required": [
        "ce_specversion",
        "ce_id",
        "ce_type",
        "ce_source",
        "ce_subject",
        "ce_time",
        "ce_recordedtime",
        "ce_sequence",
        "ce_position",
        "ce_actor",
        "ce_role",
        "ce_correlationid",
    ],
}
