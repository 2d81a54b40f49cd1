"""The folder and the ports of one `baton up`."""

import socket
import sqlite3
from pathlib import Path

import pytest

from baton.places import CannotStart, broker_port, free, held, sound


def test_only_one_may_hold_a_folder(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(CannotStart, match=r"Another `baton up` \(process \d+\)"):
        held(tmp_path).__enter__()
    with held(tmp_path):
        pass


def test_a_file_is_no_data_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(CannotStart, match="is not a folder"):
        held(tmp_path / "data").__enter__()
    with pytest.raises(CannotStart, match="is not a folder"):
        held(tmp_path / "data" / "deeper").__enter__()


def test_a_broken_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "orders").mkdir()
    with sqlite3.connect(tmp_path / "orders" / "events.db") as good:
        good.execute("CREATE TABLE t (x)")
    good.close()
    (tmp_path / "orders" / "new.db").touch()
    sound(tmp_path)
    (tmp_path / "orders" / "read.db").write_text("not a database")
    with pytest.raises(CannotStart, match=r"orders/read\.db is not a SQLite database: remove it"):
        sound(tmp_path)
    (tmp_path / "orders" / "events.db").write_text("not a database")
    with pytest.raises(CannotStart, match=r"orders/events\.db is not a SQLite database: `baton restore`"):
        sound(tmp_path)


def test_a_folder_that_is_half_restored_is_refused(tmp_path: Path) -> None:
    (tmp_path / "restoring").touch()
    with pytest.raises(CannotStart, match="was broken off: run it again, with --replace"):
        sound(tmp_path)


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"Port {port} \(orders\) is in use"):
            free({"orders": port})
        assert broker_port(port) != port
    free({"orders": port})
    assert broker_port(port) == port


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(CannotStart, match="is no port"):
        free({"customers": port})
