"""Apache Kafka on a core of its own, for benchmarks that need a whole broker."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from baton.apache_kafka import node
from baton.broker import HOST, until_it_answers
from shared.kafka.brokers import Brokers
from tests.ports import free_ports

CORE: Final = 0
START_SECONDS: Final = 60


@contextmanager
def broker() -> Iterator[str]:
    """An empty one until the block ends; yields its bootstrap address. Raises ``NoBroker``."""
    port = free_ports(2)
    with TemporaryDirectory(prefix="stream-bench-") as folder:
        argv = node.argv(Path(folder), port=port, controller=port + 1)
        with Path(folder, "log").open("wb") as log:
            process = subprocess.Popen(["taskset", "-c", str(CORE), *argv], stdout=log, stderr=log)
        try:
            bootstrap = f"{HOST}:{port}"
            asyncio.run(until_it_answers(Brokers(bootstrap), within=START_SECONDS))
            yield bootstrap
        finally:
            process.terminate()
            process.wait()
