"""Forecast commits 业绩承诺: a person's word for a period, given, given anew, taken back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, assert_never
from uuid import NAMESPACE_URL, uuid5

from shared.events.commit import CommitEvent, ForecastCommitted, ForecastWithdrawn
from shared.eventstore.decider import Aggregate, NotFound, Refused

LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True)
class NotCommitted:
    pass


@dataclass(frozen=True)
class Standing:
    last: ForecastCommitted


@dataclass(frozen=True)
class Withdrawn:
    last: ForecastCommitted


Commit = NotCommitted | Standing | Withdrawn


def evolve(given: Commit, event: CommitEvent) -> Commit:
    match event:
        case ForecastCommitted():
            return Standing(event)
        case ForecastWithdrawn():
            match given:
                case Standing(last=last) | Withdrawn(last=last):
                    return Withdrawn(last)
                case NotCommitted():
                    raise ValueError("a commit's first event must give it")
                case _:
                    assert_never(given)
        case _:
            assert_never(event)


COMMIT: Final = Aggregate[Commit, CommitEvent](
    category="commit",
    initial=NotCommitted(),
    evolve=evolve,
)


def commit_id_of(person_id: str, *, start: date, end: date) -> str:
    """The same for the same person and period, so that there is one commit for them."""
    return str(uuid5(NAMESPACE_URL, f"commit {person_id} {start} {end}"))


def commit(given: Commit, *, wanted: ForecastCommitted) -> list[CommitEvent]:
    if not wanted.start < wanted.end:
        raise Refused("The period must end after it starts.", code="empty-period")
    if wanted.end - wanted.start > LONGEST:
        raise Refused(f"A period has at most {LONGEST.days} days.", code="long-period")
    if wanted.best_case.currency != wanted.commit.currency:
        raise Refused("Commit and best case must be in one currency.", code="two-currencies")
    if wanted.best_case.minor < wanted.commit.minor:
        raise Refused("The best case cannot be less than the commit.", code="low-best-case")
    match given:
        case Standing(last=last) if _same(last, wanted):
            return []
        case _:
            return [wanted]


def withdraw(given: Commit, *, at: datetime) -> list[CommitEvent]:
    match given:
        case NotCommitted():
            raise NotFound("There is no such commit.")
        case Withdrawn():
            return []
        case Standing(last=last):
            return [ForecastWithdrawn(commit_id=last.commit_id, occurred_at=at)]
        case _:
            assert_never(given)


def _same(one: ForecastCommitted, other: ForecastCommitted) -> bool:
    return one.model_dump(exclude={"occurred_at"}) == other.model_dump(exclude={"occurred_at"})
