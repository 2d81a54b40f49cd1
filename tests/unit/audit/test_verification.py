"""Whatever is done to an export, verification finds it, and names it."""

import asyncio
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.audit import page as pages
from shared.audit.page import Page, Signed, Told
from shared.eventstore.sqlite import SqliteStore
from tests.unit.audit.sealing import KEY, found_in, newest, sealed_in_turns

PAGES, EVENTS = 4, 6


@cache
def export() -> tuple[bytes, ...]:
    """Four pages, each before its six events."""

    async def made(folder: str) -> list[bytes]:
        store = SqliteStore(Path(folder) / "events.db")
        try:
            return await sealed_in_turns(store, pages=PAGES, events=EVENTS)
        finally:
            await store.close()

    with TemporaryDirectory() as folder:
        return tuple(asyncio.run(made(folder)))


PLACES = st.integers(0, PAGES * (EVENTS + 1) - 1)
EVENT_PLACES = PLACES.filter(lambda n: n % (EVENTS + 1))
PAGE_PLACES = PLACES.filter(lambda n: not n % (EVENTS + 1))


def kinds(lines: list[bytes]) -> set[str]:
    """Of all findings, told by somebody who had noted down the newest page."""
    return {finding.kind for finding in found_in(lines, at_least=[newest(export())])}


def event_at(place: int) -> Told:
    return msgspec.json.decode(
        msgspec.json.decode(export()[place], type=dict[str, msgspec.Raw])["event"], type=Told
    )


def written(event: Told) -> bytes:
    return msgspec.json.encode({"event": event}) + b"\n"


def test_an_export_is_what_was_sealed() -> None:
    assert len(export()) == PAGES * (EVENTS + 1)
    assert kinds([*export()]) == set()


@given(place=EVENT_PLACES, data=st.data())
def test_a_changed_field_of_an_event_is_found_and_the_event_named(place: int, data: st.DataObject) -> None:
    event = event_at(place)
    field = data.draw(st.sampled_from([name for name in Told.__struct_fields__ if name != "id"]))
    was = getattr(event, field)
    other: Any = data.draw(st.integers(0, 10**6) if isinstance(was, int) else st.text(max_size=9))
    lines = [*export()]
    lines[place] = written(msgspec.structs.replace(event, **{field: other}))
    if other == was:
        assert kinds(lines) == set()
        return
    [finding] = found_in(lines, at_least=[newest(export())])
    assert finding.kind == "changed"
    assert event.id in finding.what
    assert f"of {event.stream}, position {event.position}" in finding.what


@given(place=PLACES, data=st.data())
def test_no_byte_can_be_another(place: int, data: st.DataObject) -> None:
    line = bytearray(export()[place][:-1])
    at = data.draw(st.integers(0, len(line) - 1))
    line[at] ^= data.draw(st.integers(1, 255))
    lines = [*export()]
    lines[place] = bytes(line) + b"\n"
    assert kinds(lines)


@given(place=PLACES)
def test_a_line_that_is_gone_is_missed(place: int) -> None:
    lines = [*export()]
    del lines[place]
    missed = {"removed"} if place % (EVENTS + 1) else {"page missing", "page forged", "cut off"}
    assert kinds(lines) & missed
    if place % (EVENTS + 1):
        [finding] = found_in(lines)
        assert event_at(place).id in finding.what


@given(place=EVENT_PLACES, to=PLACES.filter(bool))
def test_an_event_that_was_put_in_is_found(place: int, to: int) -> None:
    event = msgspec.structs.replace(event_at(place), id="8c6f1f6e-0000-4000-8000-000000000000")
    lines = [*export()]
    lines.insert(to, written(event))
    [finding] = found_in(lines, at_least=[newest(export())])
    assert finding.kind == "inserted"
    assert event.id in finding.what


@given(place=PLACES, to=PLACES)
def test_a_line_that_is_there_twice_is_found(place: int, to: int) -> None:
    lines = [*export()]
    lines.insert(to, lines[place])
    assert kinds(lines) & {"inserted", "moved", "page forged"}


