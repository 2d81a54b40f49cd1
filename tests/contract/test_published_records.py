"""What the relay puts on a topic is what the AsyncAPI document promises."""

import json
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import pytest
from jsonschema import Draft7Validator

from shared.events.asyncapi import PARTITIONS, asyncapi
from shared.events.catalogue import EVENTS
from shared.events.documents import public_payload
from shared.events.event import Envelope
from shared.events.examples import ENVELOPE, EXAMPLES
from shared.eventstore.store import StoredEvent
from shared.kafka import topics
from shared.kafka.cloudevents import document, headers

DOCUMENT: Final = asyncapi()
BARE: Final = Envelope(actor="import", role="importer", correlation_id="0195e2a4-6f4c-7d0e-9b59-3b1f5f0f8a11")


def stored(name: str, envelope: Envelope) -> StoredEvent:
    return StoredEvent(
        id=UUID("0195e2a4-6f4c-7d0e-9b59-3b1f5f0f8a12"),
        stream=f"{EVENTS[name].category}-1",
        revision=0,
        position=1,
        type=name,
        recorded_at=datetime(2025, 3, 1, 8, tzinfo=UTC),
        data=EXAMPLES[name].wire(),
        metadata=envelope.model_dump_json(exclude_none=True).encode(),
    )


@pytest.mark.parametrize("envelope", [ENVELOPE, BARE], ids=["a reaction", "an import"])
@pytest.mark.parametrize("name", EVENTS)
def test_a_record_is_as_documented(name: str, envelope: Envelope) -> None:
    event = stored(name, envelope)
    said = {key: value.decode() for key, value in headers(event)}
    published = json.loads(document(event, source=EVENTS[name].service))
    for part, what in (("headers", said), ("payload", published)):
        inside = {"$ref": f"#/components/messages/{name}/{part}"}
        Draft7Validator(DOCUMENT | inside).validate(what)
    assert published["data"] == public_payload(EXAMPLES[name])
    promised = DOCUMENT["components"]["schemas"]["CloudEvent"]["properties"]
    assert published.keys() - promised.keys() == {"data"}  # each message says what that is


def test_the_document_tells_the_real_number_of_partitions() -> None:
    assert PARTITIONS == topics.PARTITIONS
