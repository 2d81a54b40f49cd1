"""An event and its Kafka record: CloudEvents attributes as headers, nothing about a person in the data."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.events.account import ContactAdded
from shared.events.deal import DealLost
from shared.events.event import Envelope, Event
from shared.eventstore.store import StoredEvent
from shared.kafka.cloudevents import BadRecord, headers, public_data, read

OCCURRED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
RECORDED = datetime(2026, 3, 1, 9, 30, 5, 123456, tzinfo=UTC)
LOST = DealLost(deal_id="42", reason="价格", occurred_at=OCCURRED)
WHOLE = Envelope(
    actor="li-wei",
    role="seller",
    department="sales",
    correlation_id="request-1",
    causation_id="cause-1",
    traceparent="00-aa-bb-01",
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


def record(*, without: str = "", **changed: bytes) -> Record:
    known = dict(headers(stored(), source="customers")) | changed
    known.pop(without, None)
    return Record(list(known.items()), value=public_data(stored()))


def test_the_headers_are_cloudevents_in_binary_mode() -> None:
    assert dict(headers(stored(envelope=WHOLE), source="customers")) == {
        "ce_specversion": b"1.0",
        "content-type": b"application/json",
        "ce_id": b"00000000-0000-0000-0000-000000000007",
        "ce_type": b"deal-lost.v1",
        "ce_source": b"/baton/customers",
        "ce_subject": b"deal-42",
        "ce_time": b"2026-03-01T09:30:00Z",
        "ce_recordedtime": b"2026-03-01T09:30:05.123456+00:00",
        "ce_sequence": b"3",
        "ce_position": b"99",
        "ce_actor": b"li-wei",
        "ce_role": b"seller",
        "ce_department": b"sales",
        "ce_correlationid": b"request-1",
        "ce_causationid": b"cause-1",
        "traceparent": b"00-aa-bb-01",
    }


def test_what_is_not_known_has_no_header() -> None:
    names = dict(headers(stored(), source="customers")).keys()
    assert not names & {"ce_department", "ce_causationid", "traceparent"}


def test_an_event_comes_back_as_it_was_seen() -> None:
    seen = read(record())
    assert seen == (
        "00000000-0000-0000-0000-000000000007", "deal-lost.v1", "deal-42", 3, RECORDED, "seller", "request-1",
        LOST.wire(),
    )  # fmt: skip


def test_personal_fields_stay_at_home() -> None:
    added = ContactAdded(
        account_id="1", contact_id="2", name="王芳", phone="138", post="采购", occurred_at=OCCURRED
    )
    assert json.loads(public_data(stored(added))) == {
        "occurred_at": "2026-03-01T09:30:00Z",
        "account_id": "1",
        "contact_id": "2",
        "post": "采购",
    }


def test_other_events_are_published_as_they_are_stored() -> None:
    assert public_data(stored()) == LOST.wire()
    unknown = stored()._replace(type="moon-landed.v9", data=b'{"by":"rocket"}')
    assert public_data(unknown) == b'{"by":"rocket"}'


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (record(without="ce_id"), "no ce_id"),
        (record(without="ce_subject"), "no ce_subject"),
        (record(ce_sequence=b"third"), "third"),
        (record(ce_sequence=b"-1"), "sensible"),
        (record(ce_recordedtime=b"yesterday"), "yesterday"),
        (record(ce_recordedtime=b"2026-03-01T09:30:00"), "sensible"),
        (record(ce_role=b"\xff"), "utf-8"),
        (Record(record().headers, value=None), "sensible"),
    ],
)
def test_a_record_that_is_no_event_says_why(bad: Record, why: str) -> None:
    with pytest.raises(BadRecord, match=why) as refused:
        read(bad)
    assert refused.value.seen.stream == "deal-42"
    assert refused.value.seen.type == "deal-lost.v1"
    assert refused.value.seen.revision == -1


@pytest.mark.parametrize("foreign", [Record([]), Record([], value=None, key=None), record(without="ce_type")])
def test_a_record_without_a_type_is_of_an_unknown_one(foreign: Record) -> None:
    assert read(foreign).type == ""
