"""What holds for every event, and what no event lets in."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.events.catalogue import EVENTS, PERSONAL_FIELDS, SERVICES, categories
from shared.events.event import SEALED, Event, PersonRef
from shared.events.examples import ENVELOPE, EXAMPLES, STORY

every_event = pytest.mark.parametrize("name", EVENTS)


def told(name: str, **otherwise: Any) -> bytes:
    """The example's JSON with some fields said otherwise."""
    return json.dumps(json.loads(EXAMPLES[name].wire()) | otherwise).encode()


def subclasses(event: type[Event]) -> set[type[Event]]:
    return {event} | {deeper for below in event.__subclasses__() for deeper in subclasses(below)}


def test_wire_names_are_unique_and_carry_a_version() -> None:
    named = [event.type for event in subclasses(Event) if event.type]
    assert sorted(named) == sorted(EVENTS)
    assert all(re.fullmatch(r"[a-z-]+\.v\d+", name) for name in named)


def test_every_event_belongs_to_a_stream_of_a_service() -> None:
    assert {e.service for e in EVENTS.values()} == set(SERVICES)
    owned = [category for service in SERVICES for category in categories(service)]
    assert len(owned) == len(set(owned))
    assert all(event.key in event.model_fields for event in EVENTS.values())


def test_every_event_has_one_example_and_they_tell_a_story_in_order() -> None:
    assert {event.type for event in STORY} == set(EVENTS)
    assert len(STORY) == len(EVENTS)
    assert [e.occurred_at for e in STORY] == sorted(e.occurred_at for e in STORY)
    assert type(ENVELOPE).model_validate_json(ENVELOPE.model_dump_json()) == ENVELOPE


@every_event
def test_what_is_stored_is_what_is_read(name: str) -> None:
    example = EXAMPLES[name]
    assert type(example) is EVENTS[name]
    assert EVENTS[name].read(example.wire()) == example
    assert b"null" not in example.wire()


@every_event
def test_a_field_from_the_future_is_ignored(name: str) -> None:
    assert EVENTS[name].read(told(name, not_known_yet={"deep": [1]})) == EXAMPLES[name]


@every_event
def test_times_come_out_in_utc(name: str) -> None:
    event = EVENTS[name].read(told(name, occurred_at="2025-03-01T08:00:00+08:00"))
    assert event.occurred_at == datetime(2025, 3, 1, tzinfo=UTC)
    assert b'"occurred_at":"2025-03-01T00:00:00Z"' in event.wire()


@every_event
@pytest.mark.parametrize("when", ["2025-03-01T08:00:00", "2025-03-01", "yesterday", None])
def test_a_time_without_a_zone_is_refused(name: str, when: str | None) -> None:
    with pytest.raises(ValidationError):
        EVENTS[name].read(told(name, occurred_at=when))


@every_event
def test_personal_fields_are_optional_because_topics_do_not_carry_them(name: str) -> None:
    personal = EVENTS[name].personal_fields()
    assert not any(EVENTS[name].model_fields[field].is_required() for field in personal)
    public = EXAMPLES[name].model_dump_json(exclude=set(personal), exclude_none=True)
    assert EVENTS[name].read(public.encode()).wire().decode() == public


def test_what_we_know_of_a_person_and_what_lets_others_in_is_marked_as_personal() -> None:
    marked = {name: set(e.personal_fields()) for name, e in EVENTS.items() if e.personal_fields()}
    assert marked == {
        "lead-created.v1": {"contact_name", "contact_phone"},
        "contact-added.v1": {"name", "phone", "email"},
        "person-joined.v1": {"name"},
        "survey-answered.v1": {"comment"},
        "forecast-committed.v1": {"note"},
        "webhook-subscribed.v1": {"url"},  # that of a chat bot holds its token
        "webhook-changed.v1": {"url"},
        "erasure-requested.v1": {"reason"},
        "staff-erasure-requested.v1": {"reason"},
    }


@pytest.mark.parametrize("name", PERSONAL_FIELDS)
def test_every_personal_field_is_about_somebody(name: str) -> None:
    """Whom is public and always said: what an event is about is known when nothing else may be."""
    event, example = EVENTS[name], EXAMPLES[name]
    public = example.model_dump(exclude=set(event.personal_fields()))
    person = event.person_in(public)
    assert TypeAdapter(PersonRef).validate_python(person) == person
    for named in re.findall(r"{(\w+)}", event.personal_to):
        assert event.model_fields[named].is_required()


