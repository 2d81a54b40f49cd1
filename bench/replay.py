"""How fast a rebuild is in one process and in several: performance's own read models, on Apache Kafka."""

import argparse
import asyncio
import logging
import time
from collections import Counter
from datetime import date
from functools import partial
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, cast
from uuid import NAMESPACE_URL, uuid5

import structlog
from aiokafka import AIOKafkaProducer
from sqlalchemy import insert

from bench.apache import broker
from bench.company import ZONE
from bench.history import history
from bench.stream.topic import ENVELOPE
from services.performance import lists
from shared.events.catalogue import EVENTS, topic
from shared.eventstore.store import EventStore, StoredEvent
from shared.kafka.brokers import Brokers
from shared.kafka.cloudevents import document, headers
from shared.kafka.log import Partition, end_offsets, log_identity
from shared.kafka.started import started
from shared.kafka.topics import PARTITIONS, ensure_topics
from shared.projections.database import open_database
from shared.projections.runner import Position, Runner, Source
from shared.projections.tables import checkpoints
from shared.service.intake import Intake
from shared.service.job import Run
from shared.service.memory import keep_what_is_loaded
from shared.service.rebuild_worker import Apart
from shared.service.rebuilding import Rebuilding
from shared.service.whole_log import Positions, WholeLog

SERVICE: Final = "performance"
FOLDS: Final = partial(lists.folds, ZONE)
SEED: Final = 8
END: Final = date(2026, 11, 1)
METADATA: Final = ENVELOPE.model_dump_json(exclude_none=True).encode()
OTHERS: Final = ("customers", "orders", "coordination")


def main() -> None:
    options = _options()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # the broker is asked before it is there
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    keep_what_is_loaded()
    took: dict[int, list[float]] = {workers: [] for workers in options.workers}
    with broker() as address:
        brokers = Brokers(address)
        to = asyncio.run(_publish(brokers, options.events))
        events = sum(at.position for at in to.values())
        print(f"{events:,} events published")
        for _ in range(options.rounds):
            for workers, seconds in took.items():
                seconds.append(asyncio.run(_rebuild(brokers, to, workers, verify=options.verify)))
                print(f"{workers} workers: {seconds[-1]:.1f} s", flush=True)
    once = median(took[options.workers[0]])
    for workers, seconds in took.items():
        it = median(seconds)
        print(f"{workers} workers: {it:.1f} s, {events / it:,.0f} events/s, {once / it:.2f} times as fast")


async def _publish(brokers: Brokers, events: int) -> Positions:
    """What happened in a made-up company, in the topics of its services; how far they reach then."""
    await ensure_topics(brokers, {topic(name): PARTITIONS for name in OTHERS})
    producer = AIOKafkaProducer(**brokers.client(), compression_type="gzip", linger_ms=50)
    sent: Counter[str] = Counter()
    async with started(producer.start, producer.stop):
        for seen in history(events, end=END, seed=SEED):
            name = EVENTS[seen.type].service
            if name not in OTHERS:
                continue
            id_ = uuid5(NAMESPACE_URL, seen.id)
            where = (seen.stream, seen.revision, sent[name])
            it = StoredEvent(id_, *where, seen.type, seen.recorded_at, seen.data, METADATA)
            sent[name] += 1
            await producer.send(
                topic(name), document(it, source=name), key=it.stream.encode(), headers=headers(it)
            )
        await producer.flush()
    partitions = [Partition(topic(name), number) for name in OTHERS for number in range(PARTITIONS)]
    logs = await log_identity(brokers, partitions)
    ends = await end_offsets(brokers, partitions)
    return {Source(*at): Position(end, logs[at]) for at, end in ends.items() if end}


async def _rebuild(brokers: Brokers, to: Positions, workers: int, *, verify: bool) -> float:
    """Seconds of a rebuild beside a read model that has read as far, and is empty."""
    with TemporaryDirectory(prefix="replay-bench-") as folder:
        database = open_database(f"sqlite:///{folder}/read.db")
        live = Runner(database, SERVICE, FOLDS().all)
        rows = [
            {"source": at.name, "partition": at.partition, "position": it.position, "log": it.log}
            for at, it in to.items()
        ]
        with database.begin() as tx:
            tx.execute(insert(checkpoints), rows)
        log = WholeLog(cast("EventStore", None), SERVICE, brokers, sorted({at.name for at in to}))
        rebuilding = Rebuilding(Intake(live, ()), FOLDS().all, log, apart=Apart(FOLDS, log.published))
        began = time.perf_counter()
        await rebuilding.replace(Run(workers=workers))
        took = time.perf_counter() - began
        if verify:
            found = await rebuilding.verify(Run())
            print(f"{found.differences} differences in {found.compared}", *found.first, sep="\n")
        database.dispose()
        return took


def _options() -> argparse.Namespace:
    said = argparse.ArgumentParser(prog="python -m bench.replay", description=__doc__)
    said.add_argument("--events", type=int, default=200_000)
    said.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    said.add_argument("--rounds", type=int, default=3)
    said.add_argument("--verify", action="store_true", help="compare each with a rebuild by one")
    return said.parse_args()


if __name__ == "__main__":
    main()
