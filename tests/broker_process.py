"""A broker in a process: the embedded one, or Apache Kafka on Java from what Maven fetched."""

import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from baton import broker as embedded
from baton.apache_kafka import artefacts, node
from tests.local_broker import END_WITHIN, LocalBroker


class BrokerProcess(LocalBroker):
    """The embedded one."""

    def __init__(self, data: Path) -> None:
        super().__init__()
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        self._data.mkdir(parents=True, exist_ok=True)
        with (self._data / "broker.log").open("ab") as output:
            self._process = subprocess.Popen(self._argv(), stdout=output, stderr=output)

    def stop(self) -> None:
        self._end(subprocess.Popen.terminate)

    def kill(self) -> None:
        self._end(subprocess.Popen.kill)

    def pause(self) -> None:
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
        return embedded.argv(self._data, port=self.port)


class ApacheProcess(BrokerProcess):
    def __init__(self, data: Path, *, advertised: int | None) -> None:
        super().__init__(data)
        self._advertised = advertised

    def _argv(self) -> Sequence[str]:
        argv = node.argv(self._data, port=self.port, controller=self.port + 1)
        if self._advertised is not None:
            with (self._data / "server.properties").open("a") as settings:
                settings.write(f"advertised.listeners=PLAINTEXT://{embedded.HOST}:{self._advertised}\n")
        return argv


@cache
def why_no_java() -> str:
    """Why Apache Kafka cannot run on Java here; empty when it can."""
    try:
        artefacts.program("java")
        artefacts.classpath()
    except embedded.NoBroker as why:
        return str(why)
    return ""
