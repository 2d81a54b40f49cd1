"""What a thousand events cost each process in processor, disk and memory, and what it costs to wait."""

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import uvloop

from bench.live.selling import Deals, sell
from bench.processes import cpu_seconds, rss_bytes
from bench.report import keep
from bench.wire import OK, Commands
from tests.house import SERVICES, House, house

PROGRAMS: Final = (*SERVICES, "kafka")
RATES: Final = (20, 100)
SECONDS: Final = 60.0
IDLE_SECONDS: Final = 20.0
QUIET_WITHIN: Final = 60.0
MEGABYTE: Final = 1e6


async def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="capacity-") as folder:
        async with house(Path(folder) / "data", "--broker", options.broker) as it:
            runs = [await idle(it)]
            deals = Deals()
            for rate in options.rates:
                runs.append(await paced(it, deals, rate, seconds=options.seconds))
                print(f"{rate} commands/s: done", file=sys.stderr, flush=True)
    keep(options.json, {"broker": options.broker, "seconds": options.seconds, "runs": runs})
    print("\n".join(table(runs)))


async def idle(it: House) -> dict[str, Any]:
    """Nobody asks for anything."""
    await _quiet(it)
    before, began = _cpu(it), time.monotonic()
    await asyncio.sleep(IDLE_SECONDS)
    return _told("idle", 0, 0, time.monotonic() - began, before, it, {})


async def paced(it: House, deals: Deals, rate: int, *, seconds: float) -> dict[str, Any]:
    """Deals are opened and won at this pace, after a warm-up; all that follows from them is counted."""
    commands = Commands(it.url("customers"), it.token("manager"))
    await sell(commands, deals.opened_first(rate), per_second=rate)
    await _quiet(it)
    cpu, disk, events, began = _cpu(it), _disk(it), _events(it), time.monotonic()
    sent = await sell(commands, deals.mixed(int(rate * seconds)), per_second=rate)
    await _quiet(it)
    took = time.monotonic() - began
    commands.close()
    failed = sum(one.status not in OK for one in sent)
    grown = {name: now - disk[name] for name, now in _disk(it).items()}
    told = _told(f"{rate}/s", len(sent), _events(it) - events, took, cpu, it, grown)
    return told | {"failed": failed}


def _told(
    pace: str,
    commands: int,
    events: int,
    took: float,
    cpu: Mapping[str, float],
    it: House,
    grown: Mapping[str, int],
) -> dict[str, Any]:
    return {
        "pace": pace,
        "commands": commands,
        "events": events,
        "cores": {name: (now - cpu[name]) / took for name, now in _cpu(it).items()},
        "cpu_seconds": {name: now - cpu[name] for name, now in _cpu(it).items()},
        "disk_bytes": dict(grown),
        "memory_mb": {name: rss_bytes(it.pid(name)) / MEGABYTE for name in PROGRAMS},
        "failed": 0,
    }


def _cpu(it: House) -> dict[str, float]:
    return {name: cpu_seconds(it.pid(name)) for name in PROGRAMS}


def _disk(it: House) -> dict[str, int]:
    """Bytes of what is kept, by kind: a log that is written ahead is first put where it belongs."""
    kept = {"event stores": "*/events.db", "keys": "*/keys.db", "read models": "*/read*.db"}
    return {
        **{name: sum(_pages(path) for path in it.data.glob(files)) for name, files in kept.items()},
        "broker": sum(path.stat().st_size for path in (it.data / "kafka").rglob("*") if path.is_file()),
    }


def _pages(database: Path) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        return int(
            db.execute("select page_count * page_size from pragma_page_count, pragma_page_size").fetchone()[0]
        )


def _events(it: House) -> int:
    found = 0
    for path in it.data.glob("*/events.db"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            found += db.execute("select count(*) from events").fetchone()[0]
    return found


async def _quiet(it: House) -> None:
    """Until no event is on its way any more: two looks, a second apart, find as many as before and no lag."""
    deadline, before = time.monotonic() + QUIET_WITHIN, -1
    async with it.client() as client:
        while time.monotonic() < deadline:
            board = (await client.get(f"{it.url('performance')}/kpis?kpi=won_count")).json()
            lags = [one["lag_events"] for one in board["freshness"]]
            now = _events(it)
            if now == before and lags and not any(lag != 0 for lag in lags):
                return
            before = now
            await asyncio.sleep(1)
    raise TimeoutError("events are still on their way")


def table(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    idle, *paced = runs
    lines = ["| | idle | " + " | ".join(f"{run['pace']}, for 1,000 events" for run in paced) + " |"]
    lines.append("|---|---:|" + "---:|" * len(paced))
    for name in PROGRAMS:
        cells = " | ".join(f"{run['cpu_seconds'][name] * 1000 / run['events']:.2f} s" for run in paced)
        lines.append(f"| processor, {name} | {idle['cores'][name]:.3f} of a core | {cells} |")
    total = " | ".join(f"{sum(run['cpu_seconds'].values()) * 1000 / run['events']:.2f} s" for run in paced)
    lines.append(f"| processor, all | {sum(idle['cores'].values()):.3f} of a core | {total} |")
    for name in paced[0]["disk_bytes"]:
        cells = " | ".join(f"{run['disk_bytes'][name] / run['events']:,.0f} kB" for run in paced)
        lines.append(f"| disk, {name} | | {cells} |")
    for name in PROGRAMS:
        cells = " | ".join(f"{run['memory_mb'][name]:.0f} MB then" for run in paced)
        lines.append(f"| memory, {name} | {idle['memory_mb'][name]:.0f} MB | {cells} |")
    counted = ("commands", "events", "failed")
    return [*lines, *(f"| {it} | | " + " | ".join(f"{run[it]:,}" for run in paced) + " |" for it in counted)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", type=int, nargs="+", default=RATES, help="commands per second")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each rate")
    parser.add_argument("--broker", choices=("embedded", "apache"), default="embedded")
    parser.add_argument("--json", type=Path, default=Path("build/capacity.json"))
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main())
