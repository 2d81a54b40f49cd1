"""One hand-off, step by step, for the tests of coordination."""

from datetime import UTC, datetime
from typing import Final

from shared.events.handoff import (
    HandoffAccepted,
    HandoffBreached,
    HandoffCancelled,
    HandoffCompleted,
    HandoffRequested,
    HandoffResubmitted,
    HandoffReturned,
)


def at(hour: int) -> datetime:
    return datetime(2025, 3, 10, hour, tzinfo=UTC)


DUE: Final = at(12)

requested: Final = HandoffRequested(
    handoff_id="ho-1",
    kind="order-to-production",
    subject="order-ord-1",
    title="安排生产 Produce order ord-1",
    from_department="sales",
    to_department="production",
    due_at=DUE,
    occurred_at=at(1),
)
returned: Final = HandoffReturned(handoff_id="ho-1", by="p-chen", reason="缺少电压规格", occurred_at=at(2))
resubmitted: Final = HandoffResubmitted(handoff_id="ho-1", by="p-wang", note="380 V", occurred_at=at(4))
accepted: Final = HandoffAccepted(handoff_id="ho-1", by="p-chen", occurred_at=at(5))
completed: Final = HandoffCompleted(handoff_id="ho-1", by="p-chen", occurred_at=at(9))
cancelled: Final = HandoffCancelled(handoff_id="ho-1", reason="Order cancelled", occurred_at=at(9))
breached: Final = HandoffBreached(handoff_id="ho-1", due_at=DUE, occurred_at=DUE)
