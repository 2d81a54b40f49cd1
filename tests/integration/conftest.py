"""Real servers for the integration tests: one broker for all, and one of its own for whoever breaks it."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from baton import broker as embedded
from tests.ports import free_ports


class LocalBroker:
    """The embedded broker at one address; it may be ended, come back, or lose everything."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._port = free_ports(1)
        self._process: subprocess.Popen[bytes] | None = None
        self.bootstrap = f"{embedded.HOST}:{self._port}"

    def launch(self) -> None:
        self._data.mkdir(parents=True, exist_ok=True)
        with (self._data / "broker.log").open("ab") as output:
            self._process = subprocess.Popen(
                embedded.argv(self._data, port=self._port), stdout=output, stderr=output
            )

    async def start(self) -> None:
        self.launch()
        await embedded.until_it_answers(self.bootstrap)

    def stop(self) -> None:
        """Ends saved."""
        self._end(subprocess.Popen.terminate)

    def kill(self) -> None:
        """Ends at once, with whatever was not saved lost."""
        self._end(subprocess.Popen.kill)

    def wipe(self) -> None:
        shutil.rmtree(self._data)

    def _end(self, how: Callable[[subprocess.Popen[bytes]], None]) -> None:
        if self._process is not None:
            how(self._process)
            self._process.wait(timeout=10)
            self._process = None


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a broker that all tests share: they name their own topics and groups."""
    shared = LocalBroker(tmp_path_factory.mktemp("broker"))
    shared.launch()
    try:
        asyncio.run(embedded.until_it_answers(shared.bootstrap))
        yield shared.bootstrap
    finally:
        shared.kill()


@pytest.fixture
async def own_broker(tmp_path: Path) -> AsyncIterator[LocalBroker]:
    """A broker of the test's own, not started yet."""
    own = LocalBroker(tmp_path / "broker")
    try:
        yield own
    finally:
        own.kill()


@pytest.fixture
def fresh() -> Callable[[str], str]:
    """Names that nobody used before."""
    return lambda name: f"{name}-{uuid4().hex[:12]}"
