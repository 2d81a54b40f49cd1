"""Whose numbers, of which days: a period, and filters that follow people's moves between teams."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.performance.measures.people import Person, Team


@dataclass(frozen=True)
class Period:
    """Business days from ``start`` up to but not including ``end``."""

    start: date
    end: date


@dataclass(frozen=True)
class Filters:
    person: str | None = None
    team: str | None = None
    region: str | None = None
    line: str | None = None

    def by_people(self) -> bool:
        return any((self.person, self.team, self.region))


@dataclass(frozen=True)
class Slice:
    """Some people during some days; ``people=None`` means everybody, also nobody in particular."""

    period: Period
    people: Sequence[str] | None = None


def slices(
    period: Period, filters: Filters, people: Mapping[str, Person], teams: Mapping[str, Team]
) -> list[Slice]:
    """The pieces whose cells sum to the answer; no day of a person is in two of them."""
    if not filters.by_people():
        return [Slice(period)]
    spans: dict[Period, list[str]] = defaultdict(list)
    for person_id, person in people.items():
        if filters.person not in (None, person_id):
            continue
        if filters.team is None and filters.region is None:
            spans[period].append(person_id)
            continue
        for membership in person.memberships:
            if not _fits(membership.team_id, filters, teams):
                continue
            start = max(period.start, membership.start)
            end = min(period.end, membership.end or period.end)
            if start < end:
                spans[Period(start, end)].append(person_id)
    if filters.person and filters.person not in people and not (filters.team or filters.region):
        spans[period].append(filters.person)  # somebody whose joining is not known here yet
    return [Slice(span, members) for span, members in spans.items()]


def standing(
    filters: Filters, people: Mapping[str, Person], teams: Mapping[str, Team], now: date
) -> Sequence[str] | None:
    """Whose standing numbers count: those who are in the team or region now."""
    today = Period(now, date.fromordinal(now.toordinal() + 1))
    return _everyone(slices(today, filters, people, teams))


def _everyone(parts: Sequence[Slice]) -> Sequence[str] | None:
    if any(part.people is None for part in parts):
        return None
    return [person for part in parts for person in part.people or ()]


def _fits(team_id: str, filters: Filters, teams: Mapping[str, Team]) -> bool:
    if filters.team not in (None, team_id):
        return False
    return filters.region is None or (team_id in teams and teams[team_id].region == filters.region)