@given(one=PLACES, other=PLACES)
def test_two_lines_that_were_swapped_are_found(one: int, other: int) -> None:
    lines = [*export()]
    lines[one], lines[other] = lines[other], lines[one]
    assert bool(kinds(lines)) == (one != other)


@given(place=PLACES.filter(bool), torn=st.integers(0, 100))
def test_an_end_that_was_cut_off_is_found_by_who_noted_down_the_newest_page(place: int, torn: int) -> None:
    lines = [*export()[:place], export()[place][:torn]]
    assert kinds(lines)


@given(place=PAGE_PLACES, again=st.booleans())
def test_a_page_that_was_rewritten_is_found_even_if_it_was_signed_with_another_key(
    place: int, again: bool
) -> None:
    lines = [*export()]
    signed = msgspec.json.decode(lines[place], type=Signed)
    page = msgspec.json.decode(signed.page, type=Page)
    fewer = msgspec.structs.replace(page, entries=page.entries[:-1])
    body = msgspec.Raw(msgspec.json.encode(fewer))
    signature = pages.signing_key("another " * 8).sign(bytes(body)).hex() if again else signed.signature
    lines[place] = msgspec.json.encode(Signed(body, signature)) + b"\n"
    del lines[place + EVENTS]  # and the event that it does not tell any more
    found = found_in(lines)
    assert [it.kind for it in found if it.what.startswith(f"page {page.number} ")] == ["page forged"]


def test_who_has_the_key_can_rewrite_history_but_not_what_somebody_noted_down() -> None:
    rewritten, before = [], pages.BEFORE_THE_FIRST
    for line in export():
        if not line.startswith(b'{"page"'):
            continue
        page = msgspec.json.decode(msgspec.json.decode(line, type=Signed).page, type=Page)
        page = msgspec.structs.replace(page, previous=before, entries=page.entries[:1])
        rewritten.append(pages.signed(page, KEY) + b"\n")
        before = pages.end(rewritten[-1]).sha256
        place = page.number * (EVENTS + 1) + 1
        rewritten.append(export()[place])
    assert found_in(rewritten) == []
    assert kinds(rewritten) == {"cut off"}


def test_a_page_of_another_history_does_not_fit_in_though_its_signature_is_right() -> None:
    place = EVENTS + 1
    page = msgspec.json.decode(msgspec.json.decode(export()[place], type=Signed).page, type=Page)
    other = pages.signed(msgspec.structs.replace(page, previous="f" * 64), KEY)
    found = found_in([*export()[:place], other, *export()[place + 1 :]])
    assert [it.what.partition(" does")[0] for it in found] == ["page 1", "page 2"]


def test_pages_of_another_service_are_not_taken_for_this_ones() -> None:
    first = msgspec.json.decode(msgspec.json.decode(export()[0], type=Signed).page, type=Page)
    other = msgspec.structs.replace(
        first, service="customers", number=1, previous=pages.end(export()[0]).sha256
    )
    lines = [*export()[: EVENTS + 1], pages.signed(other, KEY), *export()[1 : EVENTS + 1]]
    [finding] = found_in(lines)
    assert (finding.kind, finding.what) == ("page forged", "page 1 is of customers, not of orders")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"{}",
        b"null",
        b"[]",
        b'{"page":',
        b'{"event":{}}',
        b'{"page":{},"signature":"00"}',
        b"\xff\xfe",
        b"1e999",
    ],
)
def test_what_is_no_line_of_an_export_is_said_to_be_none(line: bytes) -> None:
    assert [it.kind for it in found_in([*export(), line])] == ["unreadable"]


def test_an_empty_export_proves_nothing() -> None:
    assert [it.kind for it in found_in([])] == ["cut off"]


def test_any_of_several_keys_may_have_signed() -> None:
    other = pages.public_text(pages.signing_key("another " * 8))
    assert found_in(export(), keys=[other, pages.public_text(KEY)]) == []
    assert {it.kind for it in found_in(export(), keys=[other])} == {"page forged"}
