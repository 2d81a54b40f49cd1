"""Every event type of Baton, by its wire name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

from shared.events.account import AccountEvent
from shared.events.award import AwardEvent
from shared.events.commit import CommitEvent
from shared.events.complaint import ComplaintEvent
from shared.events.deal import DealEvent
from shared.events.event import Event
from shared.events.handoff import HandoffEvent
from shared.events.lead import LeadEvent
from shared.events.market import MarketEvent
from shared.events.order import OrderEvent
from shared.events.organisation import PersonEvent, TeamEvent
from shared.events.plan import PlanEvent
from shared.events.product import ProductEvent
from shared.events.rate import RateEvent
from shared.events.receivable import ReceivableEvent
from shared.events.survey import SurveyEvent
from shared.events.target import TargetEvent

SERVICES: Final = ("customers", "orders", "performance", "coordination")

_families: tuple[Any, ...] = (
    LeadEvent,
    AccountEvent,
    DealEvent,
    ComplaintEvent,
    SurveyEvent,
    MarketEvent,
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
    HandoffEvent,
)

EVENTS: Final[Mapping[str, type[Event]]] = MappingProxyType(
    {event.type: event for family in _families for event in get_args(family)}
)


def topic(service: str) -> str:
    """The Kafka topic that carries a service's events."""
    return f"baton.{service}.events"


def categories(service: str) -> tuple[str, ...]:
    """The kinds of stream that belong to a service."""
    return tuple(dict.fromkeys(e.category for e in EVENTS.values() if e.service == service))
