"""An example of an event, as it would be sent."""

from datetime import datetime
from typing import Final
from uuid import uuid4

from shared.events.catalogue import EVENTS
from shared.events.examples import ENVELOPE, EXAMPLES
from shared.events.webhook import Described
from shared.eventstore.store import StoredEvent
from shared.kafka.cloudevents import document

USUAL: Final = "deal-won.v1"


def example(described: Described, *, now: datetime) -> tuple[str, str, bytes]:
    """Its type, its id, which no event has, and its CloudEvent; of the first type that is asked for."""
    name = next((name for name in described.types if name in EXAMPLES), USUAL)
    event = EVENTS[name]
    told = EXAMPLES[name].model_copy(update={"occurred_at": now})
    stored = StoredEvent(
        id=uuid4(),
        stream=f"{event.category}-example",
        revision=0,
        position=0,
        type=name,
        recorded_at=now,
        data=told.wire(),
        metadata=ENVELOPE.model_dump_json(exclude_none=True).encode(),
    )
    return name, str(stored.id), document(stored, source=event.service)
