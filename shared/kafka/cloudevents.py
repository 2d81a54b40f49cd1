"""An event as a Kafka record and back: CloudEvents 1.0, structured mode (the value is one JSON document)."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from shared.events.catalogue import PERSONAL_FIELDS
from shared.events.cloudevent import CONTENT_TYPE
from shared.events.event import SEALED, Envelope
from shared.events.seen import Seen
from shared.eventstore.store import NOTHING, StoredEvent
from shared.traces import valid

Headers = list[tuple[str, bytes]]

_SEALED: Final = f'"{SEALED}"'.encode()
_CONTENT_TYPE: Final = ("content-type", CONTENT_TYPE.encode())
_TYPE: Final = "ce_type"
TRACEPARENT: Final = "traceparent"
_TRACED: Final = b'"traceparent"'
_NOTHING: Final = frozenset[str]()


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


class Place(NamedTuple):
    """Which event a record holds, and where that stands in its store; ``NOTHING`` when it does not say."""

    id: str | None
    position: int


class _Written(msgspec.Struct, omit_defaults=True):
    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    recordedtime: str
    sequence: str
    position: str
    actor: str
    role: str
    correlationid: str
    datacontenttype: str
    data: msgspec.Raw
    department: str | None = None
    causationid: str | None = None
    traceparent: str | None = None


class _Read(msgspec.Struct):
    id: str
    type: str
    subject: str
    sequence: str
    recordedtime: datetime
    role: str
    correlationid: str
    data: msgspec.Raw
    traceparent: str | None = None


class _Trace(msgspec.Struct):
    traceparent: str | None = None


class _Place(msgspec.Struct):
    id: str | None = None
    position: str | None = None


class _Occurred(msgspec.Struct):
    occurred_at: str | None = None


_encode: Final = msgspec.json.Encoder().encode
_read: Final = msgspec.json.Decoder(_Read).decode
_trace: Final = msgspec.json.Decoder(_Trace).decode
_place: Final = msgspec.json.Decoder(_Place).decode
_occurred: Final = msgspec.json.Decoder(_Occurred).decode


def document(stored: StoredEvent, *, source: str) -> bytes:
    """The record's value; ``source`` is the service that the event comes from."""
    known = Envelope.model_validate_json(stored.metadata)
    recorded = stored.recorded_at.astimezone(UTC).isoformat()
    return _encode(
        _Written(
            specversion="1.0",
            id=str(stored.id),
            source=f"/baton/{source}",
            type=stored.type,
            subject=stored.stream,
            time=_occurred(stored.data).occurred_at or recorded,
            recordedtime=recorded,
            sequence=str(stored.revision),
            position=str(stored.position),
            actor=known.actor,
            role=known.role,
            correlationid=known.correlation_id,
            datacontenttype="application/json",
            data=msgspec.Raw(public_data(stored.type, stored.data)),
            department=known.department,
            causationid=known.causation_id,
            traceparent=known.traceparent,
        )
    )


def headers(stored: StoredEvent, *, traceparent: str | None = None) -> Headers:
    """What tells the record's event without looking into it, and the step of its trace that published it."""
    traced = [] if traceparent is None else [(TRACEPARENT, traceparent.encode())]
    return [_CONTENT_TYPE, (_TYPE, stored.type.encode()), *traced]


def traceparent(stored: StoredEvent) -> str | None:
    """The trace that the event came about in."""
    return valid(_trace(stored.metadata).traceparent) if _TRACED in stored.metadata else None


def publishing(record: Record) -> str | None:
    """The step that published a record, as its header says."""
    said = dict(record.headers).get(TRACEPARENT) or b""
    return valid(said.decode("latin-1"))


def public_data(event_type: str, data: bytes) -> bytes:
    """An event's JSON without what is about a person, open or sealed; raises ``ValueError`` for no JSON."""
    personal = PERSONAL_FIELDS.get(event_type, _NOTHING)
    if not personal and _SEALED not in data:
        return data
    fields: dict[str, Any] = json.loads(data)
    kept = {name: value for name, value in fields.items() if name not in personal and name != SEALED}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def read(record: Record) -> Seen:
    """The event in a record. Raises ``BadRecord``; a record that names no type is of an unknown one."""
    try:
        it = _read(record.value or b"")
        revision = int(it.sequence)
    except (msgspec.DecodeError, ValueError) as error:
        return _what_is_there(record, str(error))
    if not it.subject or revision < 0 or it.recordedtime.tzinfo is None:
        return _what_is_there(record, "an attribute has no sensible value")
    return Seen(
        it.id,
        it.type,
        it.subject,
        revision,
        it.recordedtime,
        it.role,
        it.correlationid,
        bytes(it.data),
        it.traceparent,
    )


def place(record: Record) -> Place:
    """The same for any record, whatever it holds."""
    try:
        it = _place(record.value or b"")
        return Place(it.id or None, NOTHING if it.position is None else int(it.position))
    except (msgspec.DecodeError, ValueError):
        return Place(None, NOTHING)


def _what_is_there(record: Record, reason: str) -> Seen:
    found = _attributes(record)
    named = dict(record.headers).get(_TYPE) or b""  # a header may be there without a value
    seen = Seen(
        found.get("id", ""),
        found.get("type", "") or named.decode(errors="replace"),
        found.get("subject", "") or (record.key or b"").decode(errors="replace"),
        -1,
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
        found.get("role", ""),
        found.get("correlationid", ""),
        record.value or b"",
    )
    if not seen.type:
        return seen
    raise BadRecord(f"not a CloudEvent of Baton: {reason}", seen)


def _attributes(record: Record) -> Mapping[str, str]:
    try:
        found = msgspec.json.decode(record.value or b"")
    except (msgspec.DecodeError, ValueError):
        return {}
    return {name: it for name, it in found.items() if isinstance(it, str)} if isinstance(found, dict) else {}
