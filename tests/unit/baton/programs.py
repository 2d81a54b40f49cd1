"""Small real programs for the supervisor's tests."""

import os
import sys
from pathlib import Path

from baton.processes import Program


def python(folder: Path, code: str, *, name: str = "child") -> Program:
    """A Python program; it is ready once the file ``ready`` is in the folder."""

    async def ready() -> bool:
        return (folder / "ready").exists()

    env = {**os.environ, "FOLDER": str(folder)}
    return Program(name, (sys.executable, "-c", code), folder / f"{name}.log", env, ready)


def alive(pid: int) -> bool:
    """Whether the process still runs; one that ended and waits to be read does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
