"""Tells the parked topic of every record that waits for a redrive, with what is wrong in its headers."""

from aiokafka import AIOKafkaProducer

from shared.events.seen import Seen
from shared.kafka.brokers import Brokers
from shared.kafka.cloudevents import public_data
from shared.kafka.topics import parked_topic
from shared.projections.parking import Parking


async def announce_parked(parking: Parking, service: str, brokers: Brokers) -> int:
    """Publish what was parked since the last time; how many that were. Raises ``KafkaError``."""
    waiting = parking.unannounced()
    if not waiting:
        return 0
    producer = AIOKafkaProducer(**brokers.client(), acks="all")
    async with producer:
        for seen, error in waiting:
            headers = {
                "ce_id": seen.id,
                "ce_type": seen.type,
                "ce_subject": seen.stream,
                "ce_sequence": str(seen.revision),
                "ce_recordedtime": seen.recorded_at.isoformat(),
                "error": error or "an earlier event of this stream is parked",
            }
            await producer.send_and_wait(
                parked_topic(service),
                _public(seen),
                key=seen.stream.encode(),
                headers=[(name, value.encode()) for name, value in headers.items()],
            )
    parking.announced([seen for seen, _ in waiting])
    return len(waiting)


def _public(seen: Seen) -> bytes:
    """Without what is about a person; nothing of what should say something of a person and is no JSON."""
    try:
        return public_data(seen.type, seen.data)
    except (ValueError, AttributeError):
        return b""
