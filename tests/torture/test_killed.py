"""`kill -9` at moments of chance: what was acknowledged is there, and nothing is there in part."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.house import ROOT

ROUNDS: Final = max(1, int(os.environ.get("TORTURE_ROUNDS", "1000")) // 5)
SEED: Final = int(os.environ.get("TORTURE_SEED", "1"))


@pytest.mark.timeout(3600)
def test_what_was_acknowledged_survives_every_kill(tmp_path: Path) -> None:
    program = [
        sys.executable,
        "-m",
        "tests.torture.killing",
        str(tmp_path / "events.db"),
        str(ROUNDS),
        str(SEED),
    ]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=3500, check=False)
    assert done.returncode == 0, done.stderr
    rounds, acknowledged = map(int, done.stdout.split())
    assert rounds == ROUNDS
    assert acknowledged > ROUNDS, "hardly anything was acknowledged before the kills"
