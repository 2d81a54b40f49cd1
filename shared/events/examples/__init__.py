"""One canonical instance of every event, told as one story: 云帆科技 becomes a customer.

Each event is told once; of one that happened twice, the last time.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..event import Envelope, Event
from .cast import WANG
from .delivery import DELIVERY_STORY
from .erasing import ERASING
from .sale import SALE_STORY
from .telling import TELLING_STORY

STORY: Final[tuple[Event, ...]] = tuple(
    sorted((*SALE_STORY, *DELIVERY_STORY, *ERASING, *TELLING_STORY), key=lambda event: event.occurred_at)
)
"""The examples in the order of their business time."""

EXAMPLES: Final[Mapping[str, Event]] = MappingProxyType({event.type: event for event in STORY})
"""The example of each event, by its wire name."""

ENVELOPE: Final = Envelope(
    actor=WANG,
    role="sales",
    department="sales",
    correlation_id="0195e2a4-6f4c-7d0e-9b59-3b1f5f0f8a11",
    causation_id="0195e2a4-6f4c-7d0e-9b59-3b1f5f0f8a10",
    traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
)
"""What the envelope of such an event says."""
