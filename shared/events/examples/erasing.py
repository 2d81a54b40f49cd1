"""A stranger and somebody who left ask to be forgotten."""

from typing import Final

from .. import erasure
from ..event import Event
from .cast import CHEN, COLD_LEAD, OLIVIA, at

_STRANGER: Final = {"erasure_id": f"lead-{COLD_LEAD['lead_id']}"}
_STAFF: Final = {"erasure_id": "person-p-liu-yang"}

ERASING: Final[tuple[Event, ...]] = (
    erasure.ErasureRequested(
        occurred_at=at("05-06 09:00"), **_STRANGER, requested_by=CHEN, reason="本人来函要求删除"
    ),
    erasure.ErasureWithdrawn(
        occurred_at=at("05-06 09:10"), erasure_id="survey-srv-ord-1203", withdrawn_by=CHEN
    ),
    erasure.PersonErased(occurred_at=at("05-06 10:00"), **_STRANGER, requested_by=CHEN, approved_by=OLIVIA),
    erasure.StaffErasureRequested(
        occurred_at=at("05-07 09:00"), **_STAFF, requested_by=OLIVIA, reason="Asked for it after leaving"
    ),
    erasure.StaffErasureWithdrawn(
        occurred_at=at("05-07 09:10"), erasure_id="person-p-chen-jing", withdrawn_by=OLIVIA
    ),
    erasure.StaffErased(occurred_at=at("05-07 10:00"), **_STAFF, requested_by=OLIVIA, approved_by=CHEN),
)