def test_whom_an_event_is_about() -> None:
    assert {name: EVENTS[name].personal_to for name in PERSONAL_FIELDS} == {
        "lead-created.v1": "lead-{lead_id}",
        "contact-added.v1": "contact-{account_id}.{contact_id}",
        "survey-answered.v1": "survey-{survey_id}",
        "person-joined.v1": "person-{person_id}",
        "forecast-committed.v1": "person-{person_id}",
        "erasure-requested.v1": "{erasure_id}",
        "staff-erasure-requested.v1": "{erasure_id}",
        "webhook-subscribed.v1": "webhook-{webhook_id}",
        "webhook-changed.v1": "webhook-{webhook_id}",
    }
    assert not any(event.personal_to for name, event in EVENTS.items() if name not in PERSONAL_FIELDS)


def test_contacts_of_two_accounts_are_two_people_whatever_their_ids() -> None:
    contact = EVENTS["contact-added.v1"]
    ids = [("a", "b-c"), ("a-b", "c"), ("a", "b"), ("b", "a"), ("a_b", "c")]
    assert len({contact.person_in({"account_id": a, "contact_id": c}) for a, c in ids}) == len(ids)


def test_no_event_has_the_field_in_which_a_store_keeps_what_is_sealed() -> None:
    assert not [name for name, event in EVENTS.items() if SEALED in event.model_fields]


@pytest.mark.parametrize("name", PERSONAL_FIELDS)
def test_what_is_wrong_with_an_event_is_said_without_what_it_says(name: str) -> None:
    secret = "赵敏" * 300
    field = min(EVENTS[name].personal_fields())
    with pytest.raises(ValidationError) as refused:
        EVENTS[name].read(json.dumps(json.loads(EXAMPLES[name].wire()) | {field: secret}).encode())
    assert "赵敏" not in str(refused.value) + repr(refused.value)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "a\x00b", "長" * 501, 7, ["云帆"]],
    ids=["empty", "blank", "NUL", "long", "int", "list"],
)
def test_bad_text_is_refused(text: Any) -> None:
    with pytest.raises(ValidationError):
        EVENTS["lead-created.v1"].read(told("lead-created.v1", company=text))


@pytest.mark.parametrize("company", [rb'"\ud83d"', b'"\xed\xa0\xbd"', b'"\xff"'])
def test_half_a_character_is_refused(company: bytes) -> None:
    whole = told("lead-created.v1", company="HERE")
    with pytest.raises(ValidationError):
        EVENTS["lead-created.v1"].read(whole.replace(b'"HERE"', company))


def test_half_a_character_is_refused_in_memory_too() -> None:
    fields = EXAMPLES["lead-created.v1"].model_dump() | {"company": "云帆\ud83d"}
    with pytest.raises(ValidationError):
        EVENTS["lead-created.v1"].model_validate(fields)


def test_text_keeps_every_script_and_loses_its_edges() -> None:
    event = EVENTS["lead-created.v1"].read(told("lead-created.v1", company="  云帆 & Søn 🚢 "))
    assert event.model_dump()["company"] == "云帆 & Søn 🚢"


@pytest.mark.parametrize("key", ["", "a b", "a/b", "a\n", "客户", "x" * 65, 7])
def test_an_id_that_would_not_fit_a_url_is_refused(key: Any) -> None:
    with pytest.raises(ValidationError):
        EVENTS["deal-won.v1"].read(told("deal-won.v1", deal_id=key))


@pytest.mark.parametrize(
    "amount",
    [
        {"minor": -1, "currency": "CNY"},
        {"minor": 10.5, "currency": "CNY"},
        {"minor": 10.0, "currency": "CNY"},
        {"minor": "10", "currency": "CNY"},
        {"minor": True, "currency": "CNY"},
        {"minor": 10**15 + 1, "currency": "CNY"},
        {"minor": 10, "currency": "yuan"},
        {"currency": "CNY"},
        10,
    ],
    ids=str,
)
def test_money_is_a_whole_number_of_cents_and_never_negative(amount: Any) -> None:
    with pytest.raises(ValidationError):
        EVENTS["deal-won.v1"].read(told("deal-won.v1", amount=amount))


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        setattr(EXAMPLES["deal-won.v1"], "title", "Something else")  # noqa: B010 - mypy knows it is frozen
