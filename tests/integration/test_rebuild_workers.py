"""What several processes read from a real topic and add up is what one process reads."""

from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.performance import lists
from shared.eventstore.sqlite import SqliteStore
from shared.projections.database import open_database
from shared.projections.runner import Runner
from shared.service.intake import Intake
from shared.service.job import Run
from shared.service.rebuild_worker import Apart
from shared.service.rebuilding import Rebuilding
from shared.service.whole_log import WholeLog
from tests.integration.relayed import append, published, relaying
from tests.integration.test_whole_log import EVENTS, TOPIC, _ends
from tests.local_broker import LocalBroker

FOLDS = partial(lists.folds, ZoneInfo("Asia/Shanghai"))


async def test_a_replay_in_two_processes_is_verified(
    store: SqliteStore, own_broker: LocalBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.service.shares.FOR_ANOTHER", 1)
    await own_broker.start()
    await append(store, streams=30, each=EVENTS // 30)
    async with relaying(store, own_broker.brokers):
        await published(own_broker.brokers, EVENTS)
    log = WholeLog(store, "performance", own_broker.brokers, [TOPIC])
    database = open_database(f"sqlite:///{tmp_path}/read.db")
    intake = Intake(Runner(database, "performance", FOLDS().all), ())
    async for batches in log.read({}, await _ends(own_broker)):
        await intake.take(batches)
    positions = await intake.positions()
    rebuilding = Rebuilding(intake, FOLDS().all, log, apart=Apart(FOLDS, log.published))

    run = Run[None](workers=2)
    await rebuilding.replace(run)
    assert (database.number, run.workers, run.events) == (1, 2, EVENTS)
    assert await intake.positions() == positions
    found = await rebuilding.verify(Run())
    assert (found.differences, found.compared["entities"]) == (0, 30)
    database.dispose()
