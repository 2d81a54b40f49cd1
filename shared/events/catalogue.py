"""Every event type of Baton, by its wire name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

from .account import AccountEvent
from .award import AwardEvent
from .commit import CommitEvent
from .complaint import ComplaintEvent
from .deal import DealEvent
from .erasure import ErasureEvent, StaffErasureEvent
from .event import Event
from .handoff import HandoffEvent
from .lead import LeadEvent
from .market import MarketEvent
from .order import OrderEvent
from .organisation import PersonEvent, TeamEvent
from .plan import PlanEvent
from .product import ProductEvent
from .rate import RateEvent
from .receivable import ReceivableEvent
from .survey import SurveyEvent
from .target import TargetEvent
from .webhook import WebhookEvent

SERVICES: Final = ("customers", "orders", "performance", "coordination")

_families: tuple[Any, ...] = (
    LeadEvent,
    AccountEvent,
    DealEvent,
    ComplaintEvent,
    SurveyEvent,
    MarketEvent,
    ErasureEvent,
    ProductEvent,
    OrderEvent,
    ReceivableEvent,
    TeamEvent,
    PersonEvent,
    TargetEvent,
    CommitEvent,
    AwardEvent,
    PlanEvent,
    RateEvent,
    StaffErasureEvent,
    HandoffEvent,
    WebhookEvent,
)

EVENTS: Final[Mapping[str, type[Event]]] = MappingProxyType(
    {event.type: event for family in _families for event in get_args(family)}
)

PERSONAL_FIELDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {name: fields for name, event in EVENTS.items() if (fields := event.personal_fields())}
)
"""Of the events that have any: the fields that are about a person."""


def topic(service: str) -> str:
    """The Kafka topic that carries a service's events."""
    return f"baton.{service}.events"


def categories(service: str) -> tuple[str, ...]:
    """The kinds of stream that belong to a service."""
    return tuple(dict.fromkeys(e.category for e in EVENTS.values() if e.service == service))
