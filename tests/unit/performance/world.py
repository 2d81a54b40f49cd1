"""A company in a read model: what happens in it, and what its boards say then."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.performance.boards import By, groups, sums
from services.performance.formulas import Frame, Value, evaluate
from services.performance.kpis.catalogue import BY_KEY, terms
from services.performance.kpis.kpi import Kpi
from services.performance.look import Look, Looks
from services.performance.measures.commits import COMMITS
from services.performance.measures.complaints import complaints
from services.performance.measures.deals import deals
from services.performance.measures.handoffs import handoffs
from services.performance.measures.leads import leads
from services.performance.measures.market import MARKETS
from services.performance.measures.orders import orders
from services.performance.measures.people import PEOPLE, TEAMS
from services.performance.measures.plans import PLANS
from services.performance.measures.rates import RATES
from services.performance.measures.receivables import receivables
from services.performance.measures.surveys import surveys
from services.performance.measures.targets import TARGETS
from services.performance.ranking import Named, ranked
from services.performance.scope import Filters, Period, Scope
from services.performance.views import Row
from shared.events.deal import DealLost, DealOpened, DealReopened, DealWon, Stage
from shared.events.event import Event, Money
from shared.events.examples.cast import at, on
from shared.events.organisation import PersonJoined, PersonMoved, TeamFormed
from shared.events.seen import Seen
from shared.events.target import TargetSet
from shared.projections.database import open_database
from shared.projections.runner import Batch, Position, Runner, Source

ZONE: Final = ZoneInfo("Asia/Shanghai")
HANDOFFS: Final = handoffs(ZONE)
PROJECTIONS: Final = (
    leads(ZONE),
    deals(ZONE),
    orders(ZONE),
    receivables(ZONE),
    complaints(ZONE),
    surveys(ZONE),
    MARKETS,
    HANDOFFS,
    PEOPLE,
    TEAMS,
    TARGETS,
    PLANS,
    COMMITS,
    RATES,
)
MARCH: Final = ("03-01", "04-01")
GOODS: Final = {"title": "A deal", "product": "Atlas 200"}


class World:
    """Days and moments are of 2025 and of Shanghai: ``03-10``, ``03-10 09:30``."""

    def __init__(self, path: Path, *, url: str | None = None) -> None:
        self.engine = open_database(url or f"sqlite:///{path}/read.db")
        self.runner = Runner(self.engine, "performance", PROJECTIONS)
        self.looks = Looks(self.engine)
        self._revisions: Counter[str] = Counter()
        self._at: Position | None = None

    def happened(self, *events: Event) -> None:
        now = Position((self._at.position if self._at else 0) + len(events))
        batch = Batch(Source("all"), [self._seen(event) for event in events], self._at, now)
        self.runner.apply([batch])
        assert not self.runner.parking.streams()
        self._at = now

    def values(
        self,
        kpi: str,
        start: str = "03-01",
        end: str = "04-01",
        *,
        today: str = "03-31",
        now: str | None = None,
        as_of: str | None = None,
        currency: str | None = None,
        **filters: str,
    ) -> list[Value]:
        """The KPI of a period, one value for each currency there is; ``now`` is when it is asked."""
        scope = _scope(start, end, today, filters, as_of=as_of, currency=currency)
        it = BY_KEY[kpi]
        with self.looks.at(scope) as look:
            return evaluate(it, sums(look, terms([it])), _frame(scope, now or as_of or f"{today} 12:00"))

    def value(self, kpi: str, start: str = "03-01", end: str = "04-01", **asked: Any) -> Fraction | None:
        (only,) = self.values(kpi, start, end, **asked)
        return only.value

    def board(self, kpi: str, *, by: By = "person", today: str = "03-31", **filters: str) -> list[Row]:
        it, scope = BY_KEY[kpi], _scope(*MARCH, today, filters)
        with self.looks.at(scope) as look:
            return ranked(it, list(self._named(it, look, by, scope)))

    def _named(self, kpi: Kpi, look: Look, by: By, scope: Scope) -> Iterator[Named]:
        for group in groups(look, by, terms([kpi])):
            for value in evaluate(kpi, group.sums, _frame(scope, "03-31 12:00")):
                yield Named(group.id, group.name, value)

    def _seen(self, event: Event) -> Seen:
        stream = f"{event.category}-{getattr(event, event.key)}"
        revision = self._revisions[stream]
        self._revisions[stream] += 1
        recorded = event.occurred_at
        return Seen(
            f"{stream}/{revision}", event.type, stream, revision, recorded, "sales", "c", event.wire()
        )


def _scope(
    start: str,
    end: str,
    today: str,
    filters: dict[str, str],
    *,
    as_of: str | None = None,
    currency: str | None = None,
) -> Scope:
    moment = None if as_of is None else at(as_of)
    return Scope(Period(on(start), on(end)), on(today), Filters(**filters), moment, currency)


def _frame(scope: Scope, now: str) -> Frame:
    return Frame(at(now), scope.period.days, scope.currency or "CNY")


def parts(value: Value) -> tuple[Any, Any, Any]:
    """Value, numerator and denominator, to be compared with numbers worked out by hand."""
    return value.value, value.numerator, value.denominator


def money(major: int, currency: str = "CNY") -> Money:
    """An amount given in yuan or dollars."""
    return Money(minor=major * 100, currency=currency)


def opened(
    deal: str,
    when: str,
    *,
    owner: str = "wang",
    line: str = "Atlas",
    stage: Stage = "prospecting",
    **more: Any,
) -> DealOpened:
    facts = {"amount": money(100), **GOODS, **more}
    return DealOpened(deal_id=deal, occurred_at=at(when), owner=owner, line=line, stage=stage, **facts)


def won(deal: str, when: str, *, amount: Money | None = None) -> DealWon:
    return DealWon(
        deal_id=deal,
        occurred_at=at(when),
        amount=amount or money(100),
        owner="wang",
        line="Atlas",
        opened_at=at("03-01 09:00"),
        **GOODS,
    )


def lost(deal: str, when: str) -> DealLost:
    return DealLost(deal_id=deal, occurred_at=at(when), reason="Price")


def reopened(deal: str, when: str, *, stage: Stage = "prospecting") -> DealReopened:
    return DealReopened(deal_id=deal, occurred_at=at(when), reason="They came back", stage=stage)


def formed(team: str, *, region: str = "East") -> TeamFormed:
    return TeamFormed(
        team_id=team, occurred_at=at("01-02 09:00"), name=team.title(), department="sales", region=region
    )


def joined(person: str, team: str, day: str = "01-02") -> PersonJoined:
    return PersonJoined(
        person_id=person,
        occurred_at=at(f"{day} 09:00"),
        name=person.title(),
        team_id=team,
        post="Sales",
        on=on(day),
    )


def moved(person: str, team: str, day: str, *, previous: str = "east") -> PersonMoved:
    return PersonMoved(
        person_id=person, occurred_at=at(f"{day} 09:00"), team_id=team, previous=previous, on=on(day)
    )


def target(key: str, person: str, start: str, end: str, amount: Money, **more: Any) -> TargetSet:
    return TargetSet(
        target_id=key,
        occurred_at=at("01-02 09:00"),
        person_id=person,
        start=on(start),
        end=on(end),
        amount=amount,
        **more,
    )
