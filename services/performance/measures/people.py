"""Who belongs to which team from which day on, so that results count where they were earned."""

from datetime import date

import msgspec

from shared.events.organisation import (
    PersonEvent,
    PersonJoined,
    PersonLeft,
    PersonMoved,
    TeamChanged,
    TeamEvent,
    TeamFormed,
)
from shared.projections.projection import Projection


class Membership(msgspec.Struct, frozen=True):
    """A half-open span of days in one team; ``None`` as its end means still there."""

    team_id: str
    start: date
    end: date | None = None


class Person(msgspec.Struct, frozen=True):
    name: str = ""
    post: str = ""
    joined_on: date | None = None
    memberships: tuple[Membership, ...] = ()


class Team(msgspec.Struct, frozen=True):
    name: str = ""
    department: str = ""
    region: str = ""


def evolve_person(person: Person, event: PersonEvent) -> Person:
    match event:
        case PersonJoined():
            # results before the first day on record are the first team's too
            first = Membership(event.team_id, date.min)
            return Person(event.name or "", event.post, event.on, (first,))
        case PersonMoved():
            moved = (*_ended(person, event.on), Membership(event.team_id, event.on))
            return msgspec.structs.replace(person, memberships=moved)
        case PersonLeft():
            return msgspec.structs.replace(person, memberships=_ended(person, event.on))
        case _:
            return person


def _ended(person: Person, on: date) -> tuple[Membership, ...]:
    *before, last = person.memberships
    return (*before, msgspec.structs.replace(last, end=on))


def team_today(person: Person) -> str | None:
    """The team of an open membership; ``None`` for somebody who left."""
    last = person.memberships[-1] if person.memberships else None
    return last.team_id if last and last.end is None else None


def evolve_team(_team: Team, event: TeamEvent) -> Team:
    return Team(event.name, event.department, event.region or "")


PEOPLE = Projection(
    name="people",
    version=2,
    state=Person,
    initial=Person(),
    events=(PersonJoined, PersonMoved, PersonLeft),
    evolve=evolve_person,
    entity=lambda _seen, event: event.person_id,
    dated=True,
)
TEAMS = Projection(
    name="teams",
    version=2,
    state=Team,
    initial=Team(),
    events=(TeamFormed, TeamChanged),
    evolve=evolve_team,
    entity=lambda _seen, event: event.team_id,
    dated=True,
)
