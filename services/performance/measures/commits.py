"""What a forecast commit 业绩承诺 adds to the boards: both amounts, whole, on its period's first day."""

from datetime import date, datetime

import msgspec

from shared.events.commit import CommitEvent, ForecastCommitted, ForecastWithdrawn
from shared.projections.projection import Contribution, Projection, place


class Commit(msgspec.Struct, frozen=True):
    person: str = ""
    currency: str = ""
    commit: int = 0
    best_case: int = 0
    note: str = ""
    given_at: datetime | None = None
    start: date | None = None
    end: date | None = None
    """The first day no longer in the period."""


def evolve(given: Commit, event: CommitEvent) -> Commit:
    match event:
        case ForecastCommitted():
            return Commit(
                person=event.person_id,
                currency=event.commit.currency,
                commit=event.commit.minor,
                best_case=event.best_case.minor,
                note=event.note or "",
                given_at=event.occurred_at,
                start=event.start,
                end=event.end,
            )
        case ForecastWithdrawn():
            return msgspec.structs.replace(given, start=None)
        case _:
            return given


def contribute(given: Commit) -> Contribution:
    """The bucket is the period's length in days: a month and a quarter that begin together stay apart."""
    if given.start is None or given.end is None:
        return {}
    first = place(day=given.start.isoformat(), person=given.person)
    days = (given.end - given.start).days
    return {
        first.of("commit_amount", currency=given.currency, bucket=days): given.commit,
        first.of("best_case_amount", currency=given.currency, bucket=days): given.best_case,
    }


COMMITS = Projection(
    name="commits",
    version=1,
    state=Commit,
    initial=Commit(),
    events=(ForecastCommitted, ForecastWithdrawn),
    evolve=evolve,
    contribute=contribute,
    index=lambda given: {"person": given.person} if given.start else {},
    dated=True,
)
