"""A broker that a test starts: the embedded one, or Apache Kafka itself with ``TEST_BROKER=apache``."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest

from baton import broker as embedded
from baton.apache_kafka import artefacts, node
from shared.kafka.brokers import Brokers
from tests.ports import free_ports

APACHE: Final = os.environ.get("TEST_BROKER") == "apache"
START_WITHIN: Final = 60.0
END_WITHIN: Final = 30.0


def must_be_there(*, apache: bool = APACHE) -> None:
    """Skips where the broker that was asked for cannot run, or fails there with ``REQUIRE_KAFKA=1``."""
    if not apache:
        return
    try:
        artefacts.program("java")
        artefacts.classpath()
    except embedded.NoBroker as why:
        if os.environ.get("REQUIRE_KAFKA"):
            raise
        pytest.skip(f"APACHE KAFKA WAS NOT TRIED: {why}")


class LocalBroker:
    """A broker at one address; it may be ended, stand still, come back, or lose everything.

    With ``between`` it tells its clients to come by that port, where something stands before it (Apache).
    """

    def __init__(self, data: Path, *, apache: bool = APACHE, between: int | None = None) -> None:
        self._data = data
        self._apache = apache
        self._between = between
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_ports(2)
        self.bootstrap = f"{embedded.HOST}:{self.port}"

    @property
    def brokers(self) -> Brokers:
        return Brokers(self.bootstrap)

    def launch(self) -> None:
        self._data.mkdir(parents=True, exist_ok=True)
        with (self._data / "broker.log").open("ab") as output:
            self._process = subprocess.Popen(self._argv(), stdout=output, stderr=output)

    async def start(self) -> None:
        self.launch()
        await embedded.until_it_answers(self.brokers, within=START_WITHIN)

    def stop(self) -> None:
        """Ends saved."""
        self._end(subprocess.Popen.terminate)

    def kill(self) -> None:
        """Ends at once, with whatever was not saved lost."""
        self._end(subprocess.Popen.kill)

    def pause(self) -> None:
        """It neither answers nor closes a connection, until it goes on."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def wipe(self) -> None:
        shutil.rmtree(self._data)

    def _end(self, how: Callable[[subprocess.Popen[bytes]], None]) -> None:
        if self._process is not None:
            how(self._process)
            self._process.wait(timeout=END_WITHIN)
            self._process = None

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _argv(self) -> Sequence[str]:
        if not self._apache:
            return embedded.argv(self._data, port=self.port)
        argv = node.argv(self._data, port=self.port, controller=self.port + 1)
        if self._between is not None:
            with (self._data / "server.properties").open("a") as settings:
                settings.write(f"advertised.listeners=PLAINTEXT://{embedded.HOST}:{self._between}\n")
        return argv
