"""Two small projections for the runner's tests: deals by owner, and a customer's first purchase."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from shared.events.deal import DealLost, DealOpened, DealReassigned, DealReopened, DealRepriced, DealWon
from shared.events.event import Event, Money
from shared.events.order import OrderOpened
from shared.events.seen import Seen
from shared.projections.projection import Cell, Contribution, Projection

MORNING = datetime(2025, 3, 10, 1, tzinfo=UTC)
DAY = "2025-03-10"


class Sale(msgspec.Struct, frozen=True):
    owner: str = ""
    minor: int = 0
    won: bool = False


def evolve(sale: Sale, event: Event) -> Sale:
    match event:
        case DealOpened():
            return Sale(owner=event.owner, minor=event.amount.minor)
        case DealReassigned():
            return msgspec.structs.replace(sale, owner=event.owner)
        case DealRepriced():
            return msgspec.structs.replace(sale, minor=event.amount.minor)
        case DealWon():
            return msgspec.structs.replace(sale, won=True)
        case DealReopened():
            return msgspec.structs.replace(sale, won=False)
        case _:
            raise LookupError(f"no rule for {event.type}")


def contribute(sale: Sale) -> Contribution:
    measure, day = ("won", DAY) if sale.won else ("open", "")
    return {Cell(measure, day, sale.owner): 1, Cell(f"{measure}_amount", day, sale.owner): sale.minor}


def index(sale: Sale) -> dict[str, str]:
    return {"owner": sale.owner, "state": "won" if sale.won else "open"}


EVENTS = (DealOpened, DealReassigned, DealRepriced, DealWon, DealReopened, DealLost)
"""``DealLost`` has no rule: the fold that trips over it."""


def sales(*, version: int = 1, **other: Any) -> Projection[Sale]:
    rules: dict[str, Any] = {"evolve": evolve, "contribute": contribute, "index": index, **other}
    return Projection("sales", version, Sale, Sale(), EVENTS, **rules)


class Customer(msgspec.Struct, frozen=True):
    first_at: datetime | None = None
    first_order: str = ""


def _earlier(customer: Customer, event: OrderOpened) -> Customer:
    now = (event.occurred_at, event.order_id)
    if customer.first_at is not None and (customer.first_at, customer.first_order) <= now:
        return customer
    return Customer(*now)


def _signed(customer: Customer) -> Contribution:
    day = customer.first_at.date().isoformat() if customer.first_at else ""
    return {Cell("customers_signed", day): 1}


FIRST_PURCHASE = Projection(
    name="first purchase",
    version=1,
    state=Customer,
    initial=Customer(),
    events=(OrderOpened,),
    evolve=_earlier,
    contribute=_signed,
    entity=lambda _seen, event: event.account_id,
)


def stream(name: str, *events: Event, first: int = 0) -> list[Seen]:
    """The events as a consumer sees them, from this revision on."""
    return [
        Seen(
            id=f"{name}/{revision}",
            type=event.type,
            stream=name,
            revision=revision,
            recorded_at=event.occurred_at,
            role="sales",
            correlation_id="c-1",
            data=event.wire(),
        )
        for revision, event in enumerate(events, start=first)
    ]


def opened(owner: str = "wang", *, minor: int = 100, at: datetime = MORNING) -> DealOpened:
    return DealOpened(
        deal_id="1",
        title="A deal",
        owner=owner,
        product="Atlas 200",
        line="Atlas",
        amount=Money(minor=minor),
        occurred_at=at,
    )


def reassigned(owner: str) -> DealReassigned:
    return DealReassigned(deal_id="1", owner=owner, previous="wang", occurred_at=MORNING)


def repriced(minor: int) -> DealRepriced:
    return DealRepriced(deal_id="1", amount=Money(minor=minor), previous=Money(minor=0), occurred_at=MORNING)


def won(*, minor: int = 100, at: datetime = MORNING) -> DealWon:
    return DealWon(
        deal_id="1",
        title="A deal",
        owner="wang",
        product="Atlas 200",
        line="Atlas",
        amount=Money(minor=minor),
        opened_at=MORNING,
        occurred_at=at,
    )


def reopened() -> DealReopened:
    return DealReopened(deal_id="1", reason="They came back", stage="prospecting", occurred_at=MORNING)


def lost() -> DealLost:
    return DealLost(deal_id="1", reason="Price", occurred_at=MORNING)


def ordered(order_id: str, account_id: str, *, at: datetime) -> OrderOpened:
    return OrderOpened(
        order_id=order_id,
        account_id=account_id,
        title="An order",
        owner="wang",
        product="Atlas 200",
        line="Atlas",
        amount=Money(minor=100),
        occurred_at=at,
    )
