"""One read model is served at a time; whoever looks at an old one sees it to the end, and then it is gone."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text

from shared.projections.database import Database, open_database
from shared.projections.places import place_of
from shared.projections.tables import checkpoints, dropped, total_shifts


def test_who_looks_at_the_old_one_sees_it_to_the_end_and_then_it_goes(database: Database, url: str) -> None:
    _mark(database, "old")
    with database.beside() as beside:
        _mark(beside, "new")
        with database.connect() as early, database.moment() as before:
            assert _marks(before) == ["old"]
            database.take_over(beside)
            assert (_marks(early), _marks(before)) == (["old"], ["old"])
            with database.connect() as late:
                assert _marks(late) == ["new"]
            assert place_of(url).numbers() == {0, 1}
        assert place_of(url).numbers() == {1}
    with database.connect() as tx:
        assert _marks(tx) == ["new"]


def test_what_did_not_take_over_goes(database: Database, url: str) -> None:
    _mark(database, "old")
    with database.beside() as beside:
        _mark(beside, "new")
        assert place_of(url).numbers() == {0, 1}
    assert place_of(url).numbers() == {0}
    with database.connect() as tx:
        assert _marks(tx) == ["old"]


def test_what_is_in_the_log_is_copied_into_the_file_beside_who_reads(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/read.db")
    _mark(database, "kept")
    with database.connect() as reading:
        assert _marks(reading) == ["kept"]
        database.copy_back()
    without_its_log = tmp_path / "alone.db"
    shutil.copy(tmp_path / "read.db", without_its_log)
    alone = open_database(f"sqlite:///{without_its_log}")
    with alone.connect() as tx:
        assert _marks(tx) == ["kept"]
    for it in (alone, database):
        it.dispose()


def test_after_a_start_the_newest_one_that_was_served_is_served(database: Database, url: str) -> None:
    for mark in ("first", "second"):
        with database.beside() as beside:
            _mark(beside, mark)
            database.take_over(beside)
    database.dispose()
    again = open_database(url)
    assert again.number == 2
    with again.connect() as tx:
        assert _marks(tx) == ["second"]
    again.dispose()


def test_what_was_being_built_when_the_process_died_is_gone_after_a_start(
    database: Database, url: str
) -> None:
    _mark(database, "old")
    broken_off = database.beside()
    half = broken_off.__enter__()
    _mark(half, "half")
    half.dispose()  # as all connections of a process are closed that dies
    place = place_of(url)
    _, hold = place.new()
    hold.close()  # died before there were any tables
    database.dispose()
    again = open_database(url)
    assert (again.number, place.numbers()) == (0, {0})
    with again.connect() as tx:
        assert _marks(tx) == ["old"]
    again.dispose()


def test_one_that_the_tables_of_today_do_not_fit_is_begun_anew(database: Database, url: str) -> None:
    _mark(database, "old")
    with database.begin() as tx:
        tx.execute(text("alter table entities add column colour text"))
    database.dispose()
    again = open_database(url)
    assert (again.number, place_of(url).numbers()) == (1, {1})
    with again.connect() as tx:
        assert _marks(tx) == []
    again.dispose()
    once_more = open_database(url)
    assert once_more.number == 1
    once_more.dispose()


def test_one_that_lacks_a_table_that_is_written_with_every_event_is_begun_anew(
    database: Database, url: str
) -> None:
    _mark(database, "old")
    with database.begin() as tx:
        total_shifts.drop(tx)
    database.dispose()
    again = open_database(url)
    with again.connect() as tx:
        assert _marks(tx) == []
    again.dispose()


def test_one_that_only_lacks_the_table_of_what_people_dropped_is_kept(database: Database, url: str) -> None:
    _mark(database, "old")
    with database.begin() as tx:
        dropped.drop(tx)
    database.dispose()
    again = open_database(url)
    with again.connect() as tx:
        assert _marks(tx) == ["old"]
        assert tx.execute(select(dropped)).all() == []
    again.dispose()


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    for name in ("read-x.db", "read-1.db.bak", "other-1.db", "read-1.txt"):
        (tmp_path / name).write_text("mine")
    open_database(f"sqlite:///{tmp_path}/read.db").dispose()
    assert {path.name for path in tmp_path.iterdir() if path.read_bytes() == b"mine"} == {
        "read-x.db",
        "read-1.db.bak",
        "other-1.db",
        "read-1.txt",
    }


@pytest.mark.slow
def test_killed_before_some_line_a_start_finds_the_old_one_or_the_new_one_whole(url: str) -> None:
    every = "31" if url.startswith("postgresql") else "7"  # of some 430 lines; "1" takes minutes
    killing = [sys.executable, "-m", "tests.unit.projections.killing", url, every]
    done = subprocess.run(killing, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert found == sorted(
        found
    )  # neither a read model that was replaced nor a number of the feed comes back
    assert 1 < len({number for number, _ in found}) < len(found)  # killed before the swap, and after it


def _mark(database: Database, name: str) -> None:
    with database.begin() as tx:
        tx.execute(insert(checkpoints).values(source=name, partition=0, position=1))


def _marks(tx: Connection) -> list[str]:
    return list(tx.scalars(select(checkpoints.c.source)))
