"""A company in a read model: what happens in it, and what its boards say then."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.performance.boards import Boards
from services.performance.formulas import Sums, Value, evaluate
from services.performance.kpis import BY_NAME, measures
from services.performance.measures.complaints import complaints
from services.performance.measures.deals import deals
from services.performance.measures.handoffs import handoffs
from services.performance.measures.leads import leads
from services.performance.measures.orders import orders
from services.performance.measures.people import PEOPLE, TEAMS
from services.performance.measures.receivables import receivables
from services.performance.measures.targets import TARGETS
from services.performance.ranking import Named, ranked
from services.performance.scope import Filters, Period
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
    HANDOFFS,
    PEOPLE,
    TEAMS,
    TARGETS,
)
MARCH: Final = ("03-01", "04-01")
GOODS: Final = {"title": "A deal", "product": "Atlas 200"}


class World:
    """Days and moments are of 2025 and of Shanghai: ``03-10``, ``03-10 09:30``."""

    def __init__(self, path: Path) -> None:
        self.engine = open_database(f"sqlite:///{path}/read.db")
        self.runner = Runner(self.engine, "performance", PROJECTIONS)
        self.boards = Boards(self.engine)
        self._revisions: Counter[str] = Counter()
        self._at: Position | None = None

    def happened(self, *events: Event) -> None:
        now = Position((self._at.position if self._at else 0) + len(events))
        batch = Batch(Source("all"), [self._seen(event) for event in events], self._at, now)
        self.runner.apply([batch])
        assert not self.runner.parking.streams()
        self._at = now

    def sums(self, kpi: str, start: str, end: str, today: str, **filters: str) -> Sums:
        needed = measures(BY_NAME[kpi].formula)
        return self.boards.sums(needed, _period(start, end), Filters(**filters), now=on(today))

    def values(
        self, kpi: str, start: str = "03-01", end: str = "04-01", *, today: str = "03-31", **filters: str
    ) -> list[Value]:
        """The KPI of a period, one value for each currency there is."""
        return evaluate(BY_NAME[kpi], self.sums(kpi, start, end, today, **filters), currency="CNY")

    def value(
        self, kpi: str, start: str = "03-01", end: str = "04-01", *, today: str = "03-31", **filters: str
    ) -> Fraction | None:
        (only,) = self.values(kpi, start, end, today=today, **filters)
        return only.value

    def board(self, kpi: str, *, by: str = "person", today: str = "03-31", **filters: str) -> list[Row]:
        groups = self.boards.by_person if by == "person" else self.boards.by_team
        needed = measures(BY_NAME[kpi].formula)
        found = groups(needed, _period(*MARCH), Filters(**filters), now=on(today))
        return ranked(BY_NAME[kpi], self._named(kpi, found))

    def _named(self, kpi: str, found: Iterator[tuple[str, str, Sums]]) -> Iterator[Named]:
        for entity, name, sums in found:
            for value in evaluate(BY_NAME[kpi], sums, currency="CNY"):
                yield Named(entity, name, value)

    def _seen(self, event: Event) -> Seen:
        stream = f"{event.category}-{getattr(event, f'{event.category}_id')}"
        revision = self._revisions[stream]
        self._revisions[stream] += 1
        recorded = event.occurred_at
        return Seen(
            f"{stream}/{revision}", event.type, stream, revision, recorded, "sales", "c", event.wire()
        )


def _period(start: str, end: str) -> Period:
    return Period(on(start), on(end))


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
    amount = more.pop("amount", money(100))
    return DealOpened(
        deal_id=deal, occurred_at=at(when), owner=owner, line=line, stage=stage, amount=amount, **GOODS
    )


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
