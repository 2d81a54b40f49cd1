"""Kills a writing process at a moment of chance, again and again on one store, and judges what is there.

`python -m tests.torture.killing PATH ROUNDS SEED`; it prints the rounds, and the appends acknowledged.
"""

import asyncio
import os
import random
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Final

from tests.killed import in_a_child
from tests.torture.judging import judge
from tests.torture.writing import Append, heard, write

MOST_LINES: Final = 120
APPENDS: Final = 400


def main(path: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    acknowledged = 0
    for turn in range(rounds):
        here = path.with_name(f"{path.stem}-{turn // 10}.db")  # so that it is opened after ten kills, too
        tried, had = _killed(here, seed=seed + turn, lines=chance.randrange(MOST_LINES))
        acknowledged += len(had)
        if in_a_child(partial(_judge, here, tried, had)):
            sys.exit(f"seed {seed}, round {turn}: {here}")
    print(rounds, acknowledged)  # noqa: T201 - the test reads it


def _killed(path: Path, *, seed: int, lines: int) -> tuple[list[Append], list[Append]]:
    """What the process tried, and what was acknowledged, until it had said so many lines."""
    ours, its = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(its, 1)
        os.close(ours)
        asyncio.run(write(path, APPENDS, seed))
        os._exit(0)
    os.close(its)
    with os.fdopen(ours) as said:
        told = [said.readline() for _ in range(lines)]
        os.kill(child, signal.SIGKILL)
        told += said.readlines()
    os.waitpid(child, 0)
    lines_of = [line for line in map(heard, told) if line]
    return [it for word, it in lines_of if word == "tries"], [it for word, it in lines_of if word == "has"]


def _judge(path: Path, tried: list[Append], had: list[Append]) -> None:
    asyncio.run(judge(path, tried=tried, acknowledged=had))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
