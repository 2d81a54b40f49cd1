"""The contract of the events is on file, whole, and never breaks who reads it."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from services import event_pages
from shared.events.catalogue import EVENTS
from shared.events.compatible import Incompatible, check
from shared.events.documents import json_schema
from shared.events.words import EVENTS_ZH, FIELDS_ZH

FOLDER: Final = Path(__file__).parents[2] / event_pages.FOLDER
FILES: Final = dict(event_pages.files())
READERS: Final = event_pages.readers()
NAME: Final = "deal-won.v1"


def test_no_published_event_breaks_its_readers() -> None:
    """The message says what to do instead."""
    event_pages.check_published(FOLDER)


def test_the_folder_is_what_the_events_say() -> None:
    """When it is not, ``make docs`` writes it anew."""
    on_file = {str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*") if file.is_file()}
    assert on_file == FILES.keys()
    stale = [name for name, text in FILES.items() if (FOLDER / name).read_text(encoding="utf-8") != text]
    assert stale == []


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_says_what_it_means_and_is_read_by_somebody(name: str) -> None:
    event = EVENTS[name]
    assert event.__doc__
    assert name in EVENTS_ZH
    assert [field for field in event.model_fields if field not in FIELDS_ZH] == []
    assert READERS[name]


def test_who_wins_a_deal_is_read_about_by_orders_and_performance() -> None:
    read_by = READERS[NAME]
    assert "orders (open-order-of-won-deal)" in read_by
    assert any(reader.startswith("performance") for reader in read_by)


Change = Callable[[dict[str, Any]], object]

ALLOWED: Final[dict[str, Change]] = {
    "nothing": lambda _: None,
    "other words": lambda s: s.update(description="Said better."),
    "a field that may be left out": lambda s: s["properties"].update(note={"type": "string"}),
}
BREAKS: Final[dict[str, tuple[Change, str]]] = {
    "a field that is gone": (lambda s: s["properties"].pop("title"), "title is gone"),
    "a field that has to be there": (
        lambda s: (s["properties"].update(note={"type": "string"}), s["required"].append("note")),
        "note has to be there now",
    ),
    "a field that may be left out now": (
        lambda s: s["required"].remove("owner"),
        "owner may be left out now",
    ),
    "another type": (lambda s: s["properties"]["title"].update(type="integer"), "`type` was 'string'"),
    "a tighter limit": (lambda s: s["properties"]["title"].update(maxLength=20), "`maxLength` was 500"),
    "a looser limit": (lambda s: s["properties"]["title"].update(maxLength=5000), "`maxLength` was 500"),
    "a keyword more": (lambda s: s["properties"]["owner"].update(enum=["a"]), "`enum` was None"),
    "a change inside a part": (
        lambda s: s["$defs"]["Money"]["properties"]["minor"].update(type="number"),
        "amount: minor: `type` was 'integer'",
    ),
    "another default": (
        lambda s: s["$defs"]["Money"]["properties"]["currency"].update(default="USD"),
        "currency: `default` was 'CNY'",
    ),
}


@pytest.mark.parametrize("change", ALLOWED.values(), ids=ALLOWED)
def test_what_nobody_trips_over_is_allowed(change: Change) -> None:
    change(now := copy.deepcopy(json_schema(EVENTS[NAME])))
    check(NAME, json_schema(EVENTS[NAME]), now)


@pytest.mark.parametrize(("change", "said"), BREAKS.values(), ids=BREAKS)
def test_what_breaks_a_reader_is_refused_and_says_what_to_do(change: Change, said: str) -> None:
    change(now := copy.deepcopy(json_schema(EVENTS[NAME])))
    with pytest.raises(Incompatible) as refused:
        check(NAME, json_schema(EVENTS[NAME]), now)
    assert said in str(refused.value)
    assert "deal-won.v2" in str(refused.value)


def test_a_list_of_other_things_is_refused() -> None:
    schema = {"type": "object", "properties": {"all": {"type": "array", "items": {"type": "string"}}}}
    other = copy.deepcopy(schema)
    other["properties"]["all"]["items"]["type"] = "integer"  # type: ignore[index]
    with pytest.raises(Incompatible, match="all: each: `type`"):
        check("x.v1", schema, other)


def test_what_would_break_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    published = json_schema(EVENTS[NAME])
    published["properties"]["discount"] = {"type": "string"}
    (tmp_path / "schemas" / f"{NAME}.json").write_text(event_pages._json(published))
    with pytest.raises(Incompatible, match="discount is gone"):
        event_pages.check_published(tmp_path)
