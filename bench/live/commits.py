"""Watches a read model from outside: when which number of its cell log was committed."""

import sqlite3
import sys
import time
from pathlib import Path
from typing import Final

LOOK_EVERY_SECONDS: Final = 0.001


def watch(database: Path, until: Path) -> None:
    """Prints ``number seconds`` for every commit, until the file ``until`` is there.

    The moment (``time.time``) is late by a millisecond at most, or by what a busy core adds.
    """
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)
    seen, last = None, 0
    while True:
        version = db.execute("pragma data_version").fetchone()[0]
        if version != seen:
            at = time.time()
            row = db.execute("select seq from sqlite_sequence where name = 'cell_log'").fetchone()
            if row and row[0] > last:
                last = row[0]
                print(last, at, flush=False)
            seen = version
        elif until.exists():
            return
        time.sleep(LOOK_EVERY_SECONDS)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), Path(sys.argv[2]))
