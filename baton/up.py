"""`baton up`: everything on one machine, kept running until it is told to stop."""

import asyncio
import logging
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from baton import places, programs
from baton.broker import NoBroker
from baton.logs import tail
from baton.places import HOST, CannotStart
from baton.processes import Program, Running
from baton.programs import Broker, Machine
from baton.tokens import FILES, NoKey, kept_key, signed
from shared.service.actor import Actor

MOST_STARTS: Final = 5
"""A program that crashed so often before it was ready even once will not come."""
PATIENCE: Final = 20.0
SIGNED_IN_DAYS: Final = 30
"""How long the link to the desk is good for, which signs in whoever reads it where it was printed."""


@dataclass
class House:
    """What runs, in the order in which it was started."""

    console: Console
    running: list[Running] = field(default_factory=list)
    kept: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def say(self, name: str, line: str) -> None:
        self.console.print(f"[dim]{name:>12}[/] {escape(line)}", highlight=False, soft_wrap=True)

    def start(self, program: Program) -> Running:
        running = Running(program, self.say)
        self.running.append(running)
        self.kept[program.name] = asyncio.create_task(running.keep())
        return running

    async def until_ready(self, running: Running) -> None:
        """Raises ``CannotStart`` with the end of its log when it keeps crashing."""
        ready = asyncio.create_task(running.until_ready())
        try:
            waited = 0.0
            while not (await asyncio.wait([ready], timeout=0.5))[0]:
                waited += 0.5
                name, log = running.program.name, running.program.log
                if running.starts > MOST_STARTS:
                    raise CannotStart(f"{name} does not start. The end of {log}:\n{tail(log)}")
                if waited == PATIENCE:
                    self.say(name, f"is not ready yet; what it says is in {log}")
            await ready
        finally:
            ready.cancel()

    async def stop(self) -> None:
        """Stop everything, the last started first group by group: the broker outlives who talks to it."""
        for group in (self.running[1:], self.running[:1]):
            for running in group:
                running.stop()
            await asyncio.gather(*(self.kept[r.program.name] for r in group), return_exceptions=True)

    def give_up(self) -> None:
        for task in self.kept.values():
            task.cancel()


def up(
    data: Path,
    *,
    port: int,
    demo: bool,
    environment: Mapping[str, str],
    console: Console,
    broker: Broker = "embedded",
) -> None:
    """Start everything and keep it running until SIGINT, SIGTERM or SIGHUP; raises ``CannotStart``."""
    with places.held(data):
        places.sound(data)
        places.free(programs.ports(port))
        given = environment.get("KAFKA_BOOTSTRAP_SERVERS")
        kafka = given or f"{HOST}:{places.broker_port(port + programs.BROKER_OFFSET)}"
        try:
            keys: dict[str, str] = {
                name: kept_key(data, environment=environment, name=name) for name in FILES
            }
        except NoKey as error:
            raise CannotStart(str(error)) from error
        machine = Machine(data.resolve(), port, kafka, keys, environment)
        for name in ("logs", "kafka", *programs.OFFSETS):
            (machine.data / name).mkdir(exist_ok=True)
        asyncio.run(_run(machine, House(console), broker=None if given else broker, demo=demo))


async def _run(machine: Machine, house: House, *, broker: Broker | None, demo: bool) -> None:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # the broker is asked before it is there
    stopping = _told_to_stop(house)
    told = asyncio.create_task(stopping.wait())
    timeout = aiohttp.ClientTimeout(total=2)
    async with aiohttp.ClientSession(timeout=timeout) as asking:
        opened = asyncio.create_task(_open(machine, house, asking, broker=broker, demo=demo))
        try:
            await asyncio.wait([opened, told], return_when=asyncio.FIRST_COMPLETED)
            if opened.done():
                opened.result()
                await told
        finally:
            opened.cancel()
            told.cancel()
            house.console.print("Stopping …" if stopping.is_set() else "Giving up …")
            await house.stop()


async def _open(
    machine: Machine, house: House, asking: aiohttp.ClientSession, *, broker: Broker | None, demo: bool
) -> None:
    if broker is not None:
        try:
            program = await asyncio.to_thread(programs.own_broker, machine, broker)
            await house.until_ready(house.start(program))
        except NoBroker as error:
            raise CannotStart(str(error)) from error
    started = [house.start(programs.service(machine, name, asking)) for name in programs.OFFSETS]
    await asyncio.gather(*map(house.until_ready, started))
    house.console.print(addresses(machine), soft_wrap=True)
    if machine.wallboard():
        house.console.print(f"desk as the manager: {desk(machine)}", soft_wrap=True, highlight=False)
    if demo:
        house.start(programs.demo(machine))


def addresses(machine: Machine) -> Table:
    """Where to look, the wallboard first."""
    table = Table(title="Baton runs", title_justify="left", box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(no_wrap=True)
    board = machine.url("performance") if machine.wallboard() else "not built: `make setup` builds it"
    table.add_row("wallboard", f"[link]{board}[/link]" if machine.wallboard() else board)
    for name in programs.OFFSETS:
        table.add_row(name, f"{machine.url(name)}/docs")
    table.add_row("kafka", machine.kafka)
    table.add_row("data", str(machine.data))
    return table


def desk(machine: Machine) -> str:
    """Where staff work, with a token that signs in as the manager."""
    somebody = signed(machine.keys["TOKEN_SECRET"], Actor(id="manager", role="manager"), days=SIGNED_IN_DAYS)
    return f"{machine.url('performance')}/desk/#token={somebody}"


def _told_to_stop(house: House) -> asyncio.Event:
    """Set by the first signal to stop; a second one ends everything at once."""
    stopping = asyncio.Event()

    def stop() -> None:
        if stopping.is_set():
            house.give_up()
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    return stopping
