"""Faust recovers its tables: what its agent made of the events is read back from the changelogs."""

import asyncio
import sys
from collections.abc import Sequence

from bench.stream.contest import Clock, task
from bench.stream.faust_table import changelog, faust_of
from shared.kafka.brokers import Brokers
from shared.kafka.log import Partition, end_offsets
from shared.kafka.topics import PARTITIONS


async def main() -> None:
    asked = task()
    argv = (asked.bootstrap, asked.topic, str(asked.events), str(asked.folder))
    await _done_before(argv)
    it = await faust_of(asked, taken=lambda: None)
    changelogs = [Partition(changelog(table), n) for table in (it.deals, it.cells) for n in range(PARTITIONS)]
    records = sum((await end_offsets(Brokers(asked.bootstrap), changelogs)).values())
    clock = Clock()
    await it.app.start()
    await it.app.tables.recovery.completed.wait()
    clock.stop(records)
    await it.app.stop()


async def _done_before(argv: Sequence[str]) -> None:
    job = (sys.executable, "-m", "bench.stream.faust_table", *argv)
    process = await asyncio.create_subprocess_exec(*job, stdout=asyncio.subprocess.DEVNULL)
    if await process.wait():
        sys.exit("the job was not done")


if __name__ == "__main__":
    asyncio.run(main())
