"""A service follows its own store; a read model that knows more than the store is not built upon."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from services.customers import lists
from shared.projections.database import open_database
from shared.projections.runner import Runner
from shared.service.intake import OWN_STORE, Intake
from shared.service.sources import Ahead, OwnStore
from tests.unit.baton.keeping import create_lead
from tests.unit.sealing import Safe, safe
from tests.waiting import until


@pytest.fixture
async def intake(tmp_path: Path) -> AsyncIterator[Intake]:
    database = open_database(f"sqlite:///{tmp_path}/read.db")
    yield Intake(Runner(database, "customers", lists.OWN), [])
    database.dispose()


async def test_a_store_that_was_restored_is_not_followed_past_what_it_lost(
    intake: Intake, tmp_path: Path
) -> None:
    for folder in ("today", "yesterday"):
        (tmp_path / folder).mkdir()
    async with safe(tmp_path / "today") as it:
        for n in range(3):
            await create_lead(it, n)
        await taken(intake, it)
    async with safe(tmp_path / "yesterday") as it:
        await create_lead(it, 0)
        with pytest.raises(Ahead, match=r"position 2, the event store ends at 0: .*empty the read database"):
            await OwnStore(it.log, "customers", intake).run()


async def taken(intake: Intake, it: Safe) -> None:
    """Everything that is in the store."""
    own = OwnStore(it.log, "customers", intake)
    following = asyncio.create_task(own.run())
    head = await it.log.head()

    async def reached() -> bool:
        at = (await intake.positions()).get(OWN_STORE)
        return at is not None and at.position == head

    await until(reached)
    assert own.ready
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
