"""Does a read model stay as fast as it grows? Speed, memory and start-up after so many events of history.

The history is one of 100,000 deal events, lived through again and again three years later by other deals.
No broker: events go straight into Baton's runner, which does the job of the stream benchmark.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.processes import peak_mb
from bench.report import keep
from bench.stream.job import JOB
from bench.stream.topic import deals
from shared.events.seen import Seen
from shared.projections.database import open_database
from shared.projections.runner import Batch, Position, Runner, Source
from shared.service.intake import seen_in_store
from shared.service.memory import keep_what_is_loaded

ROOT: Final = Path(__file__).parents[1]
ONCE: Final = 100_000
AT_A_TIME: Final = 10_000
YEARS: Final = 3
YEAR: Final = slice(len('{"occurred_at":"'), len('{"occurred_at":"2024'))
STARTS: Final = 5

Told = Mapping[str, float]
SOURCE: Final = Source("grown")


def main() -> None:
    options = _options()
    os.sched_setaffinity(0, {0})
    told: list[Told] = []
    with TemporaryDirectory(prefix="growth-") as folder:
        url = f"sqlite:///{folder}/read.db"
        runner = Runner(open_database(url), "bench", [JOB], cached=options.cached)
        batches = _batches()
        keep_what_is_loaded()
        for size in options.history:
            while (batch := next(batches)).now.position < size:
                runner.apply([batch])
            runner.apply([batch])
            speed = median(_speed(runner, batches) for _ in range(options.rounds))
            starts = [_started(url, options.cached) for _ in range(STARTS)]
            disk = sum(file.stat().st_size for file in Path(folder).iterdir()) / 2**20
            it = {
                "history": size,
                "events_per_s": speed,
                "peak_mb": peak_mb(),
                "start_s": median(starts),
                "disk_mb": disk,
            }
            told.append(it)
            print(json.dumps(it), flush=True)
    keep(options.json, {"cached": options.cached, "told": told})
    print("\n".join(table(told)))


def start(url: str, cached: int) -> None:
    """In a process of its own: from nothing to knowing where to go on."""
    began = time.perf_counter()
    Runner(open_database(url), "bench", [JOB], cached=cached).positions()
    print(time.perf_counter() - began)


def table(told: Sequence[Told]) -> Iterator[str]:
    yield "| events of history | events/s | of the first | peak MB | start-up s | on disk MB |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for it in told:
        figures = (
            *(f"{it['history']:,}", f"{it['events_per_s']:,.0f}"),
            f"{it['events_per_s'] / told[0]['events_per_s']:.0%}",
            *(f"{it['peak_mb']:,.0f}", f"{it['start_s']:.3f}", f"{it['disk_mb']:,.0f}"),
        )
        yield f"| {' | '.join(figures)} |"


def _started(url: str, cached: int) -> float:
    asked = f"from bench.growth import start; start({url!r}, {cached})"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _speed(runner: Runner, batches: Iterator[Batch]) -> float:
    """Events/s over the next ``ONCE`` of them, which are made before the clock starts."""
    ready = [next(batches) for _ in range(ONCE // AT_A_TIME)]
    began = time.perf_counter()
    for batch in ready:
        runner.apply([batch])
    return ONCE / (time.perf_counter() - began)


def _batches() -> Iterator[Batch]:
    at: Position | None = None
    life = [seen_in_store(stored) for stored in deals(ONCE)]
    for turn in count():
        for first in range(0, ONCE, AT_A_TIME):
            now = Position(turn * ONCE + first + AT_A_TIME)
            yield Batch(SOURCE, _later(life[first : first + AT_A_TIME], turn), at, now)
            at = now


def _later(events: Sequence[Seen], turn: int) -> list[Seen]:
    years = timedelta(days=YEARS * 365) * turn
    return [
        it._replace(
            id=f"{it.id}-{turn}",
            stream=f"{it.stream}-{turn}",
            recorded_at=it.recorded_at + years,
            data=it.data[: YEAR.start] + b"%d" % (int(it.data[YEAR]) + YEARS * turn) + it.data[YEAR.stop :],
        )
        for it in events
    ]


def _options() -> argparse.Namespace:
    said = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    said.add_argument("--history", type=int, nargs="+", default=[10_000, 1_000_000, 5_000_000])
    said.add_argument("--cached", type=int, default=100_000, help="entities kept in memory")
    said.add_argument("--rounds", type=int, default=3)
    said.add_argument("--json", type=Path, default=ROOT / "build" / "growth.json")
    return said.parse_args()


if __name__ == "__main__":
    main()
