"""The JSON Schemas and the AsyncAPI document say what the events are."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from shared.events.asyncapi import asyncapi
from shared.events.catalogue import EVENTS, SERVICES, topic
from shared.events.documents import json_schema, public_payload
from shared.events.examples import EXAMPLES

DOCUMENT: Final = asyncapi()
every_event = pytest.mark.parametrize("name", EVENTS)


def references(node: Any) -> Iterator[str]:
    match node:
        case {"$ref": str(target)}:
            yield target
        case dict():
            for below in node.values():
                yield from references(below)
        case list():
            for below in node:
                yield from references(below)


def resolve(document: Any, reference: str) -> Any:
    root, *path = reference.split("/")
    assert root == "#"
    for part in path:
        document = document[part]
    return document


@every_event
def test_a_schema_is_valid_named_and_describes_its_event(name: str) -> None:
    schema = json_schema(EVENTS[name])
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:baton:event:{name}"
    assert schema.get("description") == EVENTS[name].__doc__
    assert all(resolve(schema, reference) for reference in references(schema))


@every_event
def test_an_example_is_what_its_schema_says(name: str) -> None:
    schema = json_schema(EVENTS[name])
    validator = Draft202012Validator(schema)
    payload = public_payload(EXAMPLES[name])
    validator.validate(payload)
    for required in schema["required"]:
        assert not validator.is_valid({k: v for k, v in payload.items() if k != required})


@every_event
def test_nothing_personal_is_in_public(name: str) -> None:
    personal = EVENTS[name].personal_fields()
    assert not personal & json_schema(EVENTS[name])["properties"].keys()
    assert not personal & public_payload(EXAMPLES[name]).keys()


def test_a_schema_refuses_what_the_event_refuses() -> None:
    validator = Draft202012Validator(json_schema(EVENTS["deal-won.v1"]))
    payload = public_payload(EXAMPLES["deal-won.v1"])
    assert validator.is_valid(payload | {"not_known_yet": 1})
    assert not validator.is_valid(payload | {"amount": {"minor": -1, "currency": "CNY"}})
    assert not validator.is_valid(payload | {"title": "a\x00b"})
    assert not validator.is_valid(payload | {"account_id": None})


def test_the_document_is_json_and_all_its_references_lead_somewhere() -> None:
    document = DOCUMENT
    assert json.loads(json.dumps(document)) == document
    assert document["asyncapi"] == "3.0.0"
    found = list(references(document))
    assert found
    assert all(resolve(document, reference) for reference in found)


def test_every_topic_carries_the_events_of_its_service_and_no_other() -> None:
    channels = DOCUMENT["channels"]
    assert {c["address"] for c in channels.values()} == {topic(service) for service in SERVICES}
    for service, channel in channels.items():
        assert set(channel["messages"]) == {n for n, e in EVENTS.items() if e.service == service}
        assert channel["bindings"]["kafka"]["partitions"] == 12


def test_every_service_sends_on_its_channel_and_others_receive_from_it() -> None:
    does = {(o["action"], o["channel"]["$ref"]) for o in DOCUMENT["operations"].values()}
    assert does == {(action, f"#/channels/{s}") for action in ("send", "receive") for s in SERVICES}


@every_event
def test_an_example_in_the_document_is_a_valid_record(name: str) -> None:
    document = DOCUMENT
    message = document["components"]["messages"][name]
    [example] = message["examples"]
    for part in ("headers", "payload"):
        inside = {"$ref": f"#/components/messages/{name}/{part}"}
        # AsyncAPI's own schema dialect is a superset of draft 7
        Draft7Validator(document | inside).validate(example[part])
    assert example["headers"]["ce_type"] == example["payload"]["type"] == name
    assert example["payload"]["subject"].startswith(f"{EVENTS[name].category}-")
