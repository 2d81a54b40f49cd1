"""A record of a public topic, or an event of a feed, as a consumer reads it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from .catalogue import EVENTS
from .event import Event


class Received(BaseModel):
    """A CloudEvent of Baton; attributes that are not known yet are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    """The same at every redelivery."""
    source: str
    type: str
    """The event's wire name, such as ``deal-won.v1``."""
    subject: str
    """The stream, such as ``deal-42``; order holds within it."""
    time: datetime
    """When it happened in the business."""
    recordedtime: datetime
    sequence: int
    """Counts the stream's events from 0 without gaps: skip what you have."""
    position: int
    actor: str
    role: str
    correlationid: str
    causationid: str | None = None
    data: dict[str, Any]

    def event(self) -> Event | None:
        """What happened, or None for a type that this version does not know: pass it over.

        Raises ``pydantic.ValidationError`` for data that the contract does not allow.
        """
        known = EVENTS.get(self.type)
        return known.model_validate(self.data) if known else None


def read(document: bytes | str) -> Received:
    """The value of a Kafka record, or the ``data`` of an SSE event.

    Raises ``pydantic.ValidationError`` for what is no CloudEvent of Baton.
    """
    return Received.model_validate_json(document)
