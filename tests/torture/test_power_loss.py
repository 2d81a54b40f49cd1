"""Power is lost at any point of a group commit: whatever a disk may hold then, the store is whole."""

import os
import random
import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.torture.disk import TRACED, Disk, calls
from tests.torture.judging import judge
from tests.torture.writing import Append, heard, written

ROUNDS: Final = int(os.environ.get("TORTURE_ROUNDS", "1000"))
SEED: Final = int(os.environ.get("TORTURE_SEED", "1"))
APPENDS: Final = 400


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """Everything that a writing process did to its files, and what it said, in order."""
    if shutil.which("strace") is None:
        pytest.fail("strace is not installed (Debian: apt-get install strace): power loss was not tried")
    (tmp_path / "store").mkdir()
    trace = tmp_path / "trace"
    strace = ("strace", "-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={TRACED}", "-o", str(trace))
    written(tmp_path / "store" / "events.db", APPENDS, SEED, under=strace)
    return trace


@pytest.mark.timeout(3600)
async def test_whatever_a_disk_holds_after_a_power_loss_the_store_is_whole(
    trace: Path, tmp_path: Path, memory: Path
) -> None:
    chance = random.Random(SEED)
    story = list(calls(trace))
    began = next(n for n, call in enumerate(story) if call.what == "made" and call.path.endswith("events.db"))
    assert sum(call.what == "sync" for call in story) > 50
    assert sum(call.what == "write" and call.path.endswith("events.db") for call in story) > 100
    points = sorted(chance.randrange(began, len(story)) for _ in range(ROUNDS))
    disk = Disk(tmp_path / "store")
    tried: list[Append] = []
    acknowledged: list[Append] = []
    for n, call in enumerate(story):
        while points and points[0] == n:
            points.pop(0)
            here = memory / "after"
            disk.after_power_loss(chance, here)
            try:
                await judge(here / "events.db", tried=tried, acknowledged=acknowledged)
            except BaseException as error:
                error.add_note(f"seed {SEED}, power lost before call {n} of {len(story)}: {here}")
                raise
            shutil.rmtree(here)
        disk.follow(call)
        if call.what == "said" and (told := heard(call.data.decode())):
            (tried if told[0] == "tries" else acknowledged).append(told[1])
    assert len(acknowledged) == APPENDS
