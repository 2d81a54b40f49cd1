"""Real servers for the integration tests: one broker for all, and one of its own for whoever breaks it.

The embedded broker, or Apache Kafka (``brokers.py``).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from shared.eventstore.sqlite import SqliteStore
from shared.kafka.brokers import Brokers
from tests.brokers import chosen, local_broker
from tests.local_broker import LocalBroker


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "events.db")
    yield opened
    await opened.close()


@pytest.fixture(scope="session", autouse=True)
def _the_broker_can_run() -> None:
    chosen()


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    """A broker that all tests share: they name their own topics and groups."""
    with local_broker(tmp_path_factory.mktemp("broker")) as shared:
        asyncio.run(shared.start())
        yield shared.brokers


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[LocalBroker]:
    """A broker of the test's own, not started yet."""
    with local_broker(tmp_path / "broker") as own:
        yield own


@pytest.fixture
def fresh() -> Callable[[str], str]:
    """Names that nobody used before."""
    return lambda name: f"{name}-{uuid4().hex[:12]}"
