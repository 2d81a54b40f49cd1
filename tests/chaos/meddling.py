"""Others that behave badly: clients that are slow or never finish, and who writes old records again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from random import Random
from typing import Any, Final

from aiokafka import AIOKafkaProducer

from shared.events.catalogue import topic
from tests.chaos.killing import kill
from tests.chaos.stage import Stage
from tests.house import SERVICES, House
from tests.published import records

SLOW_CLIENTS: Final = 30
"""Of each kind, at each service."""
REPEATED: Final = 60
"""Records of each topic that are written again."""


@asynccontextmanager
async def slow_clients(stage: Stage, _chance: Random) -> AsyncIterator[None]:
    """Headers that never end, bodies that come by the byte, feeds that nobody reads."""
    bearer = f"Host: baton\r\nAuthorization: Bearer {stage.house.token('manager')}\r\n"
    body = f"POST /deals HTTP/1.1\r\n{bearer}Content-Type: application/json\r\nContent-Length: 900000\r\n\r\n"
    kinds = (f"GET /events HTTP/1.1\r\n{bearer}", body, f"GET /events HTTP/1.1\r\n{bearer}\r\n")
    async with AsyncExitStack() as stack:
        writers = [
            await stack.enter_async_context(_connected(stage.house, service, sent))
            for service in SERVICES
            for sent in kinds * SLOW_CLIENTS
        ]
        dripping = asyncio.create_task(_drip(writers))
        try:
            yield
        finally:
            dripping.cancel()


@asynccontextmanager
async def old_records_again(stage: Stage, chance: Random) -> AsyncIterator[None]:
    """Real records once more, long after and in any order; a relay starts anew and finds those last."""
    async with AIOKafkaProducer(bootstrap_servers=stage.kafka) as producer:
        await _repeat(producer, stage, chance)
        await kill(stage.house, chance.choice(SERVICES))
        yield
        await _repeat(producer, stage, chance)


async def _repeat(producer: AIOKafkaProducer, stage: Stage, chance: Random) -> None:
    for service in SERVICES:
        there: list[Any] = await records(stage.kafka, topic(service))
        for record in chance.choices(there, k=REPEATED) if there else ():
            await producer.send_and_wait(
                record.topic,
                record.value,
                key=record.key,
                partition=record.partition,
                headers=list(record.headers),
            )


@asynccontextmanager
async def _connected(house: House, service: str, sent: str) -> AsyncIterator[asyncio.StreamWriter]:
    port = house.port + SERVICES.index(service)
    _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
    writer.transport.pause_reading()  # type: ignore[attr-defined] # a socket's transport reads, too
    writer.write(sent.encode())
    try:
        yield writer
    finally:
        writer.transport.abort()


async def _drip(writers: list[asyncio.StreamWriter]) -> None:
    """A byte each now and then: what is no body yet is another letter of a header."""
    while True:
        for writer in writers:
            with suppress(OSError):
                writer.write(b"x")
        await asyncio.sleep(0.2)
