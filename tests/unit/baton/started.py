"""`baton up` as a process of its own, on a folder and ports that nobody else uses."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ended import ended
from tests.ports import free_ports


@contextmanager
def up(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, Path]]:
    """A running `baton up` on a folder of its own, its first port, and the file with what it says."""
    port, output = free_ports(11), folder / "output"
    with output.open("wb") as out:
        process = subprocess.Popen(argv(folder / "data", port), stdout=out, stderr=out, env=environment())
    with ended(process):
        yield process, port, output


def argv(data: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "baton", "up", "--data", str(data), "--port", str(port)]


def environment() -> dict[str, str]:
    ours = (
        "TOKEN_SECRET",
        "MASTER_KEY",
        "KAFKA_BOOTSTRAP_SERVERS",
        "EVENTSTORE_URL",
        "DATABASE_URL",
        "KEYS_URL",
    )
    return {name: value for name, value in os.environ.items() if name not in ours}


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
