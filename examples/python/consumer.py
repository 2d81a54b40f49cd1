"""Prints every deal that is won: pip install ./shared/events aiokafka, then python consumer.py."""

import asyncio
import os

from aiokafka import AIOKafkaConsumer
from baton_events.deal import DealWon
from baton_events.received import read


async def main() -> None:
    kafka = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:8090")
    topic = "baton.customers.events"
    mine = {"group_id": "my-system", "auto_offset_reset": "earliest"}
    async with AIOKafkaConsumer(topic, bootstrap_servers=kafka, **mine) as records:
        async for record in records:
            received = read(record.value)
            match received.event():
                case DealWon() as won:
                    print(received.subject, won.title, won.amount.minor, won.amount.currency, flush=True)


asyncio.run(main())
