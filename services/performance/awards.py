"""Which periods have closed, and who was first in them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final, get_args
from zoneinfo import ZoneInfo

from services.performance.currencies import major
from services.performance.kpis.kpi import Kpi
from services.performance.ranking import Named, ranked
from services.performance.scope import Period
from shared.events.award import Kind, Winner
from shared.events.event import Money

CHAMPIONS: Final = ("won_amount", "won_count")
"""The KPIs that have a champion: counts and amounts, whose values are whole numbers."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_MONTHS: Final[dict[Kind, int]] = {"month": 1, "quarter": 3, "year": 12}


def last_closed(kind: Kind, now: datetime, *, zone: ZoneInfo, grace: timedelta) -> Period:
    """The last period of this kind that ended at least ``grace`` ago."""
    end = _first_day((now - grace).astimezone(zone).date(), kind)
    return Period(_first_day(end - timedelta(days=1), kind), end)


def winners(kpi: Kpi, found: Sequence[Named], *, currency: str) -> tuple[Winner, ...]:
    """Who was first in this currency, or without one: several with the same result, nobody with none."""
    racing = [it for it in found if it.value.currency in (None, currency)]
    first = {row.id for row in ranked(kpi, racing) if row.rank == 1}
    those = (_winner(it) for it in racing if it.id in first)
    return tuple(sorted((it for it in those if it), key=lambda it: it.person_id))


def unpriced(found: Iterable[Named], *, currency: str) -> tuple[Money, ...]:
    """Amounts that could not be told in this currency, and so did not race."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for _, _, value in found:
        if value.value and value.currency and value.currency != currency:
            sums[value.currency] += value.value
    return tuple(Money(minor=_minor(amount, c), currency=c) for c, amount in sorted(sums.items()))


def _winner(it: Named) -> Winner | None:
    value, currency = it.value.value or Fraction(0), it.value.currency
    whole = _minor(value, currency) if currency else round(value)
    return Winner(person_id=it.id, value=whole, currency=currency) if whole > 0 else None


def _minor(amount: Fraction, currency: str) -> int:
    """An amount that was converted is rounded here, once, half to even."""
    return round(amount / major(1, currency))


def _first_day(day: date, kind: Kind) -> date:
    """Of the span of this kind that the day is in."""
    return date(day.year, day.month - (day.month - 1) % _MONTHS[kind], 1)
