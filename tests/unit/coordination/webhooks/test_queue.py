"""What waits, how far it was read and who may change it: rows, in SQLite and PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from services.coordination.webhooks import queue as queueing
from services.coordination.webhooks.queue import LEASE_FOR, Arrived, Cursor, Fenced, Queue, open_queue
from shared.projections import locks
from shared.projections.database import Database, open_database
from tests.silent import wait_until_put_out
from tests.unit.coordination.webhooks.queueing import DEALS, NOW, arrived, in_office, settled, take, waits

SECOND = timedelta(seconds=1)


@pytest.fixture
def database(queue_url: str) -> Iterator[Database]:
    """The read model beside it."""
    it = open_database(queue_url)
    yield it
    it.place.remove(it.number)
    it.dispose()


def test_what_was_taken_waits_in_its_order_and_reading_goes_on_behind_it(queue_url: str) -> None:
    queue = open_queue(queue_url)
    term = in_office(queue)
    assert queue.begin(term, "wh-1", 1) is None
    assert (queue.cursors("wh-1"), queue.waiting("wh-1")) == ({}, [])
    take(queue, term, arrived("deal-1", 0), arrived("deal-2", 0))
    take(queue, term, arrived("deal-1", 1), offset=2, position=11)
    queue.close()
    again = open_queue(queue_url)  # whoever opens it finds all of it
    assert again.begin(in_office(again), "wh-1", 1) is None
    assert again.cursors("wh-1") == {DEALS: Cursor(2, 11)}
    rows = again.waiting("wh-1")
    assert waits(rows) == ["deal-1-0", "deal-2-0", "deal-1-1"]
    assert (rows[0].body, rows[0].attempts, rows[0].due_at) == (b"deal-1 0", 0, NOW)
    assert waits(again.waiting("wh-1", after=rows[0].id)) == ["deal-2-0", "deal-1-1"]
    again.close()


def test_what_came_of_it(queue: Queue) -> None:
    term = in_office(queue)
    queue.begin(term, "wh-1", 1)
    take(queue, term, *(arrived("deal-1", n) for n in range(3)))
    delivered, failed, died = queue.waiting("wh-1")
    outcomes = [
        settled(delivered),
        settled(failed, error="It answered 500.", again_in=SECOND),
        settled(died, error="It answered 500."),
    ]
    queue.settle(term, "wh-1", 1, outcomes, paused_until=NOW + 9 * SECOND)
    assert queue.waiting("wh-1") == [replace(failed, attempts=1, due_at=NOW + SECOND)]
    [dead] = queue.dead("wh-1").items
    assert (dead.event_id, dead.attempts, dead.error, dead.died_at) == (
        "deal-1-2",
        1,
        "It answered 500.",
        NOW,
    )
    log = queue.attempts("wh-1").items
    assert log == [outcome.attempt for outcome in reversed(outcomes)]
    standing = queue.standing("wh-1")
    assert (standing.waiting, standing.dead, standing.paused_until) == (1, 1, NOW + 9 * SECOND)
    assert queue.begin(term, "wh-1", 1) == NOW + 9 * SECOND


def test_the_log_of_attempts_in_pages_and_only_the_newest(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "KEPT_ATTEMPTS", 3)
    monkeypatch.setattr(queueing, "TIDIED_EVERY", 1)
    term = in_office(queue)
    queue.begin(term, "wh-1", 1)
    take(queue, term, *(arrived("deal-1", n) for n in range(5)))
    for row in queue.waiting("wh-1"):
        queue.settle(term, "wh-1", 1, [settled(row)])
    first = queue.attempts("wh-1", limit=2)
    assert [it.event_id for it in first.items] == ["deal-1-4", "deal-1-3"]
    rest = queue.attempts("wh-1", cursor=first.next, limit=2)
    assert ([it.event_id for it in rest.items], rest.next) == (["deal-1-2"], None)


def test_dead_letters_wait_again_behind_what_waits(queue: Queue) -> None:
    term = in_office(queue)
    queue.begin(term, "wh-1", 1)
    take(queue, term, *(arrived("deal-1", n) for n in range(4)))
    for row in queue.waiting("wh-1")[:3]:
        queue.settle(term, "wh-1", 1, [settled(row, error="It answered 500.")])
    assert queue.redeliver("wh-1", event_id="deal-1-1", now=NOW) == 1
    assert queue.redeliver("wh-1", event_id="deal-1-1", now=NOW) == 0
    assert queue.redeliver("wh-2", event_id=None, now=NOW) == 0
    assert queue.redeliver("wh-1", event_id=None, now=NOW) == 2
    rows = queue.waiting("wh-1")
    assert waits(rows) == ["deal-1-3", "deal-1-1", "deal-1-0", "deal-1-2"]
    assert {row.attempts for row in rows} == {0}
    assert queue.dead("wh-1").items == []


def test_so_many_dead_letters_at_once(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queueing, "REDELIVERED_AT_ONCE", 2)
    term = in_office(queue)
    queue.begin(term, "wh-1", 1)
    take(queue, term, *(arrived("deal-1", n) for n in range(3)))
    for row in queue.waiting("wh-1"):
        queue.settle(term, "wh-1", 1, [settled(row, error="It answered 500.")])
    assert queue.redeliver("wh-1", event_id=None, now=NOW) == 2
    assert queue.standing("wh-1").dead == 1


def test_one_sends_at_a_time_and_who_was_taken_for_dead_changes_nothing(queue: Queue) -> None:
    old = in_office(queue, "old")
    queue.begin(old, "wh-1", 1)
    take(queue, old, arrived("deal-1", 0))
    assert queue.acquire("new", now=NOW + SECOND) is None
    queue.renew(old, now=NOW + LEASE_FOR)
    assert queue.acquire("new", now=NOW + LEASE_FOR + SECOND) is None
    new = in_office(queue, "new", now=NOW + 2 * LEASE_FOR + SECOND)
    [row] = queue.waiting("wh-1")
    changes: list[Callable[[], object]] = [
        lambda: queue.renew(old, now=NOW),
        lambda: queue.begin(old, "wh-1", 2),
        lambda: take(queue, old, arrived("deal-1", 1), offset=2),
        lambda: queue.settle(old, "wh-1", 1, [settled(row)]),
        lambda: queue.forget(old, "wh-1"),
    ]
    for change in changes:
        with pytest.raises(Fenced):
            change()
    queue.give_up(old)
    queue.renew(new, now=NOW)
    assert queue.waiting("wh-1") == [row]
    assert queue.cursors("wh-1") == {DEALS: Cursor(1, 10)}
    queue.give_up(new)
    assert in_office(queue, "third", now=NOW).number > new.number


@pytest.mark.parametrize("queue_url", ["postgresql"], indirect=True)
def test_who_is_frozen_in_the_middle_of_a_change_holds_nobody_up(
    queue: Queue, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "PATIENCE_SECONDS", 0.3)
    thawed = Event()

    class Freezing(list[Arrived]):
        def __iter__(self) -> Iterator[Arrived]:
            assert thawed.wait(30)
            return super().__iter__()

    old = in_office(queue, "old")
    queue.begin(old, "wh-1", 1)
    with ThreadPoolExecutor(1) as frozen:
        change = frozen.submit(queue.take, old, "wh-1", 1, Freezing([arrived("deal-1", 0)]), {}, now=NOW)
        try:
            wait_until_put_out(database)
            new = in_office(queue, "new", now=NOW + LEASE_FOR + SECOND)
        finally:
            thawed.set()
        with pytest.raises(OperationalError):
            change.result()
    take(queue, new, arrived("deal-1", 0))
    assert waits(queue.waiting("wh-1")) == ["deal-1-0"]


def test_a_later_reading_begins_with_nothing_and_the_one_before_is_over(queue: Queue) -> None:
    term = in_office(queue)
    queue.begin(term, "wh-1", 1)
    take(queue, term, arrived("deal-1", 0), arrived("deal-1", 1))
    first, second = queue.waiting("wh-1")
    queue.settle(term, "wh-1", 1, [settled(first, error="It answered 500.")], paused_until=NOW + SECOND)
    assert queue.begin(term, "wh-1", 2) is None
    assert (queue.cursors("wh-1"), queue.waiting("wh-1")) == ({}, [])
    assert queue.standing("wh-1").dead == 1
    changes: list[Callable[[], object]] = [
        lambda: queue.begin(term, "wh-1", 1),
        lambda: take(queue, term, arrived("deal-1", 2)),
        lambda: queue.settle(term, "wh-1", 1, [settled(second)]),
    ]
    for change in changes:
        with pytest.raises(Fenced):
            change()
    take(queue, term, arrived("deal-1", 0), reading=2)
    assert waits(queue.waiting("wh-1")) == ["deal-1-0"]


def test_of_a_webhook_that_was_removed_nothing_stays(queue: Queue) -> None:
    term = in_office(queue)
    for webhook in ("wh-1", "wh-2"):
        queue.begin(term, webhook, 1)
    take(queue, term, arrived("deal-1", 0), arrived("deal-2", 0))
    first, _ = queue.waiting("wh-1")
    queue.settle(term, "wh-1", 1, [settled(first, error="It answered 500.")])
    queue.forget(term, "wh-1")
    standing = queue.standing("wh-1")
    assert (standing.waiting, standing.dead, queue.attempts("wh-1").items) == (0, 0, [])
    with pytest.raises(Fenced):
        take(queue, term, arrived("deal-1", 0))
    queue.begin(term, "wh-2", 1)


def test_it_stays_when_read_models_come_and_go(queue_url: str) -> None:
    queue = open_queue(queue_url)
    term = in_office(queue)
    queue.begin(term, "wh-1", 1)
    take(queue, term, arrived("deal-1", 0))
    database = open_database(queue_url)
    with database.beside() as built:
        database.take_over(built)
    with database.beside() as built:
        database.take_over(built)
    numbers = database.place.numbers()
    database.dispose()
    assert waits(queue.waiting("wh-1")) == ["deal-1-0"]
    queue.close()
    database = open_database(queue_url)
    for number in numbers:
        database.place.remove(number)
    database.dispose()
    again = open_queue(queue_url)
    assert waits(again.waiting("wh-1")) == ["deal-1-0"]
    again.close()


def test_in_sqlite_it_has_a_file_of_its_own(tmp_path: Path) -> None:
    open_queue(f"sqlite:///{tmp_path}/data/read.db").close()
    assert [path.name for path in (tmp_path / "data").glob("*.db")] == ["webhooks.db"]
