"""An empty company, and its performance service as others ask it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.unit.performance.asking import Service, performance
from tests.unit.performance.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.engine.dispose()


@pytest.fixture
async def service(world: World, tmp_path: Path) -> AsyncIterator[Service]:
    async with performance(world, tmp_path) as service:
        yield service
