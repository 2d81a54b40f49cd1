"""All four services with narrow bounds, once for all of these tests."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Final

import pytest

from shared.events.catalogue import SERVICES
from tests.abuse.services import Running, running, until_answering

MOST_CONNECTIONS: Final = 100
MOST_STREAMS: Final = 12
STREAMS_A_TOKEN: Final = 5
ARRIVES_WITHIN_SECONDS: Final = 2
NARROW: Final[Mapping[str, str]] = {
    "MOST_CONNECTIONS": str(MOST_CONNECTIONS),
    "MOST_STREAMS": str(MOST_STREAMS),
    "STREAMS_A_TOKEN": str(STREAMS_A_TOKEN),
    "ARRIVES_WITHIN_SECONDS": str(ARRIVES_WITHIN_SECONDS),
}


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Running]]:
    folder = tmp_path_factory.mktemp("abused")
    with ExitStack() as stack:
        started = {name: stack.enter_context(running(folder, name, NARROW)) for name in SERVICES}
        asyncio.run(until_answering(*started.values()))
        yield started


@pytest.fixture
def customers(services: Mapping[str, Running]) -> Running:
    return services["customers"]


@pytest.fixture
def performance(services: Mapping[str, Running]) -> Running:
    return services["performance"]
