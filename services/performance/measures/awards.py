"""Awards 销售冠军 as they are listed: who was first, as granted and as corrected since."""

from datetime import date, datetime

import msgspec

from shared.events.award import AwardCorrected, AwardEvent, AwardGranted, Kind, Reason, Winner
from shared.projections.projection import Projection


class First(msgspec.Struct, frozen=True):
    person: str
    value: int
    """A count, or minor units of the currency."""
    currency: str = ""


class Told(msgspec.Struct, frozen=True):
    """What was told at one time; without a reason it is the grant."""

    at: datetime
    winners: tuple[First, ...]
    unpriced: tuple[tuple[str, int], ...] = ()
    """Currency and minor units that had no rate."""
    reason: Reason | None = None


class Award(msgspec.Struct, frozen=True):
    kpi: str = ""
    kpi_version: int = 1
    kind: Kind = "month"
    start: date = date.min
    end: date = date.min
    """The first day no longer in the period."""
    told: tuple[Told, ...] = ()
    """The last of them stands."""


def evolve(award: Award, event: AwardEvent) -> Award:
    match event:
        case AwardGranted():
            first = _told(event)
            return Award(event.kpi, event.kpi_version, event.kind, event.start, event.end, (first,))
        case AwardCorrected():
            told = _told(event, reason=event.reason)
            return msgspec.structs.replace(award, kpi_version=event.kpi_version, told=(*award.told, told))
        case _:
            return award


def first(winner: Winner) -> First:
    return First(winner.person_id, winner.value, winner.currency or "")


def _told(event: AwardEvent, *, reason: Reason | None = None) -> Told:
    return Told(
        at=event.occurred_at,
        winners=tuple(first(it) for it in event.winners),
        unpriced=tuple((it.currency, it.minor) for it in event.unpriced),
        reason=reason,
    )


AWARDS = Projection(
    name="awards",
    version=1,
    state=Award,
    initial=Award(),
    events=(AwardGranted, AwardCorrected),
    evolve=evolve,
    index=lambda award: {"kpi": award.kpi, "kind": award.kind},
    dated=True,
)
