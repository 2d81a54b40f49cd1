"""Who writes to the store that is tortured: says each append before it tries, and when it was acknowledged.

`python -m tests.torture.writing PATH APPENDS SEED`
"""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from shared.eventstore import sqlite_file
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NOTHING, NewEvent
from tests.house import ROOT

WRITERS: Final = 8
MOST_TOGETHER: Final = 4
MOST_BYTES: Final = 3000
WAL_PAGES: Final = 40
"""The log is copied into the file again and again, and not only after 16 MB."""


class Append(NamedTuple):
    stream: str
    first: int
    """The revision of its first event."""
    ids: tuple[UUID, ...]


async def write(path: Path, appends: int, seed: int) -> None:
    chance = random.Random(seed)
    sqlite_file.WAL_PAGES = WAL_PAGES  # type: ignore[misc] # this process is there for nothing else
    store = SqliteStore(path)

    async def one(writer: int) -> None:
        stream = f"deal-{seed}.{writer}"
        revision = NOTHING
        for _ in range(appends // WRITERS):
            count = chance.randint(1, MOST_TOGETHER)
            events = [_event(chance) for _ in range(count)]
            append = Append(stream, revision + 1, tuple(event.id for event in events))
            _say("tries", append)
            await store.append(stream, events, expected=revision)
            _say("has", append)
            revision += count

    await asyncio.gather(*(one(writer) for writer in range(WRITERS)))
    await store.close()


def written(path: Path, appends: int, seed: int, *, under: Sequence[str] = ()) -> None:
    """By a process of its own, run by another program if one is given; raises ``CalledProcessError``."""
    writing = [sys.executable, "-m", "tests.torture.writing", str(path), str(appends), str(seed)]
    subprocess.run([*under, *writing], cwd=ROOT, check=True, timeout=200, stdout=subprocess.PIPE)


def heard(line: str) -> tuple[str, Append] | None:
    """What a line says; ``None`` for one that was cut off."""
    if not line.endswith("\n"):
        return None
    word, stream, first, *ids = line.split()
    return word, Append(stream, int(first), tuple(UUID(id_) for id_ in ids))


def _say(word: str, append: Append) -> None:
    os.write(1, " ".join([word, append.stream, str(append.first), *map(str, append.ids)]).encode() + b"\n")


def _event(chance: random.Random) -> NewEvent:
    data = b'{"note":"' + b"x" * chance.randint(0, MOST_BYTES) + b'"}'
    return NewEvent(UUID(bytes=chance.randbytes(16)), "deal-opened.v1", data, b"{}")


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
