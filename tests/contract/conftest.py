"""The event stores that the contract is held against."""

import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

from shared.eventstore.keyring import open_keyring
from shared.eventstore.open import open_store
from shared.eventstore.sealed import Sealed
from shared.eventstore.store import EventStore
from tests.contract.kurrent_protocol import KurrentProtocol
from tests.docker_engine import why_no_engine

IMAGES: Final[Mapping[str, str]] = {
    "KurrentDB 26": "kurrentplatform/kurrentdb:26.1.2",
    "KurrentDB 25": "kurrentplatform/kurrentdb:25.1",
    "EventStoreDB 24.10": "eventstore/eventstore:24.10",
    "EventStoreDB 23.10": "eventstore/eventstore:23.10",
}
"""The servers that the contract is held against, each in a container of its own."""
SKIPPED: Final = (
    "THE KURRENTDB HALF OF THE CONTRACT WAS NOT RUN: there is neither a server nor Docker to start one."
    " Start Docker, or set EVENTSTORE_URL=kurrentdb://host:2113?tls=false, and run"
    " pytest tests/contract/test_eventstore.py"
)
NAMED: Final = os.environ.get("EVENTSTORE_URL", "")
SERVERS: Final = ("EVENTSTORE_URL",) if NAMED.startswith(("kurrentdb", "esdb")) else (*IMAGES,)
"""The server that EVENTSTORE_URL names, or those of the images."""


@pytest.fixture(scope="session")
def server_urls() -> Iterator[Callable[[str], str]]:
    """The address of one of ``SERVERS``; a container is started when it is first asked for."""
    with ExitStack() as stack:
        yield cache(lambda server: NAMED if server not in IMAGES else stack.enter_context(_started(server)))


@contextmanager
def _started(server: str) -> Iterator[str]:
    if why_no_engine():
        pytest.skip(SKIPPED)
    image = IMAGES[server]
    brand = "EVENTSTORE" if "eventstore" in image else "KURRENTDB"
    container = (
        DockerContainer(image)
        .with_envs(**{f"{brand}_INSECURE": "true", f"{brand}_MEM_DB": "true"})
        .with_exposed_ports(2113)
        .waiting_for(HttpWaitStrategy(2113, "/health/live").for_status_code(204))
    )
    with container:
        yield f"esdb://{container.get_container_host_ip()}:{container.get_exposed_port(2113)}?tls=false"


@pytest.fixture
async def protocol() -> AsyncIterator[KurrentProtocol]:
    async with KurrentProtocol() as server:
        yield server


@pytest.fixture(
    params=["sqlite", "sqlite, sealed", *SERVERS, "kurrent's protocol", "kurrent's protocol, sealed"]
)
def a_store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store; empty for the protocol, whose server starts with the test."""
    match request.param.removesuffix(", sealed"):
        case "sqlite":
            return f"sqlite:///{tmp_path}/new folder/events.db"
        case server if server in SERVERS:
            urls: Callable[[str], str] = request.getfixturevalue("server_urls")
            return urls(server)
        case _:
            return ""


@pytest.fixture
async def store(
    request: pytest.FixtureRequest, a_store: str, protocol: KurrentProtocol, tmp_path: Path
) -> AsyncIterator[EventStore]:
    opened = await open_store(a_store or protocol.url)
    if not request.node.callspec.params["a_store"].endswith("sealed"):
        yield opened
        await opened.close()
        return
    keyring = open_keyring(f"sqlite:///{tmp_path}/keys.db", "a master key that only the tests know")
    sealed = Sealed(opened, keyring)
    yield sealed
    await sealed.close()
    keyring.close()


@pytest.fixture
def deal() -> str:
    """A category that no other test writes to: a server outlives the test."""
    return f"deal{uuid4().hex[:12]}"
