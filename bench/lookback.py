"""How fast boards answer, now and of moments long past, on a read model of a million events."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import httpx

from bench.building import Built, build, newest
from bench.company import ZONE
from bench.processes import cpu_seconds
from bench.questions import MOMENTS, Asked, questions
from bench.report import keep
from shared.projections.database import open_database
from shared.projections.places import place_of
from tests.ports import free_ports
from tests.service_app import bearer

DATABASE: Final = "LOOKBACK_DATABASE_URL"
WARM_UP: Final = 2
START_WITHIN_SECONDS: Final = 30.0
ANSWER_WITHIN_SECONDS: Final = 120.0
ROOT: Final = Path(__file__).parent.parent


class Answered(NamedTuple):
    """One question, and how long its answers took."""

    asked: Asked
    median_ms: float
    p95_ms: float
    cpu_ms: float
    """What one answer cost the boards' process, on average; on a busy machine it waits besides."""


def main() -> None:
    options = _options()
    with _read_model(options.keep) as url:
        built, upto = _built(url, options.events)
        with boards(url) as (client, pid):
            chosen = [asked for asked in questions(upto) if options.only in asked.board]
            found = [answered(client, pid, asked, options.runs) for asked in chosen]
    report = {
        "built": built and built._asdict(),
        "load": os.getloadavg(),
        "answers": [_row(one) for one in found],
    }
    keep(options.json, report)
    print("\n".join(table(found)))
    print(f"load {os.getloadavg()[0]:.1f}; every answer is in {options.json}")


@contextmanager
def boards(url: str) -> Iterator[tuple[httpx.Client, int]]:
    """A client of the boards, and the process that serves them as long as the block runs."""
    port = free_ports(1)
    process = subprocess.Popen([sys.executable, "-m", "bench.boards", url, str(port)], cwd=ROOT)
    try:
        address = f"http://127.0.0.1:{port}"
        with httpx.Client(
            base_url=address, headers=bearer("manager"), timeout=ANSWER_WITHIN_SECONDS
        ) as client:
            _until_it_answers(client, process)
            yield client, process.pid
    finally:
        process.terminate()
        process.wait()


def answered(client: httpx.Client, pid: int, asked: Asked, runs: int) -> Answered:
    took: list[float] = []
    for run in range(-WARM_UP, runs):
        if run == 0:
            worked = cpu_seconds(pid)
        started = time.perf_counter()
        client.get(asked.path, params=dict(asked.params)).raise_for_status()
        if run >= 0:
            took.append((time.perf_counter() - started) * 1000)
    worked = (cpu_seconds(pid) - worked) * 1000 / runs
    took.sort()
    return Answered(asked, round(median(took), 1), round(took[int(len(took) * 0.95)], 1), round(worked, 1))


def table(found: Sequence[Answered]) -> Iterator[str]:
    """For each board and moment the slowest of its periods and filters: median (p95) in milliseconds."""
    slowest: dict[tuple[str, str], Answered] = {}
    for one in found:
        place = (one.asked.board, one.asked.moment)
        if place not in slowest or one.median_ms > slowest[place].median_ms:
            slowest[place] = one
    yield "| board | " + " | ".join(MOMENTS) + " |"
    yield "|---|" + "---:|" * len(MOMENTS)
    for board in dict.fromkeys(one.asked.board for one in found):
        told = (slowest[board, moment] for moment in MOMENTS)
        yield f"| {board} | " + " | ".join(f"{it.median_ms:.0f} ({it.p95_ms:.0f})" for it in told) + " |"


def _row(one: Answered) -> dict[str, object]:
    times = {"median_ms": one.median_ms, "p95_ms": one.p95_ms, "cpu_ms": one.cpu_ms}
    return {**one.asked._asdict(), **times}


def _until_it_answers(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_WITHIN_SECONDS
    while True:
        if process.poll() is not None or time.monotonic() > until:
            sys.exit("the boards do not start")
        try:
            client.get("/health/ready").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return


def _built(url: str, events: int) -> tuple[Built | None, datetime]:
    """What building cost, unless it was built before; and when its newest event was recorded."""
    database, built = open_database(url), None
    try:
        if newest(database) is None:
            built = build(database, events, end=datetime.now(ZONE).date())
            print("built:", json.dumps(built._asdict()), flush=True)
        upto = newest(database)
    finally:
        database.dispose()
    if upto is None:
        sys.exit("there is nothing to look back at")
    return built, upto


@contextmanager
def _read_model(keep: Path | None) -> Iterator[str]:
    """Where it is; gone at the end unless it is to be kept."""
    with TemporaryDirectory(prefix="lookback-") as made:
        url = os.environ.get(DATABASE) or f"sqlite:///{keep or made}/read.db"
        try:
            yield url
        finally:
            if keep is None:
                place = place_of(url)
                for number in place.numbers():
                    place.remove(number)


def _options() -> argparse.Namespace:
    said = argparse.ArgumentParser(prog="python -m bench.lookback", description=__doc__)
    said.add_argument("--events", type=int, default=1_000_000)
    said.add_argument("--runs", type=int, default=15, help="answers timed for each question")
    said.add_argument("--only", default="", help="a part of a board's name: ask only those")
    said.add_argument("--keep", type=Path, help="a folder where the database stays, to be used again")
    said.add_argument("--json", type=Path, default=ROOT / "build" / "lookback.json")
    return said.parse_args()


if __name__ == "__main__":
    main()
