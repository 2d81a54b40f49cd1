"""Who sold what, and which awards come of it when the clock shows a moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from services.performance.award import AWARD
from services.performance.measures.awards import AWARDS
from services.performance.timers import Champions, caught_up, timers
from shared.events.award import AwardCorrected, AwardEvent, AwardGranted, Winner
from shared.events.catalogue import EVENTS
from shared.events.event import Envelope, Money
from shared.events.examples.cast import at
from shared.eventstore.decider import Decider
from shared.projections.lists import Kept
from shared.service.freshness import Freshness, Reached
from shared.service.reactions import Due
from tests.unit.performance.asking import Service
from tests.unit.performance.world import ZONE, money, opened, won

BY_TIMER: Final = Envelope(actor="performance", role="system", correlation_id="c")
GRACE: Final = timedelta(hours=24)


def first(person: str, yuan: int | None = None, *, count: int = 0) -> Winner:
    if yuan is None:
        return Winner(person_id=person, value=count)
    return Winner(person_id=person, value=yuan * 100, currency="CNY")


def lag(events: int | None) -> Freshness:
    source = "baton.customers.events"
    return [Reached(source=source, last_event_at=None, lag_events=events, lag_seconds=None)]


def moment(when: str | datetime) -> datetime:
    """``04-02 00:00`` is of 2025."""
    return at(when) if isinstance(when, str) else when


class Race:
    """A company whose people race; its clock is the test's."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.freshness = lag(0)
        self.waiting: dict[str, str] = {}
        self.start()

    def start(self) -> None:
        """The process begins: it knows nothing by heart."""
        engine = self.service.world.engine
        champions = Champions(
            Decider(self.service.store, AWARD),
            Kept(engine, AWARDS),
            self.service.world.looks,
            caught_up=lambda: caught_up(self.freshness, self.waiting),
            zone=ZONE,
            currency="CNY",
            grace=GRACE,
        )
        (self.timer,) = timers(champions)

    def sold(self, owner: str, when: str | datetime, amount: int | Money = 100) -> str:
        """A deal that was opened and won at this moment; its id."""
        deal = "".join(c for c in f"{owner}{when}" if c.isalnum())
        price = money(amount) if isinstance(amount, int) else amount
        then = {"occurred_at": moment(when)}
        events = opened(deal, "01-01 09:00", owner=owner), won(deal, "01-01 09:00", amount=price)
        self.service.world.happened(*(event.model_copy(update=then) for event in events))
        return deal

    def due(self, now: str | datetime) -> Due:
        """What is due, if the timer looks."""
        return self.timer.due(moment(now)) or {}

    async def told(self, now: str | datetime) -> list[AwardEvent]:
        """What is announced at this moment, and taken into the list of awards."""
        news = await self.announced(now)
        await self.service.caught_up()
        return news

    async def announced(self, now: str | datetime) -> list[AwardEvent]:
        news: list[AwardEvent] = []
        for award_id in self.due(now):
            known = len(await self.told_of(award_id))
            await self.timer.fire(award_id, moment(now), BY_TIMER)
            news += (await self.told_of(award_id))[known:]
        return news

    async def told_of(self, award_id: str) -> list[Any]:
        stored = await self.service.store.read(f"award-{award_id}")
        return [EVENTS[one.type].read(one.data) for one in stored]


def about(events: Sequence[AwardEvent], kpi: str = "won_amount", kind: str = "month") -> Any:
    """The one of these events that is about this KPI and kind of period."""
    (only,) = [it for it in events if (it.kpi, it.kind) == (kpi, kind)]
    assert isinstance(only, AwardGranted | AwardCorrected)
    return only
