"""Random histories of a whole company, and random questions about them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from services.performance.scope import Filters, Period, Scope
from shared.events.complaint import (
    ComplaintAcknowledged,
    ComplaintClosed,
    ComplaintFiled,
    ComplaintReopened,
    ComplaintResolved,
)
from shared.events.event import Event
from shared.events.examples.cast import on
from shared.events.lead import LeadAssigned, LeadContacted, LeadCreated, LeadDisqualified, LeadQualified
from shared.events.market import MarketEstimated, MarketEstimateWithdrawn
from shared.events.organisation import PersonMoved
from shared.events.plan import Levels, PlanDrawn, PlanWithdrawn
from shared.events.plan import Scope as Asked
from shared.events.seen import Seen
from shared.events.survey import SurveyAnswered, SurveySent
from tests.unit.performance.test_rate import usd
from tests.unit.performance.world import formed, joined
from tests.unit.projections.histories import DAYS, GOODS, MONEY, PEOPLE, STREAMS, Streams, histories, some
from tests.unit.projections.sales import MORNING, stream

MARCH: Final = {"start": on("03-01"), "end": on("04-01")}
MAYBE: Final = {
    "person": st.none() | PEOPLE,
    "line": st.none() | st.just("Atlas"),
    "team": st.none() | st.just("east"),
    "region": st.none() | st.just("华东"),
}
"""Somebody or something in particular, or nobody and nothing."""


def _lead(key: str) -> tuple[st.SearchStrategy[Event], st.SearchStrategy[Event]]:
    it = {"lead_id": key}
    return some(LeadCreated, **it, company="云帆科技", source="展会", line=GOODS["line"]), st.one_of(
        some(LeadAssigned, **it, owner=PEOPLE),
        some(LeadContacted, **it, by="wang", first=True),
        some(LeadQualified, **it, by="wang", company="云帆科技"),
        some(LeadDisqualified, **it, reason="学生"),
    )


def _complaint(key: str) -> tuple[st.SearchStrategy[Event], st.SearchStrategy[Event]]:
    it = {"complaint_id": key}
    return some(ComplaintFiled, **it, subject="坏"), st.one_of(
        some(ComplaintAcknowledged, **it, by="olivia"),
        some(ComplaintResolved, **it, resolution="已更换"),
        some(ComplaintReopened, **it, reason="又坏"),
        some(ComplaintClosed, **it, satisfaction=st.none() | st.integers(1, 5)),
    )


def _survey(kind: str, most: int) -> tuple[st.SearchStrategy[Event], st.SearchStrategy[Event]]:
    it = {"survey_id": kind, "kind": kind, "account_id": "acc-1", "about": "delivery", "line": MAYBE["line"]}
    sent = some(SurveySent, **it, owner=MAYBE["person"])
    return sent, some(SurveyAnswered, **it, owner=MAYBE["person"], score=st.integers(most // 5, most))


def _market(key: str) -> tuple[st.SearchStrategy[Event], st.SearchStrategy[Event]]:
    about = {"size": MONEY, "source": "工信部", "estimated_on": on("02-15"), **MARCH}
    estimated = some(MarketEstimated, market_id=key, **about, line=MAYBE["line"], region=MAYBE["region"])
    return estimated, estimated | some(MarketEstimateWithdrawn, market_id=key)


def _plan(key: str) -> tuple[st.SearchStrategy[Event], st.SearchStrategy[Event]]:
    whose = st.builds(Asked, **{k: st.just(v) for k, v in MARCH.items()}, kind=st.just("month"), **MAYBE)
    levels = st.integers(0, 9000).map(lambda n: Levels(floor=n, target=2 * n, stretch=3 * n))
    drawn = some(PlanDrawn, plan_id=key, scope=whose, levels=levels)
    return drawn, drawn | some(PlanWithdrawn, plan_id=key)


EVERYTHING: Final[Streams] = {
    **STREAMS,
    "lead-1": _lead("1"),
    "lead-2": _lead("2"),
    "complaint-1": _complaint("1"),
    "survey-csat": _survey("csat", 5),
    "survey-nps": _survey("nps", 10),
    "market-1": _market("1"),
    "plan-1": _plan("1"),
}
RATES: Final = stream("rate-USD-CNY", usd("03-10", "7.1"), usd("03-10", "7.2", said="03-12 09:00"))
TEAMS: Final = (
    *stream("team-east", formed("east", region="华东")),
    *stream("team-west", formed("west", region="西区")),
)


@st.composite
def companies(draw: st.DrawFn) -> list[Seen]:
    """Two teams, two people who move between them, and what they sell, as it was recorded."""
    found = [*TEAMS, *RATES]
    for person, team, day in (("wang", "east", "01-02"), ("li", "west", "03-05")):
        moves = sorted(draw(st.lists(st.tuples(DAYS, st.sampled_from(("east", "west"))), max_size=2)))
        found += stream(f"person-{person}", joined(person, team, day), *_moved(person, moves))
    for events in draw(histories(EVERYTHING, least=7, then=3)).values():
        found += events
    return sorted(found, key=lambda seen: (seen.recorded_at, seen.stream, seen.revision))


def _moved(person: str, moves: Sequence[tuple[date, str]]) -> list[PersonMoved]:
    """Said some days later, or some days before."""
    return [
        PersonMoved(
            person_id=person,
            occurred_at=MORNING + timedelta(days=2 * n),
            team_id=team,
            previous="east",
            on=day,
        )
        for n, (day, team) in enumerate(moves, start=1)
    ]


def moments(company: Sequence[Seen]) -> st.SearchStrategy[datetime]:
    """When something was recorded in it."""
    return st.sampled_from(sorted({seen.recorded_at for seen in company if seen.recorded_at >= MORNING}))


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    """A question about some days of March; most of the time without a filter, or with one."""
    start = draw(st.sampled_from((on("03-01"), on("03-10"), on("03-11"), on("03-13"))))
    days = draw(st.sampled_from((31, 14, 7, 1)))
    asked = {
        "person": st.sampled_from((*[None] * 6, "wang", "li", "ghost")),
        "team": st.sampled_from((*[None] * 6, "east", "west")),
        "department": st.sampled_from((*[None] * 6, "sales")),
        "region": st.sampled_from((*[None] * 6, "华东", "西区")),
        "line": st.sampled_from((*[None] * 6, "Atlas", "Vega")),
        "product": st.sampled_from((*[None] * 6, "Atlas 200")),
    }
    return Scope(
        Period(start, start + timedelta(days=days)),
        today=draw(st.sampled_from((on("03-12"), on("04-02")))),
        filters=draw(st.builds(Filters, **asked)),
        currency=draw(st.sampled_from((None, None, "CNY"))),
    )


FEW: Final = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""Each example asks for every KPI there is, more than once."""
