"""Whose numbers, of which days, known by when: filters that follow people's moves between teams."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from services.performance.kpis.formula import Span
from services.performance.measures.people import Person, Team

YEAR = timedelta(days=365)


class Period(NamedTuple):
    """Business days from ``start`` up to but not including ``end``."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def days_of(self, span: Span, today: date) -> "Period":
        """The days that a term of this span is about; they may be none."""
        match span:
            case "before":
                return Period(date.min, self.start)
            case "due":
                return Period(self.start, max(self.start, min(self.end, today)))
            case "year":
                return Period(self.end - YEAR, self.end)
            case _:
                return self

    def before(self) -> "Period":
        """As many days before it."""
        return Period(self.start - timedelta(days=self.days), self.start)


@dataclass(frozen=True)
class Filters:
    person: str | None = None
    team: str | None = None
    department: str | None = None
    region: str | None = None
    line: str | None = None
    product: str | None = None

    def by_team(self) -> bool:
        return any((self.team, self.department, self.region))

    def by_people(self) -> bool:
        return self.person is not None or self.by_team()


@dataclass(frozen=True)
class Scope:
    """What a board is about; ``as_of`` is the moment looked back to (none: now), ``today`` its business day.

    ``currency`` is what amounts are converted to, if at all; ``plan_version`` the version of the plan that
    targets are of (none: the present one).
    """

    period: Period
    today: date
    filters: Filters = field(default_factory=Filters)
    as_of: datetime | None = None
    currency: str | None = None
    plan_version: int | None = None


@dataclass(frozen=True)
class Slice:
    """Some people during some days, or all ``others``.

    ``people=None`` means everybody, also nobody in particular.
    """

    period: Period
    people: Sequence[str] | None = None
    others: bool = False


Organisation = tuple[Mapping[str, Person], Mapping[str, Team]]


def slices(
    period: Period, filters: Filters, organisation: Organisation, *, employed: bool = False
) -> list[Slice]:
    """The pieces whose cells sum to the answer; no day of a person is in two of them.

    ``employed`` leaves out the days before somebody joined and after they left.
    """
    if not filters.by_people() and not employed:
        return [Slice(period)]
    people, teams = organisation
    spans: dict[Period, list[str]] = defaultdict(list)
    for person_id, person in people.items():
        if filters.person not in (None, person_id):
            continue
        for there in _spans(person, filters, teams, employed=employed):
            start, end = max(period.start, there.start), min(period.end, there.end)
            if start < end:
                spans[Period(start, end)].append(person_id)
    if filters.person and filters.person not in people and not filters.by_team():
        spans[period].append(filters.person)  # somebody whose joining is not known here yet
    found = [Slice(span, members) for span, members in spans.items()]
    if not filters.by_people():
        found.append(Slice(period, list(people), others=True))  # the same, of all of them
    return found


def standing(filters: Filters, organisation: Organisation, today: date) -> Sequence[str] | None:
    """Whose standing numbers count: those who are in the team or region now."""
    parts = slices(Period(today, today + timedelta(days=1)), filters, organisation)
    if any(part.people is None for part in parts):
        return None
    return [person for part in parts for person in part.people or ()]


def _spans(
    person: Person, filters: Filters, teams: Mapping[str, Team], *, employed: bool
) -> Iterator[Period]:
    """When they were where the filters ask for."""
    first = person.joined_on if employed and person.joined_on else date.min
    if not filters.by_team():
        last = person.memberships[-1].end if employed and person.memberships else None
        yield Period(first, last or date.max)
        return
    for membership in person.memberships:
        if _fits(membership.team_id, filters, teams):
            yield Period(max(first, membership.start), membership.end or date.max)


def _fits(team_id: str, filters: Filters, teams: Mapping[str, Team]) -> bool:
    team = teams.get(team_id)
    return (
        filters.team in (None, team_id)
        and (filters.region is None or (team is not None and team.region == filters.region))
        and (filters.department is None or (team is not None and team.department == filters.department))
    )
