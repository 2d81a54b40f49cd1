"""The kinds of hand-off: who hands what to whom, and how long that may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from shared.events.event import Event

LONGEST_ID: Final = 64
LONGEST_TITLE: Final = 500


@dataclass(frozen=True)
class Kind:
    """``title`` may name fields of the event that asks for it; departments may be left to who asks."""

    name: str
    allowed: timedelta
    title: str = ""
    from_department: str | None = None
    to_department: str | None = None
    until: str | None = None
    """The event's field with the day it is due on, where that leaves more time than ``allowed``."""


def _hours(hours: int) -> timedelta:
    return timedelta(hours=hours)


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("lead-to-sales", _hours(4), "跟进线索 Follow up the lead {company}", "marketing", "sales"),
            Kind(
                "order-to-production",
                _hours(24),
                "安排生产 Produce order {order_id}, promised for {promised_on}",
                "sales",
                "production",
            ),
            Kind(
                "goods-to-logistics",
                _hours(24),
                "安排发货 Ship order {order_id}",
                "production",
                "logistics",
            ),
            Kind(
                "invoice-to-finance",
                _hours(24),
                "催收回款 Collect the payment of order {order_id}, due on {due_on}",
                "sales",
                "finance",
                until="due_on",
            ),
            Kind(
                "delivery-to-service",
                _hours(48),
                "售后跟进 After-sales service of order {order_id}",
                "sales",
                "service",
            ),
            Kind("complaint-to-service", _hours(8), "处理投诉 Solve: {subject}", "sales", "service"),
            Kind("between-departments", _hours(48)),
        )
    }
)


def subject_of(event: Event) -> str:
    """The stream the event belongs to, such as ``order-42``."""
    return f"{event.category}-{_key(event)}"


def handoff_id(kind: str, event: Event) -> str:
    """The id of the hand-off of this kind about the event's subject; the same for all of its events."""
    plain = f"{kind}-{_key(event)}"
    return plain if len(plain) <= LONGEST_ID else str(uuid5(NAMESPACE_URL, f"urn:baton:handoff:{plain}"))


def due_of(kind: Kind, event: Event) -> datetime:
    """When the hand-off must be done: what the kind allows, or the end (UTC) of the day the event names."""
    soonest = event.occurred_at + kind.allowed
    if kind.until is None:
        return soonest
    return max(soonest, datetime.combine(getattr(event, kind.until), time.max, UTC))


def title_of(kind: Kind, event: Event) -> str:
    return kind.title.format_map(event.model_dump())[:LONGEST_TITLE].strip()


def _key(event: Event) -> str:
    key: str = getattr(event, event.key)
    return key
