"""Baton's runner, whole: Faust in chunks, decode, version guard, fold, cell log, transaction."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select

from bench.stream.contest import Clock, task
from bench.stream.job import JOB, Answer, answer
from shared.kafka.brokers import Brokers
from shared.kafka.log import Partition
from shared.kafka.stream import chunked_app
from shared.kafka.transport import Chunk
from shared.projections.database import Database, open_database
from shared.projections.runner import Batch, Position, Runner, Source
from shared.projections.tables import cells
from shared.service.memory import keep_what_is_loaded
from shared.service.sources import seen_in_topic


async def main() -> None:
    asked = task()
    database = open_database(f"sqlite:///{asked.folder}/read.db")
    runner = Runner(database, "bench", [JOB])
    at: dict[Source, Position | None] = {}
    taken, done, clock = 0, asyncio.Event(), None

    async def start_at(partitions: Collection[Partition]) -> Mapping[Partition, int | None]:
        return dict.fromkeys(partitions)

    async def handle(chunks: Sequence[Chunk]) -> None:
        nonlocal taken
        batches = [_batch(chunk, at) for chunk in chunks]
        await asyncio.to_thread(runner.apply, batches)
        at.update({batch.source: batch.now for batch in batches})
        taken += sum(len(batch.events) for batch in batches)
        if taken >= asked.events:
            done.set()

    app = chunked_app("bench", Brokers(asked.bootstrap), [asked.topic], handle=handle, start_at=start_at)
    keep_what_is_loaded()
    clock = Clock()
    await app.start()
    await done.wait()
    clock.stop(taken, _answer(database))
    await app.stop()


def _batch(chunk: Chunk, at: Mapping[Source, Position | None]) -> Batch:
    source = Source(chunk.partition.topic, chunk.partition.number)
    events = [seen_in_topic(record) for record in chunk.records]
    return Batch(source, events, at.get(source), Position(chunk.position))


def _answer(database: Database) -> Answer:
    what = (cells.c.measure, cells.c.bucket, cells.c.currency)
    with database.connect() as tx:
        found = tx.execute(select(*what, func.sum(cells.c.value)).group_by(*what)).all()
    return answer({(measure, bucket, currency): int(n) for measure, bucket, currency, n in found})


if __name__ == "__main__":
    asyncio.run(main())
