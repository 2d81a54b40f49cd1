"""A service in a process and on a core of its own, with the settings that `baton up` gives it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from baton.programs import Machine
from bench.processes import cpu_seconds
from tests.ports import free_ports

ROOT: Final = Path(__file__).parents[2]
CORE: Final = 0
START_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Served:
    machine: Machine
    process: subprocess.Popen[bytes]
    service: str

    @property
    def port(self) -> int:
        return self.machine.ports()[self.service]

    @property
    def store(self) -> Path:
        return self.machine.data / self.service / "events.db"

    def cpu_seconds(self) -> float:
        """Of all its threads, from its start on."""
        return cpu_seconds(self.process.pid)

    def metric(self, name: str) -> float:
        """The value of a metric, its labels included, such as ``a_total{b="c"}``."""
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.get("/metrics"), re.MULTILINE)
        return float(found[1]) if found else float("nan")

    def get(self, path: str) -> str:
        with urlopen(f"{self.machine.url(self.service)}{path}", timeout=5) as answer:  # noqa: S310 - our own http://
            return str(answer.read().decode())

    def kill(self) -> None:
        """SIGKILL: it cannot finish anything."""
        self.process.kill()
        self.process.wait()


@contextmanager
def served(
    argv: Sequence[str], folder: Path, *, service: str, secret: str, kafka: str, ready: str
) -> Iterator[Served]:
    """``python -m`` these arguments until the block ends, from when the path ``ready`` answers 200."""
    keys = {"TOKEN_SECRET": secret, "MASTER_KEY": secret}
    machine = Machine(folder, free_ports(4), kafka, keys, {**os.environ, "REQUESTS_A_MINUTE": str(10**9)})
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            ["taskset", "-c", str(CORE), sys.executable, "-m", *argv],
            cwd=ROOT, env=machine.settings(service), stdout=log, stderr=log,
        )  # fmt: skip
    it = Served(machine, process, service)
    try:
        _until_it_answers(it, ready)
        yield it
    finally:
        process.terminate()
        process.wait()


def _until_it_answers(it: Served, path: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            it.get(path)
        except OSError:
            if it.process.poll() is not None or time.monotonic() > deadline:
                log = (it.machine.data / "log").read_text()
                sys.exit(f"{it.service} does not start: {log[-2000:]}")
            time.sleep(0.05)
        else:
            return
