"""Restores in a process that is killed before one line of it; then before the next one.

After each kill the folder is as it was, or as the backup, or `baton up` refuses it; and the same command
again, allowed to replace, does it whatever was left.
"""

import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from baton.backup import cut, durable, keys, restoring
from baton.places import CannotStart, sound
from shared.events.catalogue import SERVICES
from tests.killed import in_a_child, killed

OF: Final = {cut.__file__, durable.__file__, keys.__file__, restoring.__file__}


def main(backup: Path, data: Path, work: Path, every: int) -> None:
    for step in count(every, every):
        here = work / f"killed-{step}"
        shutil.copytree(data, here)
        once = partial(_restore, backup, here)
        ended = in_a_child(partial(killed, once, before=step, of=OF))
        if ended != -signal.SIGKILL:
            sys.exit(ended)
        if in_a_child(partial(_look, data, backup, here)):
            sys.exit(f"killed before line {step}, it was not whole")
        in_a_child(partial(killed, once, before=step // 2, of=OF))  # and once more, sooner
        if in_a_child(partial(_look, data, backup, here)):
            sys.exit(f"killed before line {step}, and then before line {step // 2}, it was not whole")
        if in_a_child(once) or in_a_child(partial(_must_be, backup, here)):
            sys.exit(f"killed before line {step}, it could not be done again")
        shutil.rmtree(here)


def _restore(backup: Path, here: Path) -> None:
    restoring.restore(backup, here, replace=True, erased={}, environment={})


def _look(data: Path, backup: Path, here: Path) -> None:
    try:
        sound(here)
        state = "old" if _events(here) == _events(data) else "new"
    except CannotStart:
        state = "refused"
    if state == "new":
        _must_be(backup, here)
    print(state)  # noqa: T201 - the test reads it


def _must_be(backup: Path, here: Path) -> None:
    sound(here)
    assert _events(here) == _events(backup)
    assert not (here / "kafka").exists()


def _events(folder: Path) -> list[int]:
    found: list[int] = []
    for service in SERVICES:
        with closing(sqlite3.connect(folder / service / "events.db")) as db:
            found += db.execute("select count(*) from events").fetchone()
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
