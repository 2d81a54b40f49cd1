"""An event as a consumer sees it: identity, order and origin beside the undecoded payload."""

from datetime import datetime
from typing import NamedTuple


class Seen(NamedTuple):
    id: str
    type: str
    """The wire name; empty when the record did not carry one."""
    stream: str
    revision: int
    """Counts the events of the stream from 0 without gaps."""
    recorded_at: datetime
    role: str
    """The role of whoever asked for it; ``importer`` marks history brought in from elsewhere."""
    correlation_id: str
    data: bytes
    traceparent: str | None = None
    """W3C Trace Context, as it came; nobody looked whether it is one."""
