"""The history of one thing, as the store has it."""

from datetime import datetime
from typing import Any

import msgspec
from pydantic import BaseModel

from shared.events.event import Envelope
from shared.eventstore.store import EventStore


class Happened(BaseModel):
    """One event of a stream, with who asked for it."""

    type: str
    revision: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    role: str
    data: dict[str, Any]


async def history(store: EventStore, stream: str) -> list[Happened]:
    """Everything that happened to it, oldest first; empty for an unknown stream."""
    happened = []
    for stored in await store.read(stream):
        data = msgspec.json.decode(stored.data)
        envelope = Envelope.model_validate_json(stored.metadata)
        happened.append(
            Happened(
                type=stored.type,
                revision=stored.revision,
                occurred_at=data.pop("occurred_at"),
                recorded_at=stored.recorded_at,
                actor=envelope.actor,
                role=envelope.role,
                data=data,
            )
        )
    return happened
