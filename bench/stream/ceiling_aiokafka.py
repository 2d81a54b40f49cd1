"""The ceiling of the client: `getmany` alone, or, with `--decode`, with every record read and decoded."""

import asyncio
import sys

from aiokafka import AIOKafkaConsumer

from bench.stream.contest import Clock, task
from shared.events.catalogue import EVENTS
from shared.kafka.started import started
from shared.kafka.stream import MOST_RECORDS
from shared.service.sources import seen_in_topic


async def main(*, decode: bool) -> None:
    asked = task()
    reader = AIOKafkaConsumer(
        asked.topic, bootstrap_servers=asked.bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    taken = 0
    async with started(reader.start, reader.stop):
        clock = Clock()
        while taken < asked.events:
            for records in (await reader.getmany(timeout_ms=1000, max_records=MOST_RECORDS)).values():
                taken += len(records)
                if decode:
                    for record in records:
                        seen = seen_in_topic(record)
                        EVENTS[seen.type].read(seen.data)
        clock.stop(taken)


if __name__ == "__main__":
    decode = "--decode" in sys.argv
    sys.argv = [word for word in sys.argv if word != "--decode"]
    asyncio.run(main(decode=decode))
