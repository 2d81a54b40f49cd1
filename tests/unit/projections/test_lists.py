"""Lists: pages of what a projection keeps, newest first, filtered by its index."""

import pytest

from shared.projections.database import Database
from shared.projections.lists import Kept
from shared.projections.runner import Runner
from tests.unit.projections.reading import Reader
from tests.unit.projections.sales import Sale, opened, reassigned, sales, stream, won


@pytest.fixture
def reader(database: Database) -> Reader:
    return Reader(Runner(database, "test", [sales()]))


@pytest.fixture
def kept(database: Database) -> Kept[Sale]:
    return Kept(database, sales())


def test_pages_go_from_the_newest_to_the_oldest_and_miss_nothing(reader: Reader, kept: Kept[Sale]) -> None:
    for n in range(5):
        reader.take(*stream(f"deal-{n}", opened(minor=n)))
    first = kept.page(where={}, limit=2)
    assert [name for name, _ in first.items] == ["deal-4", "deal-3"]
    second = kept.page(where={}, cursor=first.next, limit=2)
    third = kept.page(where={}, cursor=second.next, limit=2)
    assert [name for name, _ in (*second.items, *third.items)] == ["deal-2", "deal-1", "deal-0"]
    assert third.next is None


def test_a_page_that_is_just_full_is_the_last(reader: Reader, kept: Kept[Sale]) -> None:
    reader.take(*stream("deal-1", opened()), *stream("deal-2", opened()))
    assert kept.page(where={}, limit=2).next is None
    assert kept.page(where={}, limit=1).next is not None


def test_what_is_made_while_somebody_turns_pages_does_not_shift_them(
    reader: Reader, kept: Kept[Sale]
) -> None:
    for n in range(3):
        reader.take(*stream(f"deal-{n}", opened()))
    first = kept.page(where={}, limit=2)
    reader.take(*stream("deal-3", opened()))
    assert [name for name, _ in kept.page(where={}, cursor=first.next, limit=2).items] == ["deal-0"]


def test_filters_are_joined_by_and_and_none_asks_nothing(reader: Reader, kept: Kept[Sale]) -> None:
    reader.take(*stream("deal-1", opened("wang"), won()), *stream("deal-2", opened("wang")))
    reader.take(*stream("deal-3", opened("li"), won()))
    both = kept.page(where={"owner": "wang", "state": "won"})
    assert [name for name, _ in both.items] == ["deal-1"]
    one = kept.page(where={"owner": None, "state": "won"})
    assert [name for name, _ in one.items] == ["deal-3", "deal-1"]
    assert kept.page(where={"owner": "nobody"}).items == []


def test_a_filter_follows_what_changes(reader: Reader, kept: Kept[Sale]) -> None:
    reader.take(*stream("deal-1", opened("wang")))
    reader.take(*stream("deal-1", reassigned("li"), first=1))
    assert kept.page(where={"owner": "wang"}).items == []
    assert [name for name, _ in kept.page(where={"owner": "li"}).items] == ["deal-1"]


def test_one_entity_and_all_of_them(reader: Reader, kept: Kept[Sale]) -> None:
    reader.take(*stream("deal-1", opened(minor=7)), *stream("deal-2", opened(minor=8)))
    assert kept.get("deal-2") == Sale(owner="wang", minor=8)
    assert kept.get("deal-3") is None
    assert dict(kept.all()) == {"deal-1": Sale("wang", 7), "deal-2": Sale("wang", 8)}


def test_up_to_finds_what_has_come_due_earliest_first(database: Database) -> None:
    timed = sales(index=lambda sale: {} if sale.won else {"due": f"2025-03-{sale.minor:02}"})
    reader = Reader(Runner(database, "test", [timed]))
    for day in (20, 11, 12):
        reader.take(*stream(f"deal-{day}", opened(minor=day)))
    kept = Kept(database, timed)
    due = kept.up_to("due", "2025-03-12")
    assert list(due.items()) == [("deal-11", "2025-03-11"), ("deal-12", "2025-03-12")]
    reader.take(*stream("deal-11", won(), first=1))
    assert list(kept.up_to("due", "2025-03-12")) == ["deal-12"]


def test_counts_say_how_many_have_each_value(reader: Reader, kept: Kept[Sale]) -> None:
    reader.take(*stream("deal-1", opened("wang")), *stream("deal-2", opened("wang"), won()))
    assert kept.counts("owner", ["wang", "li"]) == {"wang": 2}
    assert kept.counts("state", ["open", "won"]) == {"open": 1, "won": 1}
