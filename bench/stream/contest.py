"""What contestants have in common: one core, a clock from the first poll on, a line of JSON at the end."""

import json
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

from bench.processes import peak_mb
from bench.stream.job import Answer

CORE: Final = 1


class Task(NamedTuple):
    """Where to read how many events, and where to keep what must last."""

    bootstrap: str
    topic: str
    events: int
    folder: Path


def task() -> Task:
    """From the command line."""
    bootstrap, topic, events, folder = sys.argv[1:]
    return Task(bootstrap, topic, int(events), Path(folder))


class Clock:
    """Starts at the first poll."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def stop(self, events: int, answer: Answer | None = None) -> None:
        """Everything is durable now: say how long it took."""
        told = {
            "events": events,
            "seconds": time.perf_counter() - self._wall,
            "cpu_seconds": time.process_time() - self._cpu,
            "peak_mb": peak_mb(),
            "answer": answer,
        }
        print(json.dumps(told), flush=True)
