"""The embedded broker of one developer's machine: a program that speaks Kafka's protocol (ADR 0007)."""

import asyncio
import os
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from shared.kafka.brokers import Brokers
from shared.kafka.started import started

HOST: Final = "127.0.0.1"
START_SECONDS: Final = 15.0
STOP_SECONDS: Final = 5.0


class NoBroker(Exception):
    """There is no embedded broker to start, or it does not answer."""


def argv(data: Path, *, port: int) -> list[str]:
    """The command line that runs the broker in the foreground, all its files under ``data``.

    The binary itself, not its Python wrapper: who ends the process ends the broker. Raises ``NoBroker``.
    """
    package = find_spec("noida_db")
    binary = Path(package.origin).with_name("noida-db") if package and package.origin else None
    if binary is None or not binary.is_file():
        raise NoBroker("The embedded broker is not installed: install the extra `local`, or set "
                       "KAFKA_BOOTSTRAP_SERVERS to a broker that runs.")  # fmt: skip
    if not os.access(binary, os.X_OK):
        binary.chmod(0o755)
    return [
        str(binary), "start", "--data-dir", str(data), "--host", HOST, "--only", "kafka",
        "--kafka-port", str(port),
    ]  # fmt: skip


async def answers(brokers: Brokers) -> bool:
    """Whether a broker at this address answers a metadata request."""
    admin = AIOKafkaAdminClient(**brokers.client(), request_timeout_ms=2000)
    try:
        async with started(admin.start, admin.close):
            return True
    except (KafkaError, OSError):
        return False


async def until_it_answers(brokers: Brokers, *, within: float = START_SECONDS) -> None:
    """Wait at most ``within`` seconds for the broker; raises ``NoBroker``."""
    deadline = time.monotonic() + within
    while not await answers(brokers):
        if time.monotonic() > deadline:
            raise NoBroker(f"The broker at {brokers.servers} did not answer within {within:.0f} s.")
        await asyncio.sleep(0.05)


@asynccontextmanager
async def embedded_broker(data: Path, *, port: int) -> AsyncIterator[Brokers]:
    """A broker for as long as the block runs."""
    broker = await asyncio.create_subprocess_exec(
        *argv(data, port=port), stdout=DEVNULL, stderr=DEVNULL, start_new_session=True
    )
    try:
        brokers = Brokers(f"{HOST}:{port}")
        await until_it_answers(brokers)
        yield brokers
    finally:
        await stop(broker)


async def stop(broker: asyncio.subprocess.Process) -> None:
    """Ask it to save and end; end it when it does not."""
    if broker.returncode is not None:
        return
    broker.terminate()
    try:
        await asyncio.wait_for(broker.wait(), STOP_SECONDS)
    except TimeoutError:
        broker.kill()
        await broker.wait()
