"""How many durable commands a second the customers service carries through HTTP, and how long each takes.

The service runs as it is, on one core; the load comes from the other. Beside it run the same app without a
store, and the same store with one write to the disk per command. At the end the server is killed under load,
and every command that it had acknowledged must be there.
"""

import argparse
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import uvloop

from baton.broker import HOST, embedded_broker
from bench.commands.load import NotAcknowledged, clients
from bench.commands.opening import SECRET, opening_a_deal
from bench.commands.served import ROOT, Served, served
from bench.commands.survival import survival
from bench.commands.told import BATON, HALF, MOST, NO_STORE, ONE_BY_ONE, Told, goals, line, table, told_of
from bench.report import keep
from tests.ports import free_ports

CORE: Final = 1
CLIENTS: Final = (1, 16, 64)
WARM_SECONDS: Final = 1.0
CONTESTANTS: Final[Mapping[str, Sequence[str]]] = {
    BATON: ("services.customers",),
    NO_STORE: ("bench.commands.stores", "forgets"),
    ONE_BY_ONE: ("bench.commands.stores", "one-by-one"),
}


async def main() -> None:
    options = _options()
    os.sched_setaffinity(0, {CORE})
    told: dict[str, dict[str, list[Told]]] = {name: {} for name in CONTESTANTS}
    async with _kafka(there=options.broker) as bootstrap:
        for turn in range(options.rounds):
            for name, argv in CONTESTANTS.items():
                with _service(argv, bootstrap, waits=options.broker) as server:
                    async for stretch, one in contest(server, options.seconds):
                        told[name].setdefault(stretch, []).append(one)
                        print(f"round {turn + 1}, {name}, {stretch}: {line(one)}", flush=True)
        with _service(CONTESTANTS[BATON], bootstrap, waits=options.broker) as server:
            survived = await survival(server, after=options.seconds)
    report = {
        "broker": options.broker,
        "told": told,
        "goals": goals(told),
        "kill -9": survived,
    }
    keep(options.json, report)
    print("", *table(told), "", *goals(told), f"- kill -9 with {MOST}: {survived}", sep="\n")
    if survived["lost"]:
        sys.exit("acknowledged commands were lost")


async def contest(server: Served, seconds: float) -> AsyncIterator[tuple[str, Told]]:
    """All numbers of clients on one server, then half of what the most of them got through."""
    numbers, rate = count(), 0.0
    for many in CLIENTS:
        async with clients(server, many, opening_a_deal(), numbers) as them:
            told = told_of(await them.closed_loop(warm=WARM_SECONDS, seconds=seconds), server)
        yield f"{many} client{'s' * (many > 1)}", told
        rate = told["commands_per_s"] / 2
    async with clients(server, CLIENTS[-1], opening_a_deal(), numbers) as them:
        yield HALF, told_of(await them.open_loop(rate, warm=WARM_SECONDS, seconds=seconds), server)


@contextmanager
def _service(argv: Sequence[str], bootstrap: str, *, waits: bool) -> Iterator[Served]:
    """The service on an empty store; ``waits`` until it has its topics, for which there must be a broker."""
    ready = "/health/ready" if waits else "/health/live"
    with (
        TemporaryDirectory(prefix="commands-bench-") as folder,
        served(
            argv, Path(folder), service="customers", secret=SECRET, kafka=bootstrap, ready=ready
        ) as server,
    ):
        yield server


@asynccontextmanager
async def _kafka(*, there: bool) -> AsyncIterator[str]:
    """The embedded broker, which shares the load generator's core; or an address where nobody answers."""
    port = free_ports(1)
    if not there:
        yield f"{HOST}:{port}"
        return
    with TemporaryDirectory(prefix="commands-broker-") as folder:
        async with embedded_broker(Path(folder), port=port) as bootstrap:
            yield bootstrap


def _options() -> argparse.Namespace:
    said = argparse.ArgumentParser(prog="python -m bench.commands", description=__doc__)
    said.add_argument("--seconds", type=float, default=4, help="of every stretch of load")
    said.add_argument("--rounds", type=int, default=3)
    said.add_argument("--broker", action="store_true", help="with a broker, to which everything is published")
    said.add_argument("--json", type=Path, default=ROOT / "build" / "commands.json")
    return said.parse_args()


if __name__ == "__main__":
    try:
        uvloop.run(main())
    except NotAcknowledged as answer:
        sys.exit(f"not acknowledged: {answer}")
