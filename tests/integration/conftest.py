"""Real servers for the integration tests: one broker for all, and one of its own for whoever breaks it.

The embedded broker, or, with ``TEST_BROKER=apache``, Apache Kafka itself.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from baton import broker as embedded
from shared.eventstore.sqlite import SqliteStore
from shared.kafka.brokers import Brokers
from tests.local_broker import START_WITHIN, LocalBroker, must_be_there


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "events.db")
    yield opened
    await opened.close()


@pytest.fixture(scope="session", autouse=True)
def _the_broker_can_run() -> None:
    must_be_there()


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    """A broker that all tests share: they name their own topics and groups."""
    shared = LocalBroker(tmp_path_factory.mktemp("broker"))
    shared.launch()
    try:
        asyncio.run(embedded.until_it_answers(shared.brokers, within=START_WITHIN))
        yield shared.brokers
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
