"""The event stores that the contract is held against."""

import gc
import os
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import docker  # type: ignore[import-untyped] # it ships no types
import pytest
from docker.errors import DockerException  # type: ignore[import-untyped] # it ships no types
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

from shared.eventstore.keyring import open_keyring
from shared.eventstore.open import open_store
from shared.eventstore.sealed import Sealed
from shared.eventstore.store import EventStore
from tests.contract.kurrent_protocol import KurrentProtocol

IMAGE = os.environ.get("KURRENTDB_IMAGE", "kurrentplatform/kurrentdb:latest")
SKIPPED = (
    "THE KURRENTDB HALF OF THE CONTRACT WAS NOT RUN: there is neither a server nor Docker to start one."
    " Start Docker, or set EVENTSTORE_URL=kurrentdb://host:2113?tls=false, and run"
    " pytest tests/contract/test_eventstore.py"
)


@pytest.fixture(scope="session")
def kurrent_url() -> Iterator[str]:
    """The server that EVENTSTORE_URL names, or one in a container."""
    named = os.environ.get("EVENTSTORE_URL", "")
    if named.startswith(("kurrentdb", "esdb")):
        yield named
        return
    if not _docker_runs():
        pytest.skip(SKIPPED)
    server = (
        DockerContainer(IMAGE)
        .with_envs(KURRENTDB_INSECURE="true", KURRENTDB_MEM_DB="true")
        .with_exposed_ports(2113)
        .waiting_for(HttpWaitStrategy(2113, "/health/live").for_status_code(204))
    )
    with server:
        yield f"kurrentdb://{server.get_container_host_ip()}:{server.get_exposed_port(2113)}?tls=false"


def _docker_runs() -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            docker.from_env().close()
        except DockerException:
            runs = False
        else:
            runs = True
        gc.collect()  # a client that finds no engine leaves its socket open, which is no warning of ours
    return runs


@pytest.fixture
async def protocol() -> AsyncIterator[KurrentProtocol]:
    async with KurrentProtocol() as server:
        yield server


@pytest.fixture(
    params=["sqlite", "sqlite, sealed", "kurrent", "kurrent's protocol", "kurrent's protocol, sealed"]
)
def a_store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store; empty for the protocol, whose server starts with the test."""
    match request.param.removesuffix(", sealed"):
        case "sqlite":
            return f"sqlite:///{tmp_path}/new folder/events.db"
        case "kurrent":
            return str(request.getfixturevalue("kurrent_url"))
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
