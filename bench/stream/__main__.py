"""Fills topics, lets every contestant do the job on them, round by round, and tells how fast each was."""

import argparse
import asyncio
import json
import logging
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.apache import broker
from bench.report import keep
from bench.stream.contest import CORE, Task
from bench.stream.contestants import CONTESTANTS, CannotRun, Contestant
from bench.stream.job import Answer
from bench.stream.report import Outcome, Told, report, table
from bench.stream.topic import fill

ROOT: Final = Path(__file__).parents[2]
MOST_SECONDS: Final = 900
BEGINS: Final = '{"events"'


class Trouble(Exception):
    """A contestant did not come to the answer; says why."""


def main() -> None:
    options = _options()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # the broker is asked before it is there
    chosen = _chosen(options.only)
    with broker() as bootstrap:
        expected = _filled(bootstrap, {_share(options.events, one) for one in chosen.values()})
        outcomes = {name: _entered(one, options.events, expected) for name, one in chosen.items()}
        for turn in range(options.rounds):
            for name, one in chosen.items():
                if outcomes[name].versions:
                    said = _round(one, outcomes[name], bootstrap)
                    print(f"round {turn + 1}, {name}: {said}", flush=True)
    keep(options.json, report(outcomes))
    print("\n".join(table(outcomes)))
    if any(one.troubles for one in outcomes.values()):
        sys.exit("not every contestant did the job in every round")


def contest(one: Contestant, bootstrap: str, events: int) -> Told:
    """One contestant in a process of its own, from an empty folder. Raises ``Trouble``."""
    with TemporaryDirectory(prefix="contestant-") as folder:
        argv = one.argv(Task(bootstrap, _topic(events), events, Path(folder)))
        try:
            done = subprocess.run(
                ["taskset", "-c", str(CORE), *argv],
                cwd=ROOT, capture_output=True, text=True, timeout=MOST_SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise Trouble(f"not done within {MOST_SECONDS} s") from error
    lines = [line for line in done.stdout.splitlines() if line.startswith(BEGINS)]
    if done.returncode or not lines:
        print(done.stderr[-2000:], file=sys.stderr)
        raise Trouble(f"ended with {done.returncode}")
    told: Told = json.loads(lines[-1])
    return told


def _filled(bootstrap: str, sizes: set[int]) -> Mapping[int, Answer]:
    """A topic for each size; what the job comes to on it."""
    expected = {}
    for events in sorted(sizes):
        began = time.perf_counter()
        expected[events] = asyncio.run(fill(bootstrap, _topic(events), events))
        spent = time.perf_counter() - began
        print(f"{events:,} events published in {spent:.0f} s: {expected[events]}", flush=True)
    return expected


def _entered(one: Contestant, events: int, expected: Mapping[int, Answer]) -> Outcome:
    own = _share(events, one)
    outcome = Outcome(own, expected[own])
    try:
        outcome.versions = one.versions()
    except CannotRun as error:
        outcome.troubles.append(f"cannot run here: {error}")
    return outcome


def _round(one: Contestant, outcome: Outcome, bootstrap: str) -> str:
    try:
        told = contest(one, bootstrap, outcome.events)
    except Trouble as trouble:
        outcome.troubles.append(str(trouble))
        return str(trouble)
    if told["answer"] not in (None, outcome.expected):
        outcome.troubles.append(f"came to {told['answer']}")
        return outcome.troubles[-1]
    outcome.rounds.append(told)
    return f"{told['events'] / told['seconds']:,.0f} events/s"


def _share(events: int, one: Contestant) -> int:
    return round(events * one.share)


def _topic(events: int) -> str:
    return f"bench.deals.{events}"


def _chosen(only: Sequence[str]) -> Mapping[str, Contestant]:
    parts = [part.lower() for part in only] or [""]
    found = {name: one for name, one in CONTESTANTS.items() if any(part in name.lower() for part in parts)}
    return found or sys.exit(f"no contestant is called so; there are: {', '.join(CONTESTANTS)}")


def _options() -> argparse.Namespace:
    said = argparse.ArgumentParser(prog="python -m bench.stream", description=__doc__)
    said.add_argument("--events", type=int, default=1_000_000)
    said.add_argument("--rounds", type=int, default=3)
    said.add_argument("--only", action="append", default=[], help="part of a name, once or more")
    said.add_argument("--json", type=Path, default=ROOT / "build" / "stream.json")
    return said.parse_args()


if __name__ == "__main__":
    main()
