"""An event and its Kafka record: one CloudEvents document, nothing about a person in its data."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import pytest

from shared.events.account import ContactAdded
from shared.events.deal import DealLost
from shared.events.event import Envelope, Event
from shared.eventstore.store import StoredEvent
from shared.kafka.cloudevents import (
    BadRecord,
    Place,
    document,
    headers,
    place,
    public_data,
    publishing,
    read,
    traceparent,
)

OCCURRED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
RECORDED = datetime(2026, 3, 1, 9, 30, 5, 123456, tzinfo=UTC)
LOST = DealLost(deal_id="42", reason="价格", occurred_at=OCCURRED)
TRACED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
WHOLE = Envelope(
    actor="li-wei",
    role="seller",
    department="sales",
    correlation_id="request-1",
    causation_id="cause-1",
    traceparent=TRACED,
)
PLAIN = Envelope(actor="li-wei", role="seller", correlation_id="request-1")


@dataclass
class Record:
    headers: list[tuple[str, bytes]]
    value: bytes | None = b"{}"
    key: bytes | None = b"deal-42"
    timestamp: int = 1_772_357_405_123
    offset: int = field(default=0)


def stored(event: Event = LOST, envelope: Envelope = PLAIN) -> StoredEvent:
    return StoredEvent(
        id=UUID(int=7),
        stream="deal-42",
        revision=3,
        position=99,
        type=event.type,
        recorded_at=RECORDED,
        data=event.wire(),
        metadata=envelope.model_dump_json(exclude_none=True).encode(),
    )


def said(event: Event = LOST, envelope: Envelope = PLAIN) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(document(stored(event, envelope), source="customers"))
    return found


def record(*, without: str = "", **changed: Any) -> Record:
    attributes = said() | changed
    attributes.pop(without, None)
    return Record(headers(stored()), value=json.dumps(attributes).encode())


def test_the_value_is_a_cloudevent_with_the_event_in_it() -> None:
    assert said(envelope=WHOLE) == {
        "specversion": "1.0",
        "id": "00000000-0000-0000-0000-000000000007",
        "source": "/baton/customers",
        "type": "deal-lost.v1",
        "subject": "deal-42",
        "time": "2026-03-01T09:30:00Z",
        "recordedtime": "2026-03-01T09:30:05.123456+00:00",
        "sequence": "3",
        "position": "99",
        "actor": "li-wei",
        "role": "seller",
        "department": "sales",
        "correlationid": "request-1",
        "causationid": "cause-1",
        "traceparent": TRACED,
        "datacontenttype": "application/json",
        "data": {"occurred_at": "2026-03-01T09:30:00Z", "deal_id": "42", "reason": "价格"},
    }


def test_the_headers_tell_what_it_is() -> None:
    assert headers(stored()) == [
        ("content-type", b"application/cloudevents+json"),
        ("ce_type", b"deal-lost.v1"),
    ]


def test_what_is_not_known_is_left_out() -> None:
    assert not said().keys() & {"department", "causationid", "traceparent"}


@pytest.mark.parametrize("envelope", [PLAIN, WHOLE])
def test_an_event_comes_back_as_it_was_seen(envelope: Envelope) -> None:
    published = Record(headers(stored()), value=document(stored(envelope=envelope), source="customers"))
    assert read(published) == (
        "00000000-0000-0000-0000-000000000007", "deal-lost.v1", "deal-42", 3, RECORDED, "seller", "request-1",
        LOST.wire(), envelope.traceparent,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "found"),
    [(TRACED, TRACED), ("00-aa-bb-01", None), (f"00-{'0' * 32}-{'1' * 16}-01", None), (None, None)],
)
def test_only_a_trace_that_is_one_is_followed(kept: str | None, found: str | None) -> None:
    event = stored(envelope=PLAIN.model_copy(update={"traceparent": kept}))
    assert traceparent(event) == found
    assert publishing(Record(headers(event, traceparent=kept))) == found


def test_a_header_names_the_step_that_published_it() -> None:
    assert headers(stored(), traceparent=TRACED)[-1] == ("traceparent", TRACED.encode())


def test_personal_fields_stay_at_home() -> None:
    added = ContactAdded(
        account_id="1", contact_id="2", name="王芳", phone="138", post="采购", occurred_at=OCCURRED
    )
    assert said(added)["data"] == {
        "occurred_at": "2026-03-01T09:30:00Z",
        "account_id": "1",
        "contact_id": "2",
        "post": "采购",
    }


def test_what_is_sealed_stays_at_home_too() -> None:
    assert public_data("contact-added.v1", b'{"account_id":"1","sealed":"AAAA"}') == b'{"account_id":"1"}'
    assert public_data("moon-landed.v9", b'{"by":"rocket","sealed":"AAAA"}') == b'{"by":"rocket"}'


def test_an_event_of_a_type_we_do_not_know_is_published_as_it_is_stored() -> None:
    unknown = stored()._replace(type="moon-landed.v9", data=b'{"by":"rocket"}')
    assert document(unknown, source="customers").endswith(b',"data":{"by":"rocket"}}')


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (record(without="id"), "missing required field `id`"),
        (record(without="subject"), "missing required field `subject`"),
        (record(without="data"), "missing required field `data`"),
        (record(sequence="third"), "third"),
        (record(sequence="-1"), "sensible"),
        (record(sequence=3), "sequence"),
        (record(subject=""), "sensible"),
        (record(recordedtime="yesterday"), "RFC3339"),
        (record(recordedtime="2026-03-01T09:30:00"), "sensible"),
        (record(role=None), "role"),
        (Record(headers(stored()), value=document(stored(), source="customers")[:-9]), "truncated"),
        (Record(headers(stored()), value=b'{"type":"deal-lost.v1","role":"\xff"}'), "deal|utf|UTF"),
        (Record(headers(stored()), value=b"[]"), "array"),
        (Record(headers(stored()), value=None), "truncated"),
    ],
)
def test_a_record_that_is_no_event_says_why(bad: Record, why: str) -> None:
    with pytest.raises(BadRecord, match=why) as refused:
        read(bad)
    assert refused.value.seen.stream == "deal-42"
    assert refused.value.seen.type == "deal-lost.v1"
    assert refused.value.seen.revision == -1


@pytest.mark.parametrize(
    "foreign",
    [
        Record([]),
        Record([], value=None, key=None),
        Record([], value=b"\xff\x00"),
        Record([("ce_type", cast("bytes", None))], value=b"{}"),
        Record([], value=b'"deal-lost.v1"'),
        Record([], value=json.dumps(said() | {"type": 7}).encode()),
    ],
)
def test_a_record_without_a_type_is_of_an_unknown_one(foreign: Record) -> None:
    assert read(foreign).type == ""


def test_a_record_without_its_type_in_a_header_is_an_event_all_the_same() -> None:
    assert read(Record([], value=record().value)) == read(record())


def test_the_place_of_an_event_in_its_store_is_found() -> None:
    assert place(record()) == Place("00000000-0000-0000-0000-000000000007", 99)


@pytest.mark.parametrize("value", [None, b"", b"{}", b"[1]", b"\xff", b'{"id": 7}', b'{"position": "far"}'])
def test_what_is_not_ours_has_no_place(value: bytes | None) -> None:
    assert place(Record([], value=value)) == Place(None, -1)
