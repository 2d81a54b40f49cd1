"""Erasures 删除个人信息: one manager asks for it, another agrees; until then it can be taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, assert_never

from shared.events import erasure as of
from shared.eventstore.decider import Aggregate, Refused

Event = Any
"""One of a ``Kind``."""


@dataclass(frozen=True)
class Kind:
    """The events of the erasures of one service."""

    requested: type[of.ErasureRequested] | type[of.StaffErasureRequested]
    withdrawn: type[of.ErasureWithdrawn] | type[of.StaffErasureWithdrawn]
    erased: type[of.PersonErased] | type[of.StaffErased]


CUSTOMERS: Final = Kind(of.ErasureRequested, of.ErasureWithdrawn, of.PersonErased)
STAFF: Final = Kind(of.StaffErasureRequested, of.StaffErasureWithdrawn, of.StaffErased)


@dataclass(frozen=True)
class NotRequested:
    """Nobody asked, or it was taken back."""


@dataclass(frozen=True)
class Requested:
    by: str
    at: datetime
    reason: str | None


@dataclass(frozen=True)
class Erased:
    requested_by: str
    approved_by: str
    at: datetime


Erasure = NotRequested | Requested | Erased


def evolve(_erasure: Erasure, event: Event) -> Erasure:
    match event:
        case of.Requested():
            return Requested(event.requested_by, event.occurred_at, event.reason)
        case of.Withdrawn():
            return NotRequested()
        case of.Erased():
            return Erased(event.requested_by, event.approved_by, event.occurred_at)
        case _:
            raise ValueError(f"{type(event).__name__} is no event of an erasure")


def aggregate(kind: Kind) -> Aggregate[Erasure, Event]:
    return Aggregate(category=kind.erased.category, initial=NotRequested(), evolve=evolve)


def request(erasure: Erasure, *, kind: Kind, person: str, reason: str, by: str, at: datetime) -> list[Event]:
    match erasure:
        case NotRequested():
            return [kind.requested(erasure_id=person, requested_by=by, reason=reason, occurred_at=at)]
        case Requested() | Erased():
            return []
        case _:
            assert_never(erasure)


def withdraw(erasure: Erasure, *, kind: Kind, person: str, by: str, at: datetime) -> list[Event]:
    match erasure:
        case NotRequested():
            return []
        case Requested():
            return [kind.withdrawn(erasure_id=person, withdrawn_by=by, occurred_at=at)]
        case Erased():
            raise Refused("It is erased; that cannot be taken back.", code="erased")
        case _:
            assert_never(erasure)


def approve(erasure: Erasure, *, kind: Kind, person: str, by: str, at: datetime) -> list[Event]:
    """Another person than the one who asked."""
    match erasure:
        case NotRequested():
            raise Refused("Nobody asked for it.", code="not-requested")
        case Requested(by=asked_by):
            if by == asked_by:
                raise Refused("Another manager has to approve your own request.", code="own-request")
            return [kind.erased(erasure_id=person, requested_by=asked_by, approved_by=by, occurred_at=at)]
        case Erased():
            return []
        case _:
            assert_never(erasure)
