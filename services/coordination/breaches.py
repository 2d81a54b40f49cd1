"""Counts the hand-offs whose due time passed."""

from collections.abc import Sequence
from typing import Final

from prometheus_client import Counter

from services.coordination.handoff import Handoff, known
from services.coordination.kinds import KINDS
from shared.events.handoff import HandoffBreached, HandoffEvent

OTHER: Final = "other"
"""A kind that whoever asked made up."""

BREACHED: Final = Counter(
    "baton_handoffs_breached_total",
    "Hand-offs whose due time passed, counted when this process recorded it: once for each, whether the "
    f"timer or whoever closed it late was first. A kind of the caller's own is `{OTHER}`.",
    ["kind"],
)
for _kind in (*KINDS, OTHER):
    BREACHED.labels(_kind)


def count(handoff: Handoff, recorded: Sequence[HandoffEvent]) -> None:
    kind = known(handoff).it.requested.kind
    for event in recorded:
        if isinstance(event, HandoffBreached):
            BREACHED.labels(kind if kind in KINDS else OTHER).inc()
