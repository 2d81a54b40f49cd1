"""Forecast commits 业绩承诺: what a person says they will sell in a period."""

from .event import Day, Event, Id, Money, PersonalText


class OfCommit(Event, category="commit", service="performance"):
    commit_id: Id


class ForecastCommitted(OfCommit, type="forecast-committed.v1", personal_to="person-{person_id}"):
    """What the person stands by from now on: ``start`` is in the period, ``end`` no longer."""

    person_id: Id
    start: Day
    end: Day
    commit: Money
    best_case: Money
    """What it becomes if all goes well; never less than the commit, and in its currency."""
    note: PersonalText = None


class ForecastWithdrawn(OfCommit, type="forecast-withdrawn.v1"):
    """The person stands by the commitment no longer."""


CommitEvent = ForecastCommitted | ForecastWithdrawn
