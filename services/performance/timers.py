"""The timer that names the champions 销售冠军 of the last month, quarter and year that closed."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from services.performance.award import Award, Result, grant
from services.performance.awards import CHAMPIONS, KINDS, last_closed, unpriced, winners
from services.performance.boards import groups
from services.performance.days import today
from services.performance.formulas import Frame, evaluate
from services.performance.kpis.catalogue import BY_NAME, terms
from services.performance.kpis.kpi import Kpi
from services.performance.look import Looks
from services.performance.measures import awards as seen
from services.performance.ranking import Named
from services.performance.scope import Scope
from shared.events.award import AwardEvent, Kind
from shared.events.event import Envelope
from shared.eventstore.decider import Decider
from shared.projections.lists import Kept
from shared.service.freshness import Freshness
from shared.service.reactions import Due, Timer

LOOK_EVERY: Final = timedelta(minutes=1)

Awards = Decider[Award, AwardEvent]


def caught_up(freshness: Freshness, waiting: Mapping[str, str]) -> bool:
    """Whether boards show all that is known; of a source that cannot be asked nobody knows."""
    return not waiting and all(it.lag_events == 0 for it in freshness)


class Champions:
    """Looks at the boards once a minute, and only while they show all that is known.

    Imported history is no exception: it is awarded where it falls in a last closed period, never before.
    """

    def __init__(
        self,
        awards: Awards,
        kept: Kept[seen.Award],
        looks: Looks,
        *,
        caught_up: Callable[[], bool],
        zone: ZoneInfo,
        currency: str,
        grace: timedelta,
    ) -> None:
        self._awards = awards
        self._kept = kept
        self._looks = looks
        self._caught_up = caught_up
        self._zone = zone
        self._currency = currency
        self._grace = grace
        self._closed = partial(last_closed, zone=zone, grace=grace)
        self._looked_at: datetime | None = None
        self._found: dict[str, Result] = {}

    def due(self, now: datetime) -> Due | None:
        """The awards that are not granted yet, or stand otherwise than they were told."""
        if (self._looked_at and now - self._looked_at < LOOK_EVERY) or not self._caught_up():
            return None
        self._looked_at = now
        results = [self._result(BY_NAME[name], kind, now) for kind in KINDS for name in CHAMPIONS]
        self._found = {it.award_id: it for it in results if not self._stands(it)}
        return {award_id: self._since(it) or now for award_id, it in self._found.items()}

    async def fire(self, award_id: str, now: datetime, envelope: Envelope) -> bool:
        result = self._found[award_id]
        if not await asyncio.to_thread(self._caught_up):  # somebody emptied the boards while we looked
            return False
        decide = partial(grant, result=result, last_closed=self._closed(result.kind, now), at=now)
        done = await self._awards.transact(award_id, decide, envelope)
        return bool(done.events)

    def _result(self, kpi: Kpi, kind: Kind, now: datetime) -> Result:
        period = self._closed(kind, now)
        scope = Scope(period, today(now, self._zone), currency=self._currency)
        frame = Frame(now, period.days, self._currency)
        with self._looks.at(scope) as look:
            found = [
                Named(group.id, group.name, value)
                for group in groups(look, "person", terms([kpi]))
                for value in evaluate(kpi, group.sums, frame)
            ]
        return Result(
            kpi=kpi.name,
            kpi_version=kpi.version,
            kind=kind,
            period=period,
            winners=winners(kpi, found, currency=self._currency),
            unpriced=unpriced(found, currency=self._currency),
        )

    def _stands(self, result: Result) -> bool:
        """Whether it was told so; that nobody was first is told only where somebody was before."""
        award = self._award(result)
        told = award.told[-1].winners if award else ()
        return told == tuple(seen.first(it) for it in result.winners)

    def _since(self, result: Result) -> datetime | None:
        """When the period was to be awarded; nobody knows since when an award is not right any more."""
        if self._award(result):
            return None
        return datetime.combine(result.period.end, time.min, self._zone) + self._grace

    def _award(self, result: Result) -> seen.Award | None:
        return self._kept.get(f"award-{result.award_id}")


def timers(champions: Champions) -> list[Timer]:
    return [Timer("name-champions", champions.due, champions.fire)]
