"""Faust as its documentation shows it: an agent, a table of deals, a table of cells."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any, Final, NamedTuple

import faust
from msgspec import convert, to_builtins

from bench.stream.contest import Clock, Task, task
from bench.stream.folding import NOT_OPENED, answer_of, changes, fold
from bench.stream.job import Standing
from shared.kafka.brokers import Brokers
from shared.kafka.topics import PARTITIONS, ensure_topics

LINGER_SECONDS: Final = 0.002
"""For so long the producer gathers changes of the tables."""


class Faust(NamedTuple):
    app: faust.App
    deals: Any
    cells: Any


async def main() -> None:
    asked = task()
    left, done = count(asked.events - 1, -1), asyncio.Event()
    it = await faust_of(asked, taken=lambda: done.set() if next(left) == 0 else None)
    clock = Clock()
    await it.app.start()
    await done.wait()
    await it.app.producer.flush()
    await it.app.consumer.commit()
    clock.stop(asked.events, answer_of(_summed(it.cells)))
    await it.app.stop()


async def faust_of(asked: Task, *, taken: Callable[[], None]) -> Faust:
    """An app that is not started yet; ``taken`` is called for every event that its agent is done with."""
    app = faust.App(
        f"faust-{asked.folder.name}",
        broker=f"kafka://{asked.bootstrap}",
        datadir=asked.folder,
        autodiscover=False,
        web_enabled=False,
        topic_disable_leader=True,
        topic_partitions=PARTITIONS,
        consumer_auto_offset_reset="earliest",
        stream_wait_empty=False,
        producer_linger=LINGER_SECONDS,
        loop=asyncio.get_running_loop(),
    )
    deals = app.Table("deals", partitions=PARTITIONS)
    cells = app.Table("cells", default=int, partitions=PARTITIONS)
    topic = app.topic(asked.topic, key_type=str, key_serializer="raw", value_serializer="raw")

    @app.agent(topic)
    async def job(stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            kept = deals.get(event.key)
            before = convert(kept, Standing) if kept else NOT_OPENED
            after = fold(before, event.value)
            if after != before:
                deals[event.key] = to_builtins(after)
            for cell, change in changes(before, after):
                cells[f"{message.partition}|{cell}"] += change
            taken()

    # An agent that takes an event before its client knows the changelogs dies of `PartitionsMismatch`, and
    # its successor goes on behind that event: so the changelogs are there before the app starts.
    await ensure_topics(Brokers(asked.bootstrap), {changelog(table): PARTITIONS for table in (deals, cells)})
    return Faust(app, deals, cells)


def changelog(table: Any) -> str:
    name: str = table.changelog_topic.get_topic_name()
    return name


def _summed(cells: Any) -> dict[str, int]:
    """A table is split as its topic is: each partition has a sum of its own."""
    sums: dict[str, int] = {}
    for name, value in cells.items():
        cell = name.partition("|")[2]
        sums[cell] = sums.get(cell, 0) + value
    return sums


if __name__ == "__main__":
    asyncio.run(main())
