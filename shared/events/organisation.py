"""The organisation 组织: teams, people, and who belongs where from which day on."""

from .event import Day, Event, Id, Label, PersonalText, Slug, Text


class OfTeam(Event, category="team", service="performance"):
    team_id: Id


class TeamFormed(OfTeam, type="team-formed.v1"):
    """A team of a department, and the region it works in."""

    name: Text
    department: Slug
    region: Label | None = None


class TeamChanged(OfTeam, type="team-changed.v1"):
    """The team as it is from now on, whole."""

    name: Text
    department: Slug
    region: Label | None = None


class OfPerson(Event, category="person", service="performance"):
    person_id: Id


class PersonJoined(OfPerson, type="person-joined.v1", personal_to="person-{person_id}"):
    """Somebody joined a team; from this day on the results count for it."""

    name: PersonalText = None
    team_id: Id
    post: Label
    on: Day


class PersonMoved(OfPerson, type="person-moved.v1"):
    """From this day on the person's results count for the other team; earlier ones stay."""

    team_id: Id
    previous: Id
    on: Day


class PersonLeft(OfPerson, type="person-left.v1"):
    """Somebody left the company; what they did stays."""

    on: Day


TeamEvent = TeamFormed | TeamChanged
PersonEvent = PersonJoined | PersonMoved | PersonLeft
