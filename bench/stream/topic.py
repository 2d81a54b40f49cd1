"""The topic all contestants read: deals of a made-up company, as the relay publishes them."""

from collections.abc import Iterator
from datetime import date
from itertools import count, islice
from random import Random
from typing import Final
from uuid import UUID

from aiokafka import AIOKafkaProducer

from bench.history import history
from bench.stream.job import JOB, Answer, Standing, answer
from shared.events.catalogue import EVENTS
from shared.events.event import Envelope
from shared.eventstore.store import StoredEvent
from shared.kafka.brokers import Brokers
from shared.kafka.cloudevents import document, headers
from shared.kafka.started import started
from shared.kafka.topics import PARTITIONS, ensure_topics

SEED: Final = 4
DEALS_AMONG_EVENTS: Final = 0.2
"""As measured."""
END: Final = date(2026, 11, 1)
ENVELOPE: Final = Envelope(actor="somebody", role="sales", department="sales", correlation_id="0" * 32)


def deals(events: int) -> Iterator[StoredEvent]:
    """So many events of deals, in the order they were recorded, each deal's among all the others'."""
    chance, metadata = Random(SEED), ENVELOPE.model_dump_json(exclude_none=True).encode()
    told = history(round(events / DEALS_AMONG_EVENTS * 1.05), end=END, seed=SEED)
    of_deals = (seen for seen in told if seen.stream.startswith("deal-"))
    for position, it in zip(count(), islice(of_deals, events), strict=False):
        id_ = UUID(int=chance.getrandbits(128))
        yield StoredEvent(id_, it.stream, it.revision, position, it.type, it.recorded_at, it.data, metadata)


async def fill(bootstrap: str, topic: str, events: int) -> Answer:
    """Publish them; what the job comes to, worked out the plain way."""
    await ensure_topics(Brokers(bootstrap), {topic: PARTITIONS})
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, compression_type="gzip", linger_ms=50)
    standing: dict[str, Standing] = {}
    async with started(producer.start, producer.stop):
        for it in deals(events):
            await producer.send(
                topic, document(it, source="customers"), key=it.stream.encode(), headers=headers(it)
            )
            deal = standing.get(it.stream, JOB.initial)
            standing[it.stream] = JOB.evolve(deal, EVENTS[it.type].read(it.data))
        await producer.flush()
    cells: dict[tuple[str, int, str], int] = {}
    for deal in standing.values():
        for cell, value in JOB.contribute(deal).items():
            key = (cell.measure, cell.bucket, cell.currency)
            cells[key] = cells.get(key, 0) + value
    return answer(cells)
