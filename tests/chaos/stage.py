"""A Baton to torture, and what a fault can get at."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest

from baton.programs import BROKER_OFFSET
from tests.brokers import APACHE, local_broker
from tests.chaos.proxy import Proxy, proxy
from tests.house import House, house
from tests.local_broker import LocalBroker
from tests.small_disk import small_disk

MARK: Final = "CHAOS_STAGE"
"""A variable that every process of a stage has in its environment, whoever started it."""
LIBFAKETIME: Final = "faketime/libfaketimeMT.so.1"
LIBRARIES: Final = Path("/usr/lib")


@dataclass(frozen=True)
class Stage:
    """Services with SQLite stores, kept by `baton up`."""

    house: House
    kafka: str
    """The broker's address."""

    def left_behind(self) -> list[str]:
        """Processes that are of this stage."""
        mark = f"{MARK}={self.house.environment[MARK]}".encode()
        return [
            " ".join([entry.name, *_of(entry, "cmdline").decode().split("\0")])
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and mark in _of(entry, "environ").split(b"\0")
        ]


@dataclass(frozen=True)
class OnApache(Stage):
    """With Apache Kafka instead of the embedded broker, and a wire to it that can be cut."""

    broker: LocalBroker
    wire: Proxy


@dataclass(frozen=True)
class Clocked(Stage):
    """With a clock that everything goes by and that can be set."""

    clock: Path

    def set_clock(self, seconds: int) -> None:
        """So far from the true time, from now on."""
        self.clock.write_text(f"{seconds:+d}\n")


@dataclass(frozen=True)
class SmallDisk(Stage):
    """With some of what services keep on a disk that can be filled."""

    disk: Path


@asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[Stage]:
    async with _house(folder) as it:
        yield Stage(it, f"127.0.0.1:{it.port + BROKER_OFFSET}")


@asynccontextmanager
async def on_apache(folder: Path) -> AsyncIterator[OnApache]:
    async with proxy() as wire:
        with local_broker(folder / "broker", APACHE, advertised=wire.port) as broker:
            wire.to = broker.port
            await broker.start()
            async with _house(folder, KAFKA_BOOTSTRAP_SERVERS=wire.address) as it:
                yield OnApache(it, wire.address, broker, wire)


def on_small_disk(kept: str) -> Callable[[Path], AbstractAsyncContextManager[SmallDisk]]:
    """What is kept there: the setting that says where."""
    return partial(_on_small_disk, kept)


@asynccontextmanager
async def _on_small_disk(kept: str, folder: Path) -> AsyncIterator[SmallDisk]:
    disk = folder / "disk"
    with small_disk(disk):
        async with _house(folder, **{kept: f"sqlite:///{disk}/{{service}}.db"}) as it:
            yield SmallDisk(it, f"127.0.0.1:{it.port + BROKER_OFFSET}", disk)


@asynccontextmanager
async def clocked(folder: Path) -> AsyncIterator[Clocked]:
    found = sorted(LIBRARIES.glob(f"*/{LIBFAKETIME}"))
    if not found:
        pytest.skip("no clock that can be set: apt-get install faketime")
    clock = folder / "clock"
    clock.write_text("+0\n")
    settings = {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    async with _house(folder, **settings) as it:
        yield Clocked(it, f"127.0.0.1:{it.port + BROKER_OFFSET}", clock)


@asynccontextmanager
async def _house(folder: Path, **settings: str) -> AsyncIterator[House]:
    environment: Mapping[str, str] = {MARK: uuid4().hex, **settings}
    async with house(folder / "data", environment=environment) as it:
        yield it


def _of(process: Path, file: str) -> bytes:
    try:
        return (process / file).read_bytes()
    except OSError:
        return b""  # it has ended, or is somebody else's
