"""People 人员: they join a team, move to another, and leave; each from a day on."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, assert_never

from shared.events.organisation import PersonEvent, PersonJoined, PersonLeft, PersonMoved
from shared.eventstore.decider import Aggregate, NotFound, Refused


@dataclass(frozen=True)
class NotJoined:
    pass


@dataclass(frozen=True)
class Working:
    person_id: str
    name: str | None
    team_id: str
    since: date
    """The day of the last change; nothing can change before it."""


@dataclass(frozen=True)
class Left:
    was: Working


Person = NotJoined | Working | Left


def evolve(person: Person, event: PersonEvent) -> Person:
    match event:
        case PersonJoined():
            return Working(event.person_id, event.name, event.team_id, event.on)
        case PersonMoved():
            return replace(_working(person), team_id=event.team_id, since=event.on)
        case PersonLeft():
            return Left(replace(_working(person), since=event.on))
        case _:
            assert_never(event)


PERSON: Final = Aggregate[Person, PersonEvent](
    category="person",
    initial=NotJoined(),
    evolve=evolve,
)


def join(person: Person, *, joined: PersonJoined) -> list[PersonEvent]:
    match person:
        case NotJoined():
            return [joined]
        case Working(name=joined.name) | Left(was=Working(name=joined.name)):
            return []
        case _:
            raise Refused("Another person has this id.", code="id-taken")


def move(person: Person, *, team_id: str, on: date, at: datetime) -> list[PersonEvent]:
    it = _working(person)
    if it.team_id == team_id:
        return []
    _not_before(it, on)
    return [PersonMoved(person_id=it.person_id, team_id=team_id, previous=it.team_id, on=on, occurred_at=at)]


def leave(person: Person, *, on: date, at: datetime) -> list[PersonEvent]:
    match person:
        case Left():
            return []
        case _:
            it = _working(person)
            _not_before(it, on)
            return [PersonLeft(person_id=it.person_id, on=on, occurred_at=at)]


def _working(person: Person) -> Working:
    match person:
        case Working():
            return person
        case Left():
            raise Refused("This person has left.", code="person-left")
        case NotJoined():
            raise NotFound("There is no such person.")
        case _:
            assert_never(person)


def _not_before(person: Working, on: date) -> None:
    if on < person.since:
        raise Refused("Something changed after that day already.", code="out-of-order")
