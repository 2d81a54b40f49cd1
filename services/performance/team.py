"""Teams: people who sell together, in a department and a region."""

from dataclasses import dataclass
from typing import Final, assert_never

from shared.events.organisation import TeamChanged, TeamEvent, TeamFormed
from shared.eventstore.decider import Aggregate, NotFound, Refused


@dataclass(frozen=True)
class NotFormed:
    pass


@dataclass(frozen=True)
class Formed:
    team_id: str
    name: str
    department: str
    region: str | None


Team = NotFormed | Formed


def evolve(_team: Team, event: TeamEvent) -> Team:
    match event:
        case TeamFormed() | TeamChanged():
            return Formed(event.team_id, event.name, event.department, event.region)
        case _:
            assert_never(event)


TEAM: Final = Aggregate[Team, TeamEvent](
    category="team",
    initial=NotFormed(),
    evolve=evolve,
)


def form(team: Team, *, formed: TeamFormed) -> list[TeamEvent]:
    match team:
        case NotFormed():
            return [formed]
        case Formed():
            if team == Formed(formed.team_id, formed.name, formed.department, formed.region):
                return []
            raise Refused("Another team has this id.", code="id-taken")
        case _:
            assert_never(team)


def change(team: Team, *, changed: TeamChanged) -> list[TeamEvent]:
    match team:
        case NotFormed():
            raise NotFound("There is no such team.")
        case Formed():
            now = Formed(changed.team_id, changed.name, changed.department, changed.region)
            return [] if now == team else [changed]
        case _:
            assert_never(team)
