"""Fills a topic, lets every contestant do the job on it, round by round, and tells how fast each was."""

import argparse
import asyncio
import json
import logging
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from baton.apache_kafka import node
from baton.broker import HOST, answers
from bench.stream.topic import fill
from tests.ports import free_ports

ROOT: Final = Path(__file__).parents[2]
TOPIC: Final = "bench.deals"
BROKER_CORE: Final = 0
START_SECONDS: Final = 60
MOST_SECONDS: Final = 900
CONTESTANTS: Final[Mapping[str, Sequence[str]]] = {
    "Baton's runner": ("bench.stream.baton_runner",),
    "aiokafka getmany": ("bench.stream.ceiling_aiokafka",),
    "aiokafka, decoded": ("bench.stream.ceiling_aiokafka", "--decode"),
}

Told = Mapping[str, Any]


def main() -> None:
    options = _options()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # the broker is asked before it is there
    chosen = {name: argv for name, argv in CONTESTANTS.items() if options.only.lower() in name.lower()}
    with broker() as bootstrap:
        began = time.perf_counter()
        expected = asyncio.run(fill(bootstrap, TOPIC, options.events))
        print(f"{options.events:,} events published in {time.perf_counter() - began:.0f} s: {expected}")
        told: dict[str, list[Told]] = {name: [] for name in chosen}
        for turn in range(options.rounds):
            for name, argv in chosen.items():
                one = contest(argv, bootstrap, options.events)
                if one is None:
                    print(f"round {turn + 1}, {name}: not done within {MOST_SECONDS} s", flush=True)
                    continue
                if one["answer"] not in (None, expected):
                    sys.exit(f"{name} came to {one['answer']}")
                told[name].append(one)
                speed = options.events / one["seconds"]
                print(f"round {turn + 1}, {name}: {speed:,.0f} events/s", flush=True)
    report = {"machine": platform.platform(), "cores": os.cpu_count(), "expected": expected, "told": told}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, ensure_ascii=False, indent=1))
    print("\n".join(table(told)))


@contextmanager
def broker() -> Iterator[str]:
    """Apache Kafka on a core of its own, empty."""
    port = free_ports(2)
    with TemporaryDirectory(prefix="stream-bench-") as folder:
        argv = node.argv(Path(folder), port=port, controller=port + 1)
        with Path(folder, "log").open("wb") as log:
            process = subprocess.Popen(["taskset", "-c", str(BROKER_CORE), *argv], stdout=log, stderr=log)
        try:
            bootstrap = f"{HOST}:{port}"
            deadline = time.monotonic() + START_SECONDS
            while not asyncio.run(answers(bootstrap)):
                if time.monotonic() > deadline:
                    sys.exit("the broker does not start")
                time.sleep(0.2)
            yield bootstrap
        finally:
            process.terminate()
            process.wait()


def contest(argv: Sequence[str], bootstrap: str, events: int) -> Told | None:
    """One contestant in a process of its own, from an empty folder; ``None`` when it does not get there."""
    module, *options = argv
    with TemporaryDirectory(prefix="contestant-") as folder:
        asked = (bootstrap, TOPIC, str(events), folder)
        try:
            done = subprocess.run(
                [sys.executable, "-m", module, *options, *asked],
                cwd=ROOT, capture_output=True, text=True, timeout=MOST_SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return None
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"events"')]
    if done.returncode or not lines:
        sys.exit(f"{module} ended with {done.returncode}: {done.stderr[-2000:]}")
    told: Told = json.loads(lines[-1])
    return told


def table(told: Mapping[str, Sequence[Told]]) -> Iterator[str]:
    """Medians over the rounds, the spread of events/s beside."""
    yield "| | events/s | from – to | events per CPU second | peak MB | Baton is |"
    yield "|---|---:|---:|---:|---:|---:|"
    rates = {name: [one["events"] / one["seconds"] for one in rounds] for name, rounds in told.items()}
    ours = median(next(iter(rates.values())))
    for name, rounds in told.items():
        if not rounds:
            yield f"| {name} | not done | | | | |"
            continue
        speed = median(rates[name])
        by_cpu = median(one["events"] / one["cpu_seconds"] for one in rounds)
        peak = median(one["peak_mb"] for one in rounds)
        spread = f"{min(rates[name]):,.0f} – {max(rates[name]):,.0f}"
        yield f"| {name} | {speed:,.0f} | {spread} | {by_cpu:,.0f} | {peak:,.0f} | {ours / speed:.2f} × |"


def _options() -> argparse.Namespace:
    said = argparse.ArgumentParser(prog="python -m bench.stream", description=__doc__)
    said.add_argument("--events", type=int, default=1_000_000)
    said.add_argument("--rounds", type=int, default=3)
    said.add_argument("--only", default="", help="a part of a contestant's name")
    said.add_argument("--json", type=Path, default=ROOT / "build" / "stream.json")
    return said.parse_args()


if __name__ == "__main__":
    main()
