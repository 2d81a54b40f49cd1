"""What a consumer reads of a record, with the contract alone."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from shared.events.asyncapi import asyncapi
from shared.events.catalogue import EVENTS
from shared.events.deal import DealWon
from shared.events.documents import public_payload
from shared.events.examples import EXAMPLES
from shared.events.received import read

MESSAGES = asyncapi()["components"]["messages"]


def record(name: str, **changed: Any) -> bytes:
    """The record of the AsyncAPI document's example."""
    return json.dumps(MESSAGES[name]["examples"][0]["payload"] | changed).encode()


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_is_read_as_it_was_published(name: str) -> None:
    event = read(record(name)).event()
    assert event is not None
    assert public_payload(event) == public_payload(EXAMPLES[name])


def test_a_record_says_where_it_stands() -> None:
    received = read(record("deal-won.v1", sequence="7"))
    assert isinstance(received.event(), DealWon)
    assert (received.subject, received.sequence) == ("deal-deal-1203", 7)


def test_what_comes_tomorrow_is_passed_over() -> None:
    assert read(record("deal-won.v1", type="deal-won.v9")).event() is None
    more = read(record("deal-won.v1", sentiment="good"))
    assert isinstance(more.event(), DealWon)


@pytest.mark.parametrize("value", [b"", b"{", b"[]", b"null", b'{"type": "deal-won.v1"}', "你好".encode()])
def test_what_is_no_event_is_refused(value: bytes) -> None:
    with pytest.raises(ValidationError):
        read(value)


def test_an_event_that_the_contract_does_not_allow_is_refused() -> None:
    with pytest.raises(ValidationError):
        read(record("deal-won.v1", data={"deal_id": "d1"})).event()
