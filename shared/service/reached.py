"""How far what a service shows reaches: the newest event it took from each source, and what is still to come."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel


class Reached(BaseModel):
    """One source; a lag is ``null`` while the source cannot be asked."""

    source: str
    last_event_at: datetime | None
    """When the newest event that was taken was recorded."""
    lag_events: int | None
    lag_seconds: float | None
    """Since when there is more to take than was taken; 0 when all was."""


Freshness = Sequence[Reached]
