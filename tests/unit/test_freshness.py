"""How much a service has yet to take of its own store, in events and in seconds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from math import isnan
from pathlib import Path
from uuid import uuid4

from services.customers import lists
from shared.events.examples import ENVELOPE, EXAMPLES
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NewEvent
from shared.kafka.brokers import Brokers
from shared.kafka.log import Partition
from shared.projections.database import open_database
from shared.projections.runner import Position, Runner, Source
from shared.service.freshness import Watch, behind_topic
from shared.service.intake import OWN_STORE, Intake
from shared.service.sources import OwnStore
from tests.counted import said
from tests.ports import free_ports
from tests.waiting import until


async def happens(store: SqliteStore, stream: str) -> None:
    won = EXAMPLES["deal-won.v1"]
    event = NewEvent(uuid4(), won.type, won.wire(), ENVELOPE.model_dump_json().encode())
    await store.append(stream, [event], expected=-1)


@asynccontextmanager
async def doing(*parts: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(part()) for part in parts]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def lag(source: str = OWN_STORE.name) -> tuple[float, float]:
    told = {"group": "baton.customers", "source": source}
    return said("baton_consumer_lag_events", **told), said("baton_consumer_lag_seconds", **told)


async def test_a_lag_is_known_in_events_and_seconds(tmp_path: Path) -> None:
    store, database = SqliteStore(tmp_path / "events.db"), open_database(f"sqlite:///{tmp_path}/read.db")
    intake = Intake(Runner(database, "customers", lists.folds().all), ())
    own = OwnStore(store, "customers", intake)
    nobody = Brokers(f"127.0.0.1:{free_ports(1)}")
    watch = Watch(database, "customers", store, nobody, ["baton.orders.events"])
    await happens(store, "deal-1")

    async with doing(watch.run):
        await until(lambda: lag()[0] == 1 and isnan(lag()[1]), what="nothing was ever taken")
        await until(lambda: all(isnan(one) for one in lag("baton.orders.events")), what="no broker answers")

        async with doing(own.run):
            await until(lambda: lag() == (0, 0))
            async with intake.held():
                await happens(store, "deal-2")
                await happens(store, "deal-3")
                await until(lambda: lag()[0] == 2 and lag()[1] > 0)
            await until(lambda: lag() == (0, 0))

    database.dispose()
    await store.close()


def test_a_topics_lag_is_that_of_all_its_partitions_and_unknown_while_there_is_none() -> None:
    ends = {Partition("deals", 0): 7, Partition("deals", 1): 3, Partition("orders", 0): 9}
    reached = {Source("deals", 0): Position(5), Source("orders", 0): Position(9)}
    assert behind_topic("deals", ends, reached) == 2 + 3
    assert behind_topic("orders", ends, reached) == 0
    assert behind_topic("a topic that nobody made", ends, reached) is None
    assert behind_topic("deals", None, reached) is None
