from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.customers.world import World, customers


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with customers(tmp_path) as running:
        yield running
