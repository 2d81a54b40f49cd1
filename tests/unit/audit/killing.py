"""Seals in a process that is killed before one line of it; then before a later one: the chain goes on."""

import asyncio
import signal
import sys
from functools import partial
from itertools import count
from pathlib import Path

from shared.audit import ledger
from shared.eventstore.sqlite import SqliteStore
from tests.killed import in_a_child, killed
from tests.unit.audit.sealing import found_in, sealed_in_turns

OF = {ledger.__file__}


def main(folder: Path, every: int) -> None:
    for step in count(every, every):
        ended = in_a_child(partial(killed, partial(_work, folder), before=step, of=OF))
        if in_a_child(partial(_work, folder)):
            sys.exit(f"killed before line {step}, the ledger does not go on")
        if ended != -signal.SIGKILL:
            sys.exit(ended)
        print("killed")  # noqa: T201 - the test reads it


def _work(folder: Path) -> None:
    asyncio.run(_seal(folder / "events.db"))


async def _seal(path: Path) -> None:
    store = SqliteStore(path)
    lines = await sealed_in_turns(store, pages=2, events=4)
    await store.close()
    assert found_in(lines) == []


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
