"""A thousand boards on one performance process: how late a change is on all of them, and what they cost."""

import argparse
import asyncio
import os
import re
import resource
import tempfile
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import uvloop

from bench.figures import spread
from bench.live.path import EVENT_ENDS, Feed, watched
from bench.live.selling import Deals, Sent, sell
from bench.processes import cpu_seconds, rss_bytes
from bench.report import keep
from bench.wire import OK, Board, Commands, board
from tests.house import House, house

BOARDS: Final = 1000
SLOW: Final = 20
RATES: Final = (5, 20)
SECONDS: Final = 15.0
CONNECTED_AT_ONCE: Final = 50
SERVER_CORE, CLIENT_CORE = 0, 1
FILES_APART_FROM_BOARDS: Final = 200
SETTLE_SECONDS: Final = 3.0
COLUMNS: Final = (
    *("boards", "that read nothing", "changes/s"),
    *("commit → board", "commit → last board", "answer → board"),
    *("missing", "server's cores", "server MB", "KB a board", "listening"),
)
_IDS: Final = re.compile(rb"^id: (\d+)", re.MULTILINE)

Moment = tuple[int, float]
"""A number of the feed, and when it came."""


class Arrivals:
    """When which number was whole on one board."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.times: list[float] = []
        self._text = b""

    def received(self, at: float, data: bytes) -> None:
        self._text = self._text + data if self._text else data
        if self._text.endswith(EVENT_ENDS):
            if ids := _IDS.findall(self._text):
                self.numbers.append(int(ids[-1]))
                self.times.append(at)
            self._text = b""

    def of(self, number: int) -> float | None:
        n = bisect_left(self.numbers, number)
        return self.times[n] if n < len(self.numbers) else None


async def main() -> None:
    options = _options()
    most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if most_files < options.boards + options.slow + FILES_APART_FROM_BOARDS:
        raise SystemExit(f"`ulimit -n` is {most_files}: too few for {options.boards} boards")
    os.environ["STREAMS_A_TOKEN"] = str(options.boards + options.slow)  # boards that come together have one
    os.sched_setaffinity(0, {SERVER_CORE})  # what is started from here on stays there
    with tempfile.TemporaryDirectory(prefix="wallboards-") as folder:
        async with house(Path(folder) / "data") as it:
            os.sched_setaffinity(0, {CLIENT_CORE})
            runs = await measure(it, options)
    report = {
        "boards": options.boards,
        "slow": options.slow,
        "runs": runs,
    }
    keep(options.json, report)
    print("\n".join(table(runs)))


async def measure(it: House, options: argparse.Namespace) -> list[dict[str, Any]]:
    """The same changes for one board, for all, and for all beside some that read nothing."""
    deals = Deals()
    commands = Commands(it.url("customers"), it.token("manager"))
    await sell(commands, deals.opened_first(100), per_second=50)
    runs: list[dict[str, Any]] = []
    boards: list[tuple[Board, Arrivals]] = []
    slow: list[Board] = []
    empty = rss_bytes(it.pid("performance"))
    for many, readers in ((1, 0), (options.boards, 0), (options.boards, options.slow)):
        while len(boards) < many:
            some = min(CONNECTED_AT_ONCE, many - len(boards))
            boards += await asyncio.gather(*(_reading(it) for _ in range(some)))
        while len(slow) < readers:
            slow.append(await board(_live(it), it.token("viewer"), _nothing, reads=False))
        await asyncio.sleep(SETTLE_SECONDS)
        for rate in options.rates:
            told = await _one(it, commands, deals, [a for _, a in boards], rate, options.seconds)
            memory = rss_bytes(it.pid("performance"))
            runs.append(
                {
                    "boards": many,
                    "slow": readers,
                    "rate": rate,
                    **told,
                    "lost": sum(not one.open for one, _ in boards),
                    "rss_mb": round(memory / 1e6, 1),
                    "kb_a_board": round((memory - empty) / many / 1e3, 1) if many > 1 else None,
                    "listening": await _listening(it),
                }
            )
    for connected in (*(one for one, _ in boards), *slow):
        if connected.transport:
            connected.transport.close()
    commands.close()
    return runs


async def _one(
    it: House, commands: Commands, deals: Deals, boards: Sequence[Arrivals], rate: int, seconds: float
) -> dict[str, Any]:
    feed = Feed()
    reference = await board(_live(it), it.token("viewer"), feed.received)
    await asyncio.sleep(0.5)
    async with watched(it.data / "performance" / "read.db") as commits:
        pid = it.pid("performance")
        used, own = cpu_seconds(pid), cpu_seconds(os.getpid())
        sent = await sell(commands, deals.mixed(int(rate * seconds)), per_second=rate)
        cores = (cpu_seconds(pid) - used) / seconds, (cpu_seconds(os.getpid()) - own) / seconds
        await asyncio.sleep(SETTLE_SECONDS)
    if reference.transport:
        reference.transport.close()
    return {
        **_waits(sent, feed, boards, commits),
        "server_cores": round(cores[0], 2),
        "clients_cores": round(cores[1], 2),
    }


def _waits(
    sent: Sequence[Sent], feed: Feed, boards: Sequence[Arrivals], commits: Sequence[Moment]
) -> dict[str, Any]:
    """Of every change on every board; ``last`` is when a change was on all of them."""
    numbers = [number for number, _ in commits]
    arrived = feed.arrivals()
    whole, told, last, missing = [], [], [], 0
    for one in sent:
        if one.status not in OK or one.change not in arrived:
            missing += len(boards)
            continue
        number = arrived[one.change][1]
        n = bisect_left(numbers, number)
        times = [at for arrivals in boards if (at := arrivals.of(number)) is not None]
        missing += len(boards) - len(times)
        whole += [max(0.0, at - one.answered) for at in times]
        if times and n < len(commits):
            told += [at - commits[n][1] for at in times]
            last.append(max(times) - commits[n][1])
    return {
        "answer_to_board": spread(whole),
        "commit_to_board": spread(told),
        "commit_to_last_board": spread(last),
        "missing": missing,
    }


async def _reading(it: House) -> tuple[Board, Arrivals]:
    arrivals = Arrivals()
    return await board(_live(it), it.token("viewer"), arrivals.received), arrivals


async def _listening(it: House) -> int:
    """How many the server counts as listening."""
    async with it.client() as client:
        page = (await client.get(f"{it.url('performance')}/metrics")).text
    found = re.search(r'^baton_sse_clients{feed="live"} (\S+)$', page, re.MULTILINE)
    return int(float(found[1])) if found else -1


def _live(it: House) -> str:
    return f"{it.url('performance')}/live"


def _nothing(at: float, data: bytes) -> None:
    """Nobody looks."""


def table(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Milliseconds, p50 / p99."""
    lines = [
        "| " + " | ".join(COLUMNS) + " |",
        "|" + "---:|" * len(COLUMNS),
    ]
    for run in runs:
        waited = [
            f"{run[key]['p50_ms']} / {run[key]['p99_ms']}"
            for key in ("commit_to_board", "commit_to_last_board", "answer_to_board")
        ]
        cells = [
            *(run["boards"], run["slow"], run["rate"], *waited, run["missing"], run["server_cores"]),
            *(run["rss_mb"], run["kb_a_board"] or "", run["listening"]),
        ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boards", type=int, default=BOARDS)
    parser.add_argument("--slow", type=int, default=SLOW, help="clients that read nothing")
    parser.add_argument("--rates", type=int, nargs="+", default=RATES, help="commands per second")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each step")
    parser.add_argument("--json", type=Path, default=Path("build/wallboards.json"))
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main())
