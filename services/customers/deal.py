"""Deals 商机: opened, moved between stages, won or lost, and opened again."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, assert_never

from services.customers.account import Account, usable
from shared.events.deal import (
    DealAdvanced,
    DealEvent,
    DealGraded,
    DealLost,
    DealOpened,
    DealReassigned,
    DealReopened,
    DealRepriced,
    DealRescheduled,
    DealWon,
    Grade,
    Stage,
)
from shared.events.event import Money
from shared.eventstore.decider import Aggregate, NotFound, Refused
from shared.eventstore.whose import EVERYBODYS, Whose


@dataclass(frozen=True)
class NotOpened:
    pass


@dataclass(frozen=True)
class Open:
    """A deal somebody works on."""

    deal_id: str
    title: str
    account_id: str | None
    owner: str
    product: str
    line: str
    quantity: int | None
    grade: Grade
    stage: Stage
    amount: Money
    expected_close: date | None
    lead_id: str | None
    department: str | None
    opened_at: datetime
    since: datetime
    """When the last thing happened to it; nothing can happen before."""


@dataclass(frozen=True)
class Won:
    was: Open


@dataclass(frozen=True)
class Lost:
    was: Open


Deal = NotOpened | Open | Won | Lost


def evolve(deal: Deal, event: DealEvent) -> Deal:
    match event:
        case DealOpened():
            return Open(
                deal_id=event.deal_id,
                title=event.title,
                account_id=event.account_id,
                owner=event.owner,
                product=event.product,
                line=event.line,
                quantity=event.quantity,
                grade=event.grade,
                stage=event.stage,
                amount=event.amount,
                expected_close=event.expected_close,
                lead_id=event.lead_id,
                department=event.department,
                opened_at=event.occurred_at,
                since=event.occurred_at,
            )
        case DealAdvanced():
            return replace(_opened(deal), stage=event.stage, since=event.occurred_at)
        case DealRepriced():
            return replace(_opened(deal), amount=event.amount, since=event.occurred_at)
        case DealRescheduled():
            return replace(_opened(deal), expected_close=event.expected_close, since=event.occurred_at)
        case DealGraded():
            return replace(_opened(deal), grade=event.grade, since=event.occurred_at)
        case DealReassigned():
            return replace(_opened(deal), owner=event.owner, since=event.occurred_at)
        case DealWon():
            return Won(replace(_opened(deal), amount=event.amount, since=event.occurred_at))
        case DealLost():
            return Lost(replace(_opened(deal), since=event.occurred_at))
        case DealReopened():
            return replace(_opened(deal), stage=event.stage, since=event.occurred_at)
        case _:
            assert_never(event)


def whose(deal: Deal) -> Whose:
    if isinstance(deal, NotOpened):
        return EVERYBODYS
    it = _opened(deal)
    return Whose(department=it.department, account_id=it.account_id)


DEAL: Final = Aggregate[Deal, DealEvent](
    category="deal",
    initial=NotOpened(),
    evolve=evolve,
    whose=whose,
)


def open_deal(deal: Deal, *, opened: DealOpened, customer: Account | None) -> list[DealEvent]:
    """Open it for a customer who is there, or for nobody in particular."""
    match deal:
        case NotOpened():
            if customer is not None:
                usable(customer)
            return [opened]
        case _:
            if _lasting(_opened(deal)) == _lasting(opened):
                return []
            raise Refused("Another deal has this id.", code="id-taken")


def advance(deal: Deal, *, stage: Stage, at: datetime) -> list[DealEvent]:
    it = _workable(deal, at)
    if it.stage == stage:
        return []
    return [DealAdvanced(deal_id=it.deal_id, stage=stage, previous=it.stage, occurred_at=at)]


def reprice(deal: Deal, *, amount: Money, at: datetime) -> list[DealEvent]:
    it = _workable(deal, at)
    if it.amount == amount:
        return []
    return [DealRepriced(deal_id=it.deal_id, amount=amount, previous=it.amount, occurred_at=at)]


def reschedule(deal: Deal, *, expected_close: date, at: datetime) -> list[DealEvent]:
    it = _workable(deal, at)
    if it.expected_close == expected_close:
        return []
    previous = it.expected_close
    return [
        DealRescheduled(deal_id=it.deal_id, expected_close=expected_close, previous=previous, occurred_at=at)
    ]


def grade(deal: Deal, *, grade: Grade, at: datetime) -> list[DealEvent]:
    it = _workable(deal, at)
    if it.grade == grade:
        return []
    return [DealGraded(deal_id=it.deal_id, grade=grade, previous=it.grade, occurred_at=at)]


def reassign(deal: Deal, *, owner: str, at: datetime) -> list[DealEvent]:
    it = _workable(deal, at)
    if it.owner == owner:
        return []
    return [DealReassigned(deal_id=it.deal_id, owner=owner, previous=it.owner, occurred_at=at)]


def win(deal: Deal, *, amount: Money | None, at: datetime) -> list[DealEvent]:
    match deal:
        case Won(was=was) if amount in (None, was.amount):
            return []  # asking twice changes nothing; another amount is another thing to ask
        case _:
            it = _workable(deal, at)
            won = DealWon(
                deal_id=it.deal_id,
                title=it.title,
                amount=it.amount if amount is None else amount,
                account_id=it.account_id,
                owner=it.owner,
                product=it.product,
                line=it.line,
                quantity=it.quantity,
                opened_at=it.opened_at,
                department=it.department,
                occurred_at=at,
            )
            return [won]


def lose(deal: Deal, *, reason: str, competitor: str | None, at: datetime) -> list[DealEvent]:
    match deal:
        case Lost():
            return []
        case _:
            it = _workable(deal, at)
            return [DealLost(deal_id=it.deal_id, reason=reason, competitor=competitor, occurred_at=at)]


def reopen(deal: Deal, *, reason: str, at: datetime) -> list[DealEvent]:
    match deal:
        case Won(was=was) | Lost(was=was):
            _not_before(was, at)
            return [DealReopened(deal_id=was.deal_id, reason=reason, stage=was.stage, occurred_at=at)]
        case Open():
            return []
        case NotOpened():
            raise NotFound("There is no such deal.")
        case _:
            assert_never(deal)


def _workable(deal: Deal, at: datetime) -> Open:
    match deal:
        case Open():
            _not_before(deal, at)
            return deal
        case Won():
            raise Refused("The deal is won; reopen it first.", code="deal-won")
        case Lost():
            raise Refused("The deal is lost; reopen it first.", code="deal-lost")
        case NotOpened():
            raise NotFound("There is no such deal.")
        case _:
            assert_never(deal)


def _not_before(deal: Open, at: datetime) -> None:
    if at < deal.since:
        raise Refused("Something happened to the deal after that moment already.", code="out-of-order")


def _lasting(it: Open | DealOpened) -> tuple[str | int | None, ...]:
    """What never changes in a deal."""
    return it.title, it.account_id, it.product, it.line, it.quantity, it.lead_id


def _opened(deal: Deal) -> Open:
    """The deal's content, whatever became of it; an event after the first always has one."""
    match deal:
        case Open():
            return deal
        case Won(was=was) | Lost(was=was):
            return was
        case NotOpened():
            raise ValueError("a deal's first event must open it")
        case _:
            assert_never(deal)
