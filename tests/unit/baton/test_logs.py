"""What of a program's output is shown at once."""

from pathlib import Path

import pytest

from baton import logs
from baton.logs import loud, make_room, tail


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"2025-06-01T10:00:00Z [info     ] all is well", ""),
        (b"2025-06-01T10:00:00.123Z [warning  ] not now path=/deals", "[warning  ] not now path=/deals"),
        (b"\x1b[2m2025-06-01T10:00:00Z\x1b[0m [\x1b[31merror    \x1b[0m] broken", "[error    ] broken"),
        (b"Traceback (most recent call last):", "Traceback (most recent call last):"),
        (b"ERROR:    [Errno 98] address in use", "ERROR:    [Errno 98] address in use"),
        (b"an error-free line", ""),
        (b"\xff\xfe [error] x", "�� [error] x"),
    ],
)
def test_only_warnings_and_worse_are_shown(line: bytes, shown: str) -> None:
    assert loud(line) == shown


def test_the_end_of_a_log_is_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("\n".join(str(n) for n in range(100_000)))
    assert tail(log, lines=2) == "99998\n99999"
    assert tail(tmp_path / "none.log") == ""


def test_a_large_log_makes_room_and_is_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST", 3)
    log = tmp_path / "x.log"
    log.write_text("long")
    make_room(log)
    assert not log.exists()
    assert (tmp_path / "x.log.1").read_text() == "long"
