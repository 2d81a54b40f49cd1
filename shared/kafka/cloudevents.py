"""An event as a Kafka record and back: CloudEvents 1.0, binary mode (attributes are headers)."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import msgspec

from shared.events.catalogue import EVENTS
from shared.events.event import Envelope
from shared.events.seen import Seen
from shared.eventstore.store import StoredEvent

Headers = list[tuple[str, bytes]]

PERSONAL_FIELDS: Final = {
    name: fields for name, event in EVENTS.items() if (fields := event.personal_fields())
}
_FIXED: Final[Headers] = [("ce_specversion", b"1.0"), ("content-type", b"application/json")]


class Record(Protocol):
    """What a consumer gets from Kafka."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def timestamp(self) -> int: ...


class BadRecord(Exception):
    """A record that names an event type but is not an event.

    ``seen`` is what could be read of it: texts not there are empty, a revision not there is -1.
    """

    def __init__(self, reason: str, seen: Seen) -> None:
        super().__init__(reason)
        self.seen = seen


class _Occurred(msgspec.Struct):
    occurred_at: str | None = None


_occurred = msgspec.json.Decoder(_Occurred)


def headers(stored: StoredEvent, *, source: str) -> Headers:
    """The record's headers; ``source`` is the service that the event comes from."""
    known = Envelope.model_validate_json(stored.metadata)
    recorded = stored.recorded_at.astimezone(UTC).isoformat().encode()
    occurred = _occurred.decode(stored.data).occurred_at
    rest = (
        ("ce_department", known.department),
        ("ce_causationid", known.causation_id),
        ("traceparent", known.traceparent),
    )
    return [
        *_FIXED,
        ("ce_id", str(stored.id).encode()),
        ("ce_type", stored.type.encode()),
        ("ce_source", f"/baton/{source}".encode()),
        ("ce_subject", stored.stream.encode()),
        ("ce_time", occurred.encode() if occurred else recorded),
        ("ce_recordedtime", recorded),
        ("ce_sequence", b"%d" % stored.revision),
        ("ce_position", b"%d" % stored.position),
        ("ce_actor", known.actor.encode()),
        ("ce_role", known.role.encode()),
        ("ce_correlationid", known.correlation_id.encode()),
        *((name, text.encode()) for name, text in rest if text is not None),
    ]


def public_data(stored: StoredEvent) -> bytes:
    """The event's JSON without the fields that are about a person."""
    personal = PERSONAL_FIELDS.get(stored.type)
    if personal is None:
        return stored.data
    fields: dict[str, Any] = json.loads(stored.data)
    kept = {name: value for name, value in fields.items() if name not in personal}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def read(record: Record) -> Seen:
    """The event in a record. Raises ``BadRecord``; a record that names no type is of an unknown one."""
    found = {name: value for name, value in record.headers if value is not None}
    try:
        seen = Seen(
            found["ce_id"].decode(),
            found["ce_type"].decode(),
            found["ce_subject"].decode(),
            int(found["ce_sequence"]),
            datetime.fromisoformat(found["ce_recordedtime"].decode()),
            found["ce_role"].decode(),
            found["ce_correlationid"].decode(),
            record.value or b"",
        )
    except (KeyError, ValueError) as error:
        return _what_is_there(record, found, error)
    if not seen.data or not seen.stream or seen.revision < 0 or seen.recorded_at.tzinfo is None:
        return _what_is_there(record, found, ValueError("an attribute has no sensible value"))
    return seen


def _what_is_there(record: Record, found: dict[str, bytes], error: Exception) -> Seen:
    def text(name: str) -> str:
        return found.get(name, b"").decode(errors="replace")

    seen = Seen(
        text("ce_id"),
        text("ce_type"),
        text("ce_subject") or (record.key or b"").decode(errors="replace"),
        -1,
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
        text("ce_role"),
        text("ce_correlationid"),
        record.value or b"",
    )
    if not seen.type:
        return seen
    reason = f"no {error.args[0]}" if isinstance(error, KeyError) else str(error)
    raise BadRecord(f"not a CloudEvent of Baton: {reason}", seen)
