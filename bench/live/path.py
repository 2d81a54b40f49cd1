"""The whole path: from a command's answer to its change on performance's ``/live``, all on this machine."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
import uvloop

from bench.figures import between, histograms, in_buckets, ms, spread
from bench.live.selling import Change, Deals, Sent, sell
from bench.processes import cpu_seconds, machine_seconds
from bench.report import keep
from bench.wire import OK, Commands, board
from tests.house import SERVICES, House, house

RATES: Final = (50, 200, 500)
SECONDS: Final = 20.0
WARM_UP_SECONDS: Final = 5.0
ARRIVE_WITHIN: Final = 20.0
EVENT_ENDS: Final = (b"\r\n\r\n\r\n", b"\n\n\r\n")
"""Of an SSE event that fills its chunk, with either line end."""
_INTAKE: Final = 'performance baton_intake_age_seconds{source="baton.customers.events"'
STATIONS: Final = {
    "published": "customers baton_relay_age_seconds{}",
    "taken": f'{_INTAKE},station="taken"}}',
    "applied": f'{_INTAKE},station="applied"}}',
    "told": "performance baton_feed_age_seconds{}",
}
"""Where services note how old an event is when it comes by."""


class Cell(msgspec.Struct):
    seq: int
    measure: str
    change: int


class Feed:
    """What one board received, raw; read when nobody measures any more."""

    def __init__(self) -> None:
        self._pieces: list[tuple[float, bytes]] = []

    def received(self, at: float, data: bytes) -> None:
        self._pieces.append((at, data))

    def arrivals(self) -> dict[Change, tuple[float, int]]:
        """When each change was whole here, and its number."""
        found: dict[Change, tuple[float, int]] = {}
        text = b""
        for at, data in self._pieces:
            text += data
            if text.endswith(EVENT_ENDS):
                for line in text.splitlines():
                    if line.startswith(b"data: ["):
                        for cell in msgspec.json.decode(line[6:], type=list[Cell]):
                            found.setdefault(Change(cell.measure, cell.change), (at, cell.seq))
                text = b""
        return found


async def main() -> None:
    options = _options()
    runs = []
    for rate in options.rates:
        with tempfile.TemporaryDirectory(prefix="path-") as folder:
            async with house(Path(folder) / "data", "--broker", options.broker) as it:
                runs.append(await measure(it, rate, seconds=options.seconds))
        print(f"{rate} commands/s: done", file=sys.stderr, flush=True)
    report = {
        "broker": options.broker,
        "seconds": options.seconds,
        "runs": runs,
    }
    keep(options.json, report)
    print("\n".join(table(runs)))


async def measure(it: House, rate: int, *, seconds: float) -> dict[str, Any]:
    """One pace: warm up, sell, wait until all is on the board, and say where the time went."""
    feed, deals = Feed(), Deals()
    commands = Commands(it.url("customers"), it.token("manager"))
    live = await board(f"{it.url('performance')}/live", it.token("viewer"), feed.received)
    await sell(commands, deals.opened_first(rate), per_second=rate / 2)
    await sell(commands, deals.mixed(int(rate * WARM_UP_SECONDS)), per_second=rate)
    pids = {name: it.pid(name) for name in (*SERVICES, "kafka")} | {"this benchmark": os.getpid()}
    async with watched(it.data / "performance" / "read.db") as commits:
        noted, used, began = await _noted(it), _used(pids), time.time()
        sent = await sell(commands, deals.mixed(int(rate * seconds)), per_second=rate)
        took = time.time() - began
        cores = {name: round((now - used[name]) / took, 2) for name, now in _used(pids).items()}
        missing = await _until_there(feed, {one.change for one in sent if one.status in OK})
        ages = _ages(noted, await _noted(it))
    commands.close()
    if live.transport:
        live.transport.close()
    return {
        "rate": rate,
        "commands": len(sent),
        "failed": sum(one.status not in OK for one in sent),
        "per_second": round(len(sent) / took, 1),
        "missing": missing,
        **waits(sent, feed.arrivals(), commits),
        "age": ages,
        "cores": cores,
    }


def waits(
    sent: Sequence[Sent], arrived: Mapping[Change, tuple[float, int]], commits: Sequence[tuple[int, float]]
) -> dict[str, Any]:
    """How long each part took, of the commands that are on the board."""
    whole, committing, telling = [], [], []
    numbers = [number for number, _ in commits]
    for one in sent:
        if one.change not in arrived:
            continue
        at, number = arrived[one.change]
        whole.append(max(0.0, at - one.answered))
        n = bisect_left(numbers, number)
        if n < len(commits):
            committed = commits[n][1]
            committing.append(committed - one.answered)
            telling.append(at - committed)
    return {
        "sent_late": spread([one.left - one.due for one in sent]),
        "answer": spread([one.answered - one.left for one in sent]),
        "answer_to_commit": spread(committing),
        "commit_to_live": spread(telling),
        "answer_to_live": spread(whole),
        "due_to_live": spread([arrived[one.change][0] - one.due for one in sent if one.change in arrived]),
    }


@asynccontextmanager
async def watched(database: Path) -> AsyncIterator[list[tuple[int, float]]]:
    """The commits of a read model during the block: number and moment; there once the block is over."""
    commits: list[tuple[int, float]] = []
    stop = database.with_name("stop-watching")
    with tempfile.TemporaryFile() as told:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.live.commits", str(database), str(stop), stdout=told
        )
        try:
            yield commits
        finally:
            stop.touch()
            await process.wait()
            stop.unlink()
            told.seek(0)
            for line in told:
                number, at = line.split()
                commits.append((int(number), float(at)))


def _used(pids: Mapping[str, int]) -> dict[str, float]:
    """CPU seconds so far, also of what is none of ours: a run beside others says little."""
    ours = {name: cpu_seconds(pid) for name, pid in pids.items()}
    return {**ours, "all else on this machine": machine_seconds() - sum(ours.values())}


async def _until_there(feed: Feed, wanted: set[Change]) -> int:
    """How many are still missing after a while."""
    deadline = time.monotonic() + ARRIVE_WITHIN
    while (missing := len(wanted - feed.arrivals().keys())) and time.monotonic() < deadline:
        await asyncio.sleep(1)
    return missing


async def _noted(it: House) -> dict[str, Any]:
    async with it.client() as client:
        pages = {name: (await client.get(f"{it.url(name)}/metrics")).text for name in SERVICES}
    return {f"{name} {key}": found for name, page in pages.items() for key, found in histograms(page).items()}


def _ages(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """How old events were at each station, counted from their recording; only what services note."""
    found = {}
    for station, name in STATIONS.items():
        if name in after:
            counted = between(before.get(name), after[name])
            found[station] = {f"p{q * 100:.0f}_ms": ms(in_buckets(counted, q)) for q in (0.5, 0.99)}
    return found


def table(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Milliseconds, p50 / p99."""
    rows = [
        ("the command's answer", "answer"),
        ("answer → commit of the read model", "answer_to_commit"),
        ("commit → event on /live", "commit_to_live"),
        ("**answer → event on /live**", "answer_to_live"),
        ("due → event on /live", "due_to_live"),
        ("sent late by", "sent_late"),
    ]
    lines = ["| p50 / p99 in ms, at | " + " | ".join(f"{run['rate']}/s" for run in runs) + " |"]
    lines.append("|---|" + "---:|" * len(runs))
    for title, key in rows:
        lines.append(f"| {title} | " + " | ".join(_pair(run[key]) for run in runs) + " |")
    for station in STATIONS:
        if all(station in run["age"] for run in runs):
            cells = " | ".join(_pair(run["age"][station]) for run in runs)
            lines.append(f"| age of an event when {station} | {cells} |")
    for name in runs[0]["cores"]:
        cells = " | ".join(f"{run['cores'][name]:.2f}" for run in runs)
        lines.append(f"| cores used by {name} | {cells} |")
    for name in ("per_second", "failed", "missing"):
        cells = " | ".join(f"{run[name]:,}" for run in runs)
        lines.append(f"| {name} | {cells} |")
    return lines


def _pair(waited: Mapping[str, float | None]) -> str:
    return f"{waited['p50_ms']} / {waited['p99_ms']}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", type=int, nargs="+", default=RATES, help="commands per second")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each rate, after a warm-up")
    parser.add_argument("--broker", choices=("embedded", "apache"), default="embedded")
    parser.add_argument("--json", type=Path, default=Path("build/path.json"))
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main())
