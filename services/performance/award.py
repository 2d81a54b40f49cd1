"""Awards 销售冠军: granted once to who was first, corrected while their period is the last one closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, assert_never

from services.performance.scope import Period
from shared.events.award import AwardCorrected, AwardEvent, AwardGranted, Kind, Reason, Winner
from shared.events.event import Money
from shared.eventstore.decider import Aggregate, Refused


@dataclass(frozen=True)
class NotGranted:
    pass


@dataclass(frozen=True)
class Granted:
    winners: Sequence[Winner]
    """As it stands: of the last correction, if there was one."""


Award = NotGranted | Granted


def evolve(_award: Award, event: AwardEvent) -> Award:
    return Granted(event.winners)


AWARD: Final = Aggregate[Award, AwardEvent](
    category="award",
    initial=NotGranted(),
    evolve=evolve,
)


@dataclass(frozen=True)
class Result:
    """Who was first at a KPI in a period, by what is known now; nobody, where nobody had any result."""

    kpi: str
    kpi_version: int
    kind: Kind
    period: Period
    winners: tuple[Winner, ...]
    unpriced: tuple[Money, ...] = ()

    @property
    def award_id(self) -> str:
        """The same for the same KPI and period, so that there is one award for them."""
        return f"{self.kpi}-{self.kind}-{self.period.start}"


def grant(award: Award, *, result: Result, last_closed: Period, at: datetime) -> list[AwardEvent]:
    """``last_closed`` is the last period of the result's kind that has closed by ``at``."""
    if result.period != last_closed:
        raise Refused("Only the last period that has closed is awarded.", code="not-last-closed")
    match award:
        case NotGranted():
            return [AwardGranted(**_told(result, at))] if result.winners else []
        case Granted(winners=winners) if winners == result.winners:
            return []
        case Granted(winners=winners):
            reason = _reason(winners, result.winners)
            return [AwardCorrected(**_told(result, at), previous=winners, reason=reason)]
        case _:
            assert_never(award)


def _told(result: Result, at: datetime) -> dict[str, Any]:
    return {
        "award_id": result.award_id,
        "kpi": result.kpi,
        "kpi_version": result.kpi_version,
        "kind": result.kind,
        "start": result.period.start,
        "end": result.period.end,
        "winners": result.winners,
        "shared": len(result.winners) > 1,
        "unpriced": result.unpriced,
        "occurred_at": at,
    }


def _reason(before: Sequence[Winner], now: Sequence[Winner]) -> Reason:
    if not now:
        return "no-winner"
    same = [it.person_id for it in before] == [it.person_id for it in now]
    return "other-value" if same else "other-winners"
